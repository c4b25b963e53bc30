//! Several files for what one would be too large for, and the index of them.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::json::quoted;
use super::plan::{Place, Planned};
use crate::error::{Error, ErrorKind, Result};
use crate::weights::form::Form;

/// More files than five digits can number.
const MAX_SHARDS: usize = 99_999;

/// The tensors of each file, in their order. Those that share elements in the file stay together.
pub(super) fn split(
    tensors: Vec<Planned<'_>>,
    form: Form,
    max_bytes: Option<u64>,
) -> Vec<Vec<Planned<'_>>> {
    let mut shards: Vec<Vec<Planned<'_>>> = vec![Vec::new()];
    let Some(max_bytes) = max_bytes else {
        return vec![tensors];
    };
    let mut filled = 0;
    let mut shard_of: HashMap<Place, usize> = HashMap::new();
    for tensor in tensors {
        let place = tensor.place.filter(|_| form == Form::TorchZip);
        if let Some(&shard) = place.and_then(|place| shard_of.get(&place)) {
            shards[shard].push(tensor);
            continue;
        }
        let bytes = tensor.nbytes as u64;
        if filled > 0 && filled + bytes > max_bytes {
            shards.push(Vec::new());
            filled = 0;
        }
        let last = shards.len() - 1;
        if let Some(place) = place {
            shard_of.insert(place, last);
        }
        filled += bytes;
        shards[last].push(tensor);
    }
    shards
}

/// `net.bin` in two files is `net-00001-of-00002.bin` and `net-00002-of-00002.bin`.
pub(super) fn names(path: &Path, count: usize) -> Result<Vec<PathBuf>> {
    if count > MAX_SHARDS {
        let message =
            format!("{count} files would be needed, more than {MAX_SHARDS}; allow larger ones");
        return Err(Error::new(ErrorKind::InvalidArgument, message));
    }
    let extension = path.extension().unwrap_or_default();
    let names = (1..=count).map(|number| {
        let mut name = path.file_stem().unwrap_or_default().to_owned();
        name.push(format!("-{number:05}-of-{count:05}."));
        name.push(extension);
        path.with_file_name(name)
    });
    Ok(names.collect())
}

pub(super) fn index_path(path: &Path) -> PathBuf {
    let mut name = OsString::from(path.file_name().unwrap_or_default());
    name.push(".index.json");
    path.with_file_name(name)
}

/// The index as Hugging Face's libraries write it.
pub(super) fn index(shards: &[Vec<Planned<'_>>], files: &[PathBuf]) -> String {
    let mut map = BTreeMap::new();
    let mut total = 0;
    for (shard, file) in shards.iter().zip(files) {
        let file = file.file_name().unwrap_or_default().to_string_lossy();
        for tensor in shard {
            total += tensor.nbytes as u64;
            map.insert(tensor.name(), quoted(&file));
        }
    }
    let map: Vec<String> = map
        .into_iter()
        .map(|(name, file)| format!("    {}: {file}", quoted(name)))
        .collect();
    let map = map.join(",\n");
    format!(
        "{{\n  \"metadata\": {{\n    \"total_size\": {total}\n  }},\n  \"weight_map\": {{\n{map}\n  }}\n}}\n"
    )
}
