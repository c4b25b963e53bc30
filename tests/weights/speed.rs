//! Measurements: `cargo test --release --no-default-features --test weights speed -- --ignored --nocapture`.

use std::fs::{self, File};
use std::hint::black_box;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::common::torch_zip::{dict, pickle, tensor, zip};
use ascend_rt::weights::{Checkpoint, DataType};

/// The best of many runs.
fn best<R>(times: usize, mut run: impl FnMut() -> R) -> Duration {
    let took = (0..times).map(|_| {
        let start = Instant::now();
        let result = run();
        let took = start.elapsed();
        drop(result);
        took
    });
    took.min().unwrap()
}

fn rate(bytes: usize, took: Duration) -> String {
    format!("{:.1} GB/s", bytes as f64 / 1e9 / took.as_secs_f64())
}

/// Tensors like those of ResNet-50: 318 in 100 MB.
fn tensors() -> Vec<(String, usize)> {
    let channels = |i: usize| 64 << (i / 14);
    let mut tensors = Vec::new();
    for i in 0..53 {
        let convolution = channels(i) * (1_200 + 28 * i);
        tensors.push((format!("layer{i}.conv.weight"), convolution));
        let parts = [
            "weight",
            "bias",
            "running_mean",
            "running_var",
            "num_batches_tracked",
        ];
        tensors.extend(parts.map(|part| (format!("layer{i}.bn.{part}"), channels(i))));
    }
    tensors
}

fn safetensors_header(tensors: &[(String, usize)]) -> Vec<u8> {
    let mut at = 0;
    let entries: Vec<String> = tensors
        .iter()
        .map(|(name, len)| {
            let start = at;
            at += len * 4;
            format!(r#""{name}":{{"dtype":"F32","shape":[{len}],"data_offsets":[{start},{at}]}}"#)
        })
        .collect();
    let mut header = format!("{{{}}}", entries.join(","));
    while !header.len().is_multiple_of(8) {
        header.push(' ');
    }
    [&(header.len() as u64).to_le_bytes(), header.as_bytes()].concat()
}

fn write_zip(path: &Path, tensors: &[(String, usize)]) {
    let described: Vec<(&str, Vec<u8>)> = tensors
        .iter()
        .enumerate()
        .map(|(key, (name, len))| (name.as_str(), tensor(&key.to_string(), *len, &[*len], &[1])))
        .collect();
    let description = pickle(&dict(&described));
    let zeros = vec![0; tensors.iter().map(|(_, len)| len * 4).max().unwrap()];
    let names: Vec<String> = (0..tensors.len())
        .map(|key| format!("r/data/{key}"))
        .collect();
    let mut records = vec![("r/data.pkl", description.as_slice())];
    let data = names.iter().zip(tensors);
    records.extend(data.map(|(name, (_, len))| (name.as_str(), &zeros[..len * 4])));
    fs::write(path, zip(&records)).unwrap();
}

fn write_legacy(path: &Path, tensors: &[(String, usize)]) {
    let text = crate::common::torch_zip::text;
    let described: Vec<(&str, Vec<u8>)> = tensors
        .iter()
        .enumerate()
        .map(|(key, (name, len))| (name.as_str(), tensor(&key.to_string(), *len, &[*len], &[1])))
        .collect();
    let keys: Vec<Vec<u8>> = (0..tensors.len())
        .map(|key| text(&key.to_string()))
        .collect();
    let mut file = [
        pickle(b"\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"),
        pickle(b"M\xe9\x03"),
        pickle(b"}"),
        pickle(&dict(&described)),
        pickle(&[b"](".as_slice(), &keys.concat(), b"e"].concat()),
    ]
    .concat();
    for (_, len) in tensors {
        file.extend((*len as u64).to_le_bytes());
        file.resize(file.len() + len * 4, 0);
    }
    fs::write(path, file).unwrap();
}

#[test]
#[ignore = "a measurement; writes 300 MB"]
fn opens_a_hundred_megabytes() {
    let folder = tempfile::tempdir().unwrap();
    let tensors = tensors();
    let [zip, legacy, safetensors] =
        ["r.pth", "r.pt", "r.safetensors"].map(|name| folder.path().join(name));
    write_zip(&zip, &tensors);
    write_legacy(&legacy, &tensors);
    let bytes: usize = tensors.iter().map(|(_, len)| len * 4).sum();
    let header = safetensors_header(&tensors);
    fs::write(&safetensors, [header, vec![0; bytes]].concat()).unwrap();
    for path in [&zip, &legacy, &safetensors] {
        let opened = best(50, || {
            let checkpoint = Checkpoint::open(path).unwrap();
            assert_eq!(checkpoint.len(), tensors.len());
            checkpoint
        });
        let touched = best(10, || {
            let checkpoint = Checkpoint::open(path).unwrap();
            let pages = checkpoint.tensors().map(|tensor| {
                let bytes = tensor.bytes();
                bytes
                    .iter()
                    .step_by(4096)
                    .map(|&byte| usize::from(byte))
                    .sum::<usize>()
            });
            black_box(pages.sum::<usize>());
            checkpoint
        });
        let (form, rate) = (Checkpoint::open(path).unwrap().form(), rate(bytes, touched));
        println!(
            "{form}: {} MB opened in {opened:?}, touched at {rate}",
            bytes >> 20
        );
    }
}

#[test]
#[ignore = "a measurement; makes a sparse file of 3.2 GB"]
fn opens_three_gigabytes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("big.safetensors");
    let tensors: Vec<(String, usize)> = (0..64).map(|i| (format!("w{i}"), 12_582_912)).collect();
    let header = safetensors_header(&tensors);
    let mut file = File::create(&path).unwrap();
    file.write_all(&header).unwrap();
    file.set_len(header.len() as u64 + 64 * 12_582_912 * 4)
        .unwrap();
    let opened = best(50, || Checkpoint::open(&path).unwrap());
    println!("3.2 GB opened in {opened:?}");
}

