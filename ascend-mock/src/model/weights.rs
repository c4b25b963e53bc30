//! Weights that lie outside of an `.om`: in files beside it, or in memory that the program names.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ascend_graph::om::{ExternalWeight, OmModel};
use ascend_sys::{
    ACL_ERROR_GE_EXEC_LOAD_WEIGHT_PARTITION_FAILED, ACL_ERROR_GE_EXEC_MODEL_PATH_INVALID,
    ACL_ERROR_GE_MEMORY_ALLOCATION,
};
use bytes::Bytes;

use crate::fault::Fault;
use crate::file;
use crate::ledger::Origin;
use crate::world::World;

use super::host::Span;

/// Where the files with weights are.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outside {
    /// A folder of files.
    pub(crate) folder: Option<PathBuf>,
    /// Device memory by the name of the file that it stands for.
    pub(crate) memory: BTreeMap<String, Span>,
}

/// Between constants there are fewer bytes than this.
const MOST_GAP: u64 = 512;

/// The weights of a file: its own, or those that lie outside.
pub(super) fn weights(
    file: &OmModel,
    outside: &Outside,
    world: &World,
    by: Origin,
) -> Result<Bytes, Fault> {
    let external = file.model.external_weights();
    if external.is_empty() {
        return Ok(file.weights());
    }
    let failed = |text: String| Fault::new(ACL_ERROR_GE_EXEC_LOAD_WEIGHT_PARTITION_FAILED, text);
    let mut files = BTreeMap::new();
    for weight in &external {
        if !files.contains_key(weight.file.as_str()) {
            files.insert(weight.file.as_str(), fetch(weight, outside, world, by)?);
        }
    }
    let total = file.cpu_weight_bytes();
    let sum = external.iter().fold(MOST_GAP, |sum, weight| {
        sum.saturating_add(weight.extent.length)
            .saturating_add(MOST_GAP)
    });
    let mut all = Vec::new();
    let len = usize::try_from(total).ok().filter(|_| total <= sum);
    let len = len.ok_or_else(|| failed(format!("the weights cannot be {total} bytes")))?;
    all.try_reserve_exact(len)
        .map_err(|error| Fault::new(ACL_ERROR_GE_MEMORY_ALLOCATION, error.to_string()))?;
    all.resize(len, 0);
    for weight in &external {
        let bytes = &files[weight.file.as_str()];
        let from = range(weight.offset, weight.extent.length).and_then(|range| bytes.get(range));
        let to =
            range(weight.extent.offset, weight.extent.length).and_then(|range| all.get_mut(range));
        let (Some(from), Some(to)) = (from, to) else {
            return Err(failed(format!(
                "the file {} of {} bytes does not hold the weight that the model looks for at {}",
                weight.file,
                bytes.len(),
                weight.offset
            )));
        };
        to.copy_from_slice(from);
    }
    Ok(all.into())
}

fn range(start: u64, len: u64) -> Option<std::ops::Range<usize>> {
    let end = usize::try_from(start.checked_add(len)?).ok()?;
    Some(usize::try_from(start).ok()?..end)
}

fn fetch(
    weight: &ExternalWeight,
    outside: &Outside,
    world: &World,
    by: Origin,
) -> Result<Bytes, Fault> {
    let name = &weight.file;
    if let Some(&span) = outside.memory.get(name) {
        world.check_device_memory(span, span.bytes, &format!("external weight {name}"), by)?;
        return Ok(world.read_span(span, span.bytes, by)?.into());
    }
    let refused = |why: String| {
        let text = format!("external weight {name}: {why}");
        Fault::new(ACL_ERROR_GE_EXEC_MODEL_PATH_INVALID, text)
    };
    if Path::new(name).file_name() != Some(name.as_ref()) {
        return Err(refused("is no plain file name".into()));
    }
    let Some(folder) = &outside.folder else {
        return Err(refused(
            "the model came from memory; give the folder with ACL_MDL_WEIGHT_PATH_PTR or the bytes \
             with aclmdlSetExternalWeightAddress"
                .into(),
        ));
    };
    let path = folder.join(name);
    let bytes = file::read(&path, u64::MAX)
        .map_err(|error| refused(format!("{}: {error}", path.display())))?;
    Ok(bytes.into())
}
