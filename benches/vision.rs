//! JPEG files into a model's inputs beside the peers, on one core: `PYTHON=python3 cargo run --release
//! --manifest-path benches/Cargo.toml --bin vision -- FOLDER`, with the pictures that `vision.py draw
//! FOLDER` makes. Prints; asserts nothing about time.
//!
//! The line that counts is `turbojpeg, then fast_image_resize`: how many times as long as our
//! preprocessor the two take, with memory that they keep and a plain loop that normalises.
//!
//! Times are of the thread's own, so that a busy machine adds little: the best of the rounds for each
//! picture, and the mean of the pictures. A round takes all pictures here, then with the peers.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use ascend_rt::vision::{Picture, Preprocess, Preprocessor};
use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

const ROUNDS: usize = 40;

/// The side of the output, and `ImageNet`'s numbers.
const SIDE: usize = 224;
const MEAN: [f32; 3] = [0.485, 0.456, 0.406];
const STD: [f32; 3] = [0.229, 0.224, 0.225];

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
    let (mut whole, mut decoded, mut resized) = (new(), new(), new());
    let mut fast = Fast::default();
    let mut peers = peers(&folder);
    for _ in 0..ROUNDS {
        for (i, file) in files.iter().enumerate() {
            whole.take(i, || preprocessor.run(file, &mut output).unwrap());
            let picture = decoded.take(i, || Picture::decode(file).unwrap());
            resized.take(i, || fast.resize(&picture, &mut output));
        }
        peers.iter_mut().for_each(Peers::round);
    }
    let (whole, resized) = (whole.mean(), resized.mean());
    let row = |name: &str, time: f64| {
        println!(
            "{name}: {time:.3} ms, {:.0} a second, of ours {:.2}",
            1e3 / time,
            time / whole
        );
    };
    row("preprocessor", whole);
    row("picture decoded", decoded.mean());
    row("fast_image_resize, cut and normalised", resized);
    for (name, time) in peers.map(Peers::finish).unwrap_or_default() {
        row(&name, time);
        if name == "turbojpeg decoded" {
            row("turbojpeg, then fast_image_resize", time + resized);
        }
    }
}

/// The default steps by `fast_image_resize`: what is seen of the picture only.
#[derive(Default)]
struct Fast {
    resizer: Resizer,
    crop: Vec<u8>,
}

impl Fast {
    fn resize(&mut self, picture: &Picture, output: &mut [f32]) {
        let (width, height) = (picture.width(), picture.height());
        let from = ImageRef::new(width, height, picture.pixels(), PixelType::U8x3).unwrap();
        self.crop.resize(3 * SIDE * SIDE, 0);
        let side = SIDE as u32;
        let mut to = Image::from_slice_u8(side, side, &mut self.crop, PixelType::U8x3).unwrap();
        let scale = f64::from(width.min(height)) / 256.0;
        let cut = |length: u32| {
            let resized = (f64::from(length) / scale).floor();
            let each = f64::from(length) / resized;
            (
                ((resized - SIDE as f64) / 2.0).floor() * each,
                SIDE as f64 * each,
            )
        };
        let ((left, columns), (top, rows)) = (cut(width), cut(height));
        let options = ResizeOptions::new()
            .resize_alg(ResizeAlg::Convolution(FilterType::Bilinear))
            .crop(left, top, columns, rows);
        self.resizer.resize(&from, &mut to, &options).unwrap();
        let pixels = self.crop.as_chunks::<3>().0;
        for (channel, plane) in output.chunks_exact_mut(SIDE * SIDE).enumerate() {
            let (scale, offset) = (1.0 / 255.0 / STD[channel], MEAN[channel] / STD[channel]);
            for (value, pixel) in plane.iter_mut().zip(pixels) {
                *value = f32::from(pixel[channel]) * scale - offset;
            }
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