#[test]
#[ignore = "a measurement"]
fn gathers_and_casts() {
    const SIDE: usize = 4096;
    let bytes = SIDE * SIDE * 4;
    let (from, mut to) = (vec![1u8; bytes], vec![0u8; bytes]);
    let copied = best(10, || {
        black_box(&mut to[..]).copy_from_slice(black_box(&from));
    });
    println!("memcpy: {}", rate(bytes, copied));
    let views: [(&str, &[usize], &[usize]); 4] = [
        ("transposed", &[SIDE, SIDE], &[1, SIDE]),
        (
            "channels last",
            &[16, 64, 128, 128],
            &[64 * 128 * 128, 1, 128 * 64, 64],
        ),
        ("every other column", &[SIDE, SIDE / 2], &[SIDE, 2]),
        ("columns", &[SIDE, SIDE / 2], &[SIDE, 1]),
    ];
    let zeros = vec![0; bytes];
    for (name, shape, strides) in views {
        let object = dict(&[("w", tensor("0", SIDE * SIDE, shape, strides))]);
        let file = zip(&[("a/data.pkl", &pickle(&object)), ("a/data/0", &zeros)]);
        let checkpoint = Checkpoint::from_bytes(file).unwrap();
        let tensor = checkpoint.tensor("w").unwrap();
        let gathered = best(10, || tensor.copy_to(&mut to[..tensor.nbytes()]).unwrap());
        println!("{name}: {}", rate(tensor.nbytes(), gathered));
    }
    let object = dict(&[("w", tensor("0", SIDE * SIDE, &[SIDE * SIDE], &[1]))]);
    let file = zip(&[("a/data.pkl", &pickle(&object)), ("a/data/0", &zeros)]);
    let checkpoint = Checkpoint::from_bytes(file).unwrap();
    let tensor = checkpoint.tensor("w").unwrap();
    for to in [DataType::F16, DataType::BF16, DataType::F64] {
        let cast = best(5, || tensor.cast(to).unwrap());
        println!("F32 to {to}: {} of F32", rate(bytes, cast));
    }
}

#[cfg(feature = "mock")]
#[test]
#[ignore = "a measurement; writes 100 MB"]
fn uploads_a_hundred_megabytes() {
    use ascend_rt::{DeviceBuffer, Uploader};
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.pth");
    let tensors = tensors();
    write_zip(&path, &tensors);
    let checkpoint = Checkpoint::open(&path).unwrap();
    let bytes: usize = checkpoint.tensors().map(|tensor| tensor.nbytes()).sum();
    let (from, mut to) = (vec![1u8; bytes], vec![0u8; bytes]);
    let copied = best(20, || {
        black_box(&mut to[..]).copy_from_slice(black_box(&from));
    });
    println!("memcpy: {}", rate(bytes, copied));
    let context = crate::upload::context();
    let mut uploader = Uploader::new(&context).unwrap();
    let mut targets: Vec<DeviceBuffer<u8>> = checkpoint
        .tensors()
        .map(|tensor| DeviceBuffer::new(&context, tensor.nbytes()).unwrap())
        .collect();
    let there = best(20, || {
        let sources = checkpoint.tensors().map(|tensor| tensor.bytes());
        uploader.upload(sources.zip(&mut targets)).unwrap();
    });
    println!("map to device: {}", rate(bytes, there));
}
