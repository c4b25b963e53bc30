//! OM2: a zip archive with a description in JSON, weights, kernels, and code that runs on the host.
//!
//! What such a model computes is in generated code, so it is described here and no more. An archive is read
//! strictly: names that lead out of it, two entries of one name or in one place, and entries that inflate
//! beyond a limit are refused.

mod meta;
mod zip;

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::Value;

use super::constants::slice;
use super::{Constant, OmModel, Place};
use crate::{DataType, Error, Result};
pub use zip::ArchiveEntry;
use zip::Zip;

const MANIFEST: &str = "manifest.json";

/// A folder's name may have this many bytes, as on a disk.
const MOST_OF_FOLDER: usize = 255;

/// An OM2 archive.
#[derive(Clone, Debug)]
pub struct Archive {
    /// The folder in the archive that all is in, with a slash at its end; empty if there is none.
    pub folder: String,
    /// What the archive says of itself: versions and the command that made it, by name.
    pub manifest: BTreeMap<String, String>,
    /// All that is in the archive, in the order of its directory.
    pub entries: Vec<ArchiveEntry>,
    /// The models, with inputs and outputs, preprocessing, sizes and weights; of the graph nothing is told.
    pub models: Vec<OmModel>,
}

impl Archive {
    pub(super) fn read(file: &Bytes) -> Result<Self> {
        let mut zip = Zip::open(file)?;
        let folder = folder(&zip)?;
        let manifest = object(zip.json(&format!("{folder}{MANIFEST}"))?, MANIFEST)?;
        let manifest: BTreeMap<String, String> = manifest
            .into_iter()
            .map(|(key, value)| match value {
                Value::String(text) => (key, text),
                other => (key, other.to_string()),
            })
            .collect();
        let mut models = Vec::new();
        for number in model_numbers(&zip, &folder) {
            let place = format!("{folder}data/model_{number}/model_meta.json");
            let meta = object(zip.json(&place)?, &place)?;
            let mut model = meta::model(&meta).map_err(|error| error.within(&place))?;
            let place = format!("{folder}data/constants/model_{number}_constants_config.json");
            if zip.has(&place) {
                let config = object(zip.json(&place)?, &place)?;
                model.constants = constants(&config, &zip, &folder);
                let weights = config.get("internal_weight_size").and_then(Value::as_u64);
                model.weight_bytes = weights.unwrap_or(0);
                let weights = i64::try_from(model.weight_bytes).unwrap_or(i64::MAX);
                model
                    .model
                    .attr
                    .insert("weight_size".to_owned(), weights.into());
            }
            if let Some(command) = manifest.get("atc_command") {
                let command = command.as_str().into();
                model.model.attr.insert("atc_cmdline".to_owned(), command);
            }
            models.push(model);
        }
        if models.is_empty() {
            return Err(Error::format(
                "there is no data/model_0/model_meta.json in it, so there is no model",
            ));
        }
        Ok(Self {
            folder,
            manifest,
            models,
            entries: zip.into_entries(),
        })
    }
}

/// Finds the folder that the manifest is in.
fn folder(zip: &Zip<'_>) -> Result<String> {
    let names = zip.entries().iter().map(|entry| entry.name.as_str());
    let mut folders = names
        .filter_map(|name| name.strip_suffix(MANIFEST))
        .filter(|folder| folder.is_empty() || folder.find('/') == Some(folder.len() - 1))
        .filter(|folder| folder.len() <= MOST_OF_FOLDER);
    let folder = folders.next();
    let folder = folder.ok_or_else(|| {
        Error::format(format!(
            "there is no {MANIFEST} in it, so it is a zip archive, but no model"
        ))
    })?;
    if folders.next().is_some() {
        return Err(Error::format(format!("there are two of {MANIFEST} in it")));
    }
    Ok(folder.to_owned())
}

/// The numbers of the models, from their folders.
fn model_numbers(zip: &Zip<'_>, folder: &str) -> Vec<u32> {
    let names = zip.entries().iter().map(|entry| entry.name.as_str());
    let number = |name: &str| {
        let rest = name.strip_prefix(folder)?.strip_prefix("data/model_")?;
        rest.split('/').next()?.parse().ok()
    };
    let mut numbers: Vec<u32> = names.filter_map(number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

fn object(value: Value, place: &str) -> Result<serde_json::Map<String, Value>> {
    match value {
        Value::Object(object) => Ok(object),
        _ => Err(Error::format(format!("{place} is JSON, but no object"))),
    }
}

fn constants(
    config: &serde_json::Map<String, Value>,
    zip: &Zip<'_>,
    folder: &str,
) -> Vec<Constant> {
    let constants = config.get("consts").and_then(Value::as_object);
    let constants = constants.into_iter().flatten();
    let constant = |(name, value): (&String, &Value)| {
        let number = |key: &str| value.get(key).and_then(Value::as_i64).unwrap_or(0);
        let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default();
        let file = text("file_name");
        let (offset, length) = (number("offset"), number("size"));
        let entry = zip
            .stored(&format!("{folder}data/constants/{file}"))
            .or_else(|| zip.stored(&format!("{folder}{file}")));
        let data = match entry {
            Some(data) => slice(Some(&data), offset, length),
            None => Err(format!(
                "its elements are in `{file}`, which is not in the archive or is compressed there"
            )),
        };
        Constant {
            graph: 0,
            name: match text("op_name") {
                "" => name.clone(),
                op => op.to_owned(),
            },
            dtype: DataType::Undefined,
            dims: Vec::new(),
            layout: String::new(),
            format_number: None,
            origin: None,
            place: Place::File {
                name: file.to_owned(),
                offset,
                length,
            },
            data,
        }
    };
    constants.map(constant).collect()
}
