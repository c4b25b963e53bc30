//! Checkpoints beside their peers: `cargo run --release --manifest-path benches/Cargo.toml`, and
//! with torch, too: `PYTHON=python3 cargo run …`. Prints; asserts nothing about time.

use std::fs::{self, File};
use std::hint::black_box;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use ascend_rt::weights::{Checkpoint, DataType, NewTensor, SaveOptions};
use ascend_rt::{Acl, DeviceBuffer, MockConfig, Uploader};
use pytorch_reader::PytorchReader;
use safetensors::SafeTensors;

#[path = "../tests/common/recipe.rs"]
#[allow(dead_code, reason = "the tests take more of it")]
mod recipe;
#[path = "../tests/common/torch_zip.rs"]
#[allow(dead_code, reason = "the tests take more of it")]
mod torch_zip;

const PAGE: usize = 4096;

type Tensors = Vec<(String, Vec<usize>, Vec<f32>)>;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let tensors = recipe::resnet50();
    let [pth, legacy, safetensors, big] = [
        "r50.pth",
        "r50_legacy.pth",
        "r50.safetensors",
        "big.safetensors",
    ]
    .map(|name| folder.path().join(name));
    // with the counters of torchvision's own state dict, which the recipe leaves out
    let saved = |path: &Path| {
        let new = tensors.iter().flat_map(|(name, shape, values)| {
            let counter = name.strip_suffix("running_var").map(|layer| {
                let name = format!("{layer}num_batches_tracked");
                NewTensor::new(name, DataType::I64, [], 1000i64.to_le_bytes().to_vec())
            });
            let values = torch_zip::floats(values);
            let tensor = NewTensor::new(name, DataType::F32, shape.as_slice(), values);
            [Some(tensor), counter].into_iter().flatten()
        });
        SaveOptions::new().save(new, path).unwrap();
    };
    saved(&pth);
    saved(&safetensors);
    fs::write(&legacy, legacy_stream(&tensors)).unwrap();
    write_big(&big);

    println!(
        "ResNet-50: {} MB, {} tensors, {} in the legacy stream; the best and the middle of 200",
        bytes(&tensors) / 1_000_000,
        Checkpoint::open(&pth).unwrap().len(),
        tensors.len(),
    );
    for path in [&pth, &legacy, &safetensors] {
        opened("ours", path, || Checkpoint::open(path).unwrap());
    }
    for path in [&pth, &legacy] {
        opened("pytorch-reader", path, || PytorchReader::new(path).unwrap());
    }
    opened("safetensors, mapped", &safetensors, || {
        let map = map(&safetensors);
        SafeTensors::deserialize(&map).unwrap().len()
    });
    println!();
    three_gigabytes(&big);
    println!();
    gathers();
    println!();
    uploads(&pth);
    if let Ok(python) = std::env::var("PYTHON") {
        println!();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("checkpoints.py");
        let done = Command::new(python)
            .arg(script)
            .args([&pth, &legacy, &safetensors, &big])
            .status();
        assert!(done.unwrap().success());
    }
}

/// The least and the middle of what `run` takes.
fn measure<R>(times: usize, mut run: impl FnMut() -> R) -> (Duration, Duration) {
    let mut took: Vec<Duration> = (0..times)
        .map(|_| {
            let start = Instant::now();
            let result = run();
            let took = start.elapsed();
            drop(black_box(result));
            took
        })
        .collect();
    took.sort_unstable();
    (took[0], took[times / 2])
}

fn opened<R>(what: &str, path: &Path, open: impl FnMut() -> R) {
    let (best, middle) = measure(200, open);
    let name = path.file_name().unwrap().display();
    println!("{what}: {name} opened in {best:.0?}, {middle:.0?}");
}

fn rate(bytes: usize, took: Duration) -> f64 {
    bytes as f64 / 1e9 / took.as_secs_f64()
}

fn bytes(tensors: &Tensors) -> usize {
    tensors.iter().map(|(_, _, values)| values.len() * 4).sum()
}

fn map(path: &Path) -> impl std::ops::Deref<Target = [u8]> {
    // The peer's own way: a map that nobody writes to.
    // SAFETY: the file is this program's own, and stays as it is.
    unsafe { memmap2::Mmap::map(&File::open(path).unwrap()).unwrap() }
}

fn touched(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .step_by(PAGE)
        .map(|&byte| u64::from(byte))
        .sum()
}

/// What `torch.save` wrote before 1.6.
fn legacy_stream(tensors: &Tensors) -> Vec<u8> {
    use torch_zip::{dict, pickle, storage, text, view};
    let described: Vec<(&str, Vec<u8>)> = (0..)
        .zip(tensors)
        .map(|(key, (name, shape, values))| {
            let strides: Vec<usize> = (0..shape.len())
                .map(|axis| shape[axis + 1..].iter().product())
                .collect();
            let storage = storage(&format!("{key}"), values.len(), b"N");
            (name.as_str(), view(&storage, shape, &strides))
        })
        .collect();
    let keys: Vec<Vec<u8>> = (0..tensors.len())
        .map(|key| text(&key.to_string()))
        .collect();
    let mut file = [
        pickle(b"\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"),
        pickle(b"M\xe9\x03"),
        pickle(b"}(X\x10\0\0\0protocol_versionM\xe9\x03X\x0d\0\0\0little_endian\x88X\x0a\0\0\0type_sizes}(X\x05\0\0\0shortK\x02X\x03\0\0\0intK\x04X\x04\0\0\0longK\x04uu"),
        pickle(&dict(&described)),
        pickle(&[b"](".as_slice(), &keys.concat(), b"e"].concat()),
    ]
    .concat();
    for (_, _, values) in tensors {
        file.extend((values.len() as u64).to_le_bytes());
        file.extend(torch_zip::floats(values));
    }
    file
}

