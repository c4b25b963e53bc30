//! JPEG files into a model's inputs beside the peers, on one core: `PYTHON=python3 cargo run --release
//! --manifest-path benches/Cargo.toml --bin vision -- FOLDER`, with the pictures that `vision.py draw
//! FOLDER` makes. Prints; asserts nothing about time.
//!
//! Times are of the thread's own, so that a busy machine adds little: the best of the rounds for each
//! picture, and the mean of the pictures. A round takes all pictures here, then with the peers.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use ascend_rt::vision::{Picture, Preprocess, Preprocessor};

const ROUNDS: usize = 40;

/// The best time of each picture, in milliseconds.
struct Best(Vec<f64>);

impl Best {
    fn take<T>(&mut self, picture: usize, run: impl FnOnce() -> T) -> T {
        let start = thread_time();
        let result = run();
        self.0[picture] = self.0[picture].min(thread_time() - start);
        result
    }

    fn mean(&self) -> f64 {
        self.0.iter().sum::<f64>() / self.0.len() as f64
    }
}

fn main() {
    let folder = env::args().nth(1).expect("give a folder of JPEG files");
    let mut paths: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let files: Vec<_> = paths.iter().map(|path| fs::read(path).unwrap()).collect();
    let bytes: usize = files.iter().map(Vec::len).sum();
    println!(
        "{} pictures of {} bytes in the mean",
        files.len(),
        bytes / files.len()
    );

    let steps = Preprocess::default();
    let mut preprocessor = Preprocessor::new(steps.clone());
    let mut output = vec![0.0_f32; steps.len()];
    let new = || Best(vec![f64::MAX; files.len()]);
    let (mut whole, mut decoded, mut applied) = (new(), new(), new());
    let mut peers = peers(&folder);
    for _ in 0..ROUNDS {
        for (i, file) in files.iter().enumerate() {
            whole.take(i, || preprocessor.run(file, &mut output).unwrap());
            let picture = decoded.take(i, || Picture::decode(file).unwrap());
            applied.take(i, || steps.apply(&picture, &mut output).unwrap());
        }
        peers.iter_mut().for_each(Peers::round);
    }
    let (whole, applied) = (whole.mean(), applied.mean());
    let row = |name: &str, time: f64| {
        println!(
            "{name}: {time:.3} ms, {:.0} a second, of ours {:.2}",
            1e3 / time,
            time / whole
        );
    };
    row("preprocessor", whole);
    row("picture decoded", decoded.mean());
    row("picture resized and normalised", applied);
    for (name, time) in peers.map(Peers::finish).unwrap_or_default() {
        row(&name, time);
        if name == "turbojpeg decoded" {
            row(
                "turbojpeg decoded, and fast_image_resize's part as above",
                time + applied,
            );
        }
    }
}

/// The program that runs the peers in step with us.
struct Peers {
    child: std::process::Child,
    answers: BufReader<std::process::ChildStdout>,
}

fn peers(folder: &str) -> Option<Peers> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/vision.py");
    let mut child = Command::new(env::var_os("PYTHON")?)
        .args([script, "measure", folder])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let answers = BufReader::new(child.stdout.take().unwrap());
    Some(Peers { child, answers })
}

impl Peers {
    fn round(&mut self) {
        self.child.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
        self.answers.read_line(&mut String::new()).unwrap();
    }

    fn finish(mut self) -> Vec<(String, f64)> {
        drop(self.child.stdin.take());
        let rows = self.answers.lines().map(|line| {
            let line = line.unwrap();
            let (name, time) = line.rsplit_once('\t').unwrap();
            (name.to_owned(), time.parse().unwrap())
        });
        let rows = rows.collect();
        self.child.wait().unwrap();
        rows
    }
}

/// The processor time of this thread, in milliseconds.
fn thread_time() -> f64 {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: the pointer is to a `timespec` of our own.
    let code = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    assert_eq!(code, 0);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}
