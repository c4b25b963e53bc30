//! Checkpoints in several files, with an index that tells which tensor is in which.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::budget::Budget;
use super::form::Form;
use super::json::Json;
use super::objects::Contents;
use super::options::OpenOptions;
use super::report::Left;
use super::{Fault, or_fault, wrong};
use crate::error::{Error, ErrorKind, Result};
use crate::map::Content;

/// The checkpoint in a folder: an index, or the one file of a usual name.
pub(super) fn in_folder(folder: &Path) -> Option<PathBuf> {
    const NAMES: [&str; 4] = [
        "model.safetensors.index.json",
        "pytorch_model.bin.index.json",
        "model.safetensors",
        "pytorch_model.bin",
    ];
    let mut usual = NAMES.iter().map(|name| folder.join(name));
    if let Some(found) = usual.find(|path| path.is_file()) {
        return Some(found);
    }
    let entries = folder.read_dir().ok()?;
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut indices = paths.filter(|path| {
        let name = path.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| name.ends_with(".index.json")) && path.is_file()
    });
    match (indices.next(), indices.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

/// Reads the tensors that the index `file` at `path` lists, file by file.
pub(super) fn read(
    path: &Path,
    file: &[u8],
    options: &OpenOptions,
    budget: &Budget,
) -> Result<(Form, Contents)> {
    let shards = parse(file, budget).map_err(|error| or_fault(error, Fault::BadJson))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut contents = Contents::default();
    let (mut form, mut next) = (None, 0);
    for (shard, mut wanted) in shards {
        let (one, other) = self::shard(folder, &shard, options, budget)
            .map_err(|error| error.while_doing(format_args!("shard {shard:?}")))?;
        let one = match one {
            Form::Safetensors => Form::SafetensorsSharded,
            Form::TorchLegacy => Form::TorchLegacySharded,
            _ => Form::TorchZipSharded,
        };
        if *form.get_or_insert(one) != one {
            let message = "its files are of different forms";
            return Err(wrong(Fault::Unsupported, message));
        }
        let base = next;
        let mut unlisted = 0;
        for mut entry in other.entries {
            if !wanted.remove(entry.name.as_str()) {
                unlisted += 1;
                continue;
            }
            // storages are numbered within a file
            entry.storage = entry.storage.map(|storage| storage + base);
            next = next.max(entry.storage.map_or(0, |storage| storage + 1));
            budget.push(&mut contents.entries, entry)?;
        }
        for refused in other.report.refused {
            if wanted.remove(refused.name.as_str()) {
                budget.push(&mut contents.report.refused, refused)?;
            } else {
                unlisted += 1;
            }
        }
        if let Some(missing) = wanted.into_iter().next() {
            return Err(wrong(
                Fault::MissingRecord,
                format!("shard {shard:?} lacks the tensor {missing:?}, which the index names"),
            ));
        }
        if unlisted > 0 {
            contents.report.left.push(Left {
                name: format!("what the index does not name in {shard}"),
                tensors: unlisted,
            });
        }
        contents.beside.extend(other.beside);
        let report = &mut contents.report;
        report.entered = report.entered.take().or(other.report.entered);
        report.left.extend(other.report.left);
        report.values.extend(other.report.values);
        report.opaque.extend(other.report.opaque);
        report.refused_beside.extend(other.report.refused_beside);
        report.model = report.model.take().or(other.report.model);
        report.npu |= other.report.npu;
        report.locations.extend(other.report.locations);
        report.metadata.extend(other.report.metadata);
        report.pickle_protocol = other.report.pickle_protocol;
        report.written_by = other.report.written_by;
        for note in other.report.notes {
            report.notes.push(format!("{shard}: {note}"));
        }
        report.shards.push(shard);
    }
    Ok((form.unwrap_or(Form::SafetensorsSharded), contents))
}

fn shard(
    folder: &Path,
    name: &str,
    options: &OpenOptions,
    budget: &Budget,
) -> Result<(Form, Contents)> {
    let path = folder.join(name);
    let file = Content::open(&path).map_err(|error| {
        let is_missing = !path.exists();
        if error.kind() == ErrorKind::Io && is_missing {
            error.with_fault(Fault::MissingRecord)
        } else {
            error
        }
    })?;
    options.contents(&file, budget)
}

type Shards = BTreeMap<String, HashSet<String>>;

/// The names of the tensors in each file.
fn parse(file: &[u8], budget: &Budget) -> Result<Shards> {
    let mut json = Json::new(file)?;
    let mut names: HashMap<String, String> = HashMap::new();
    let mut has_map = false;
    json.object(|json, key| {
        if key != "weight_map" {
            return json.skip();
        }
        if std::mem::replace(&mut has_map, true) {
            return Err(twice("weight_map"));
        }
        json.object(|json, name| {
            let shard = json.string()?;
            check_plain(&shard)?;
            budget.charge(8 * size_of::<String>() + name.len() + shard.len())?;
            match names.insert(name.to_string(), shard.into_owned()) {
                None => Ok(()),
                Some(_) => Err(twice(&name)),
            }
        })
    })?;
    json.end()?;
    if !has_map {
        return Err(json.bad("the index has no weight_map"));
    }
    let mut shards = Shards::new();
    for (name, shard) in names {
        shards.entry(shard).or_default().insert(name);
    }
    Ok(shards)
}

fn twice(name: &str) -> Error {
    let name: String = name.chars().take(200).collect();
    wrong(Fault::Duplicate, format!("the index has {name:?} twice"))
}

/// Refuses everything but the plain name of a file.
fn check_plain(shard: &str) -> Result<()> {
    let is_plain = !shard.is_empty()
        && shard.len() <= 255
        && !matches!(shard, "." | "..")
        && !shard.contains(['/', '\\', ':', '\0']);
    if is_plain {
        return Ok(());
    }
    let shard: String = shard.chars().take(200).collect();
    Err(wrong(
        Fault::Traversal,
        format!(
            "the index names the file {shard:?}; files beside the index are read, by plain names"
        ),
    ))
}