/// 3.2 GB in 64 tensors, that are really there.
fn write_big(path: &Path) {
    const LEN: usize = 12_582_912;
    let values = vec![0x3c; LEN * 4];
    let entries: Vec<String> = (0..64)
        .map(|i| {
            let (start, end) = (i * LEN * 4, (i + 1) * LEN * 4);
            format!(r#""w{i}":{{"dtype":"F32","shape":[{LEN}],"data_offsets":[{start},{end}]}}"#)
        })
        .collect();
    let mut header = format!("{{{}}}", entries.join(","));
    while !header.len().is_multiple_of(8) {
        header.push(' ');
    }
    let mut file = File::create(path).unwrap();
    file.write_all(&(header.len() as u64).to_le_bytes())
        .unwrap();
    file.write_all(header.as_bytes()).unwrap();
    for _ in 0..64 {
        file.write_all(&values).unwrap();
    }
}

/// KiB of this process that are resident.
fn resident() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

fn three_gigabytes(path: &Path) {
    let len = fs::metadata(path).unwrap().len() as usize;
    let before = resident();
    let checkpoint = Checkpoint::open(path).unwrap();
    let grown = resident().saturating_sub(before);
    drop(checkpoint);
    println!("3.2 GB: {grown} KiB more resident when open");
    opened("ours", path, || Checkpoint::open(path).unwrap());
    let (ours, _) = measure(5, || {
        let checkpoint = Checkpoint::open(path).unwrap();
        checkpoint
            .tensors()
            .map(|tensor| touched(&tensor.bytes()))
            .sum::<u64>()
    });
    let (mapped, _) = measure(5, || touched(&map(path)));
    let (peer, _) = measure(5, || {
        let map = map(path);
        let file = SafeTensors::deserialize(&map).unwrap();
        file.tensors()
            .iter()
            .map(|(_, tensor)| touched(tensor.data()))
            .sum::<u64>()
    });
    let [ours, mapped, peer] = [ours, mapped, peer].map(|took| rate(len, took));
    println!(
        "every page touched: ours {ours:.1} GB/s, safetensors {peer:.1}, the mapped file {mapped:.1}: ours / mapped {:.2}",
        ours / mapped
    );
}

fn gathers() {
    const SIDE: usize = 4096;
    let len = SIDE * SIDE * 4;
    let (from, mut to) = (vec![1u8; len], vec![0u8; len]);
    let (memcpy, _) = measure(20, || {
        black_box(&mut to[..]).copy_from_slice(black_box(&from))
    });
    println!("memcpy of 64 MiB: {:.1} GB/s", rate(len, memcpy));
    let views: [(&str, &[usize], &[usize]); 4] = [
        ("transposed", &[SIDE, SIDE], &[1, SIDE]),
        (
            "channels last",
            &[16, 64, 128, 128],
            &[64 * 128 * 128, 1, 128 * 64, 64],
        ),
        ("every other column", &[SIDE, SIDE / 2], &[SIDE, 2]),
        ("half of the columns", &[SIDE, SIDE / 2], &[SIDE, 1]),
    ];
    let zeros = vec![0; len];
    for (name, shape, strides) in views {
        let object = torch_zip::dict(&[("w", torch_zip::tensor("0", SIDE * SIDE, shape, strides))]);
        let file = torch_zip::zip(&[
            ("a/data.pkl", &torch_zip::pickle(&object)),
            ("a/data/0", &zeros),
        ]);
        let checkpoint = Checkpoint::from_bytes(file).unwrap();
        let tensor = checkpoint.tensor("w").unwrap();
        let (gathered, _) = measure(20, || tensor.copy_to(&mut to[..tensor.nbytes()]).unwrap());
        let gathered = rate(tensor.nbytes(), gathered);
        println!(
            "{name}: {gathered:.1} GB/s, {:.2} of memcpy",
            gathered / rate(len, memcpy)
        );
    }
}

fn uploads(path: &Path) {
    let checkpoint = Checkpoint::open(path).unwrap();
    let len = checkpoint.tensors().map(|tensor| tensor.nbytes()).sum();
    let context = Acl::mock(MockConfig::default())
        .unwrap()
        .device(0)
        .unwrap()
        .context();
    let mut uploader = Uploader::new(&context).unwrap();
    let mut targets: Vec<DeviceBuffer<u8>> = checkpoint
        .tensors()
        .map(|tensor| DeviceBuffer::new(&context, tensor.nbytes()).unwrap())
        .collect();
    let (there, _) = measure(20, || {
        let sources = checkpoint.tensors().map(|tensor| tensor.bytes());
        uploader.upload(sources.zip(&mut targets)).unwrap();
    });
    // the same tensors into memory that is resident, one after the other
    let mut to: Vec<Vec<u8>> = checkpoint
        .tensors()
        .map(|tensor| vec![1; tensor.nbytes()])
        .collect();
    let (memcpy, _) = measure(20, || {
        for (tensor, to) in checkpoint.tensors().zip(&mut to) {
            black_box(to).copy_from_slice(&tensor.bytes());
        }
    });
    let (there, memcpy) = (rate(len, there), rate(len, memcpy));
    println!(
        "map to device: {there:.1} GB/s; memcpy from the map to resident memory: {memcpy:.1}; {:.2} of it",
        there / memcpy
    );
}
