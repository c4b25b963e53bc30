//! safetensors files against the crate of that name: the same files accepted, the same tensors.

use std::fs;
use std::path::Path;

use ascend_rt::weights::Checkpoint;
use safetensors::SafeTensors;

/// Both readers' answers, which must be the same; whether they accept.
fn agree(name: &str, file: &[u8]) -> bool {
    let ours = Checkpoint::from_bytes(file.to_vec());
    match (SafeTensors::deserialize(file), ours) {
        (Ok(theirs), Ok(ours)) => {
            assert_eq!(theirs.len(), ours.len(), "{name}");
            for (tensor, view) in theirs.tensors() {
                let ours = ours.tensor(&tensor).unwrap();
                assert_eq!(ours.shape(), view.shape(), "{name}: {tensor}");
                assert_eq!(&*ours.bytes(), view.data(), "{name}: {tensor}");
                let dtype = format!("{:?}", view.dtype());
                assert_eq!(ours.dtype().name(), dtype, "{name}: {tensor}");
            }
            true
        }
        (Err(_), Err(_)) => false,
        (theirs, ours) => panic!(
            "{name}: theirs {:?}, ours {:?}",
            theirs.map(|tensors| tensors.len()),
            ours.map(|checkpoint| checkpoint.len())
        ),
    }
}

#[test]
fn agrees_on_the_fixtures() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/fixtures/checkpoints");
    if !folder.is_dir() {
        println!("skipped: no {}", folder.display());
        return;
    }
    let (mut accepted, mut refused) = (0, 0);
    for part in ["valid", "hostile"] {
        for entry in fs::read_dir(folder.join(part)).unwrap() {
            let path = entry.unwrap().path();
            // a product of zero and too much is an overflow there, and no elements here
            let differs = [
                "st_shape_zero_times_huge",
                "st_leading_space",
                "st_trailing_nul",
            ];
            let stem = path.file_stem().unwrap().to_str().unwrap();
            if path.extension().is_some_and(|end| end == "safetensors") && !differs.contains(&stem)
            {
                if agree(stem, &fs::read(&path).unwrap()) {
                    accepted += 1;
                } else {
                    refused += 1;
                }
            }
        }
    }
    println!("{accepted} accepted, {refused} refused by both");
    assert!(accepted >= 10 && refused >= 40, "{accepted} {refused}");
}

#[test]
fn agrees_on_changed_files() {
    let header = br#"{"a":{"dtype":"F16","shape":[1,2],"data_offsets":[0,4]},"b\n":{"dtype":"I8","shape":[],"data_offsets":[4,5]},"__metadata__":{"k":"v"}}"#;
    let file = [
        &(header.len() as u64).to_le_bytes(),
        header.as_slice(),
        &[0; 5],
    ]
    .concat();
    assert!(agree("whole", &file));
    let (mut accepted, mut refused) = (0, 0);
    for at in 8..file.len() {
        for byte in (0x20..0x7f).chain([0, 0x0a, 0x80, 0xff]) {
            let mut changed = file.clone();
            changed[at] = byte;
            if agree(&format!("byte {at} to {byte:#x}"), &changed) {
                accepted += 1;
            } else {
                refused += 1;
            }
        }
    }
    assert!(accepted > 200 && refused > 5000, "{accepted} {refused}");
}
