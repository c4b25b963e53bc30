//! The index of several files: the input is the index, beside two shards that are in order.
#![no_main]

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use tempfile::TempDir;

/// The folder, made once a process, and the index in it.
static FOLDER: LazyLock<(TempDir, PathBuf)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    for (name, tensor) in [("a", "x"), ("b", "y")] {
        let header = format!(r#"{{"{tensor}":{{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}}}"#);
        let len = (header.len() as u64).to_le_bytes();
        let file = [&len, header.as_bytes(), &[7; 8]].concat();
        fs::write(folder.path().join(format!("{name}.safetensors")), file).unwrap();
    }
    let index = folder.path().join("model.safetensors.index.json");
    (folder, index)
});

libfuzzer_sys::fuzz_target!(|index: &[u8]| {
    let (_, path) = &*FOLDER;
    fs::write(path, index).unwrap();
    ascend_fuzz::read(|options| options.open(path));
});
