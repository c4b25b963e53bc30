//! What `torch.save` writes since 1.6: a zip archive of one pickle and its storages.

use bytes::Bytes;

use super::checkpoint::OpenOptions;
use super::detect;
use super::pickle;
use super::rebuild::{Rebuilder, Rebuilt, Storages};
use super::report::{Refused, Report};
use super::tensor::Entry;
use super::tree;
use super::zip::Archive;
use super::{damaged, over_limit, unsupported, within};
use crate::error::Result;

/// Above this ratio a deflated pickle is no description of weights but an attack on memory.
const MAX_PICKLE_RATIO: usize = 200;

/// Reads the tensors of `file`, in the order of the state dict.
pub(super) fn read(file: &Bytes, options: &OpenOptions) -> Result<(Vec<Entry>, Report)> {
    let memory = options.memory(file.len());
    let mut archive = Archive::read(file, memory)?;
    let root = root(&archive)?;
    if archive.contains(&format!("{root}/constants.pkl")) {
        return Err(unsupported(
            "it is a TorchScript archive, which is not read yet; in Python, \
             torch.save(torch.jit.load(path).state_dict(), new_path)",
        ));
    }
    let is_big_endian = is_big_endian(&mut archive, root)?;
    let description = format!("{root}/data.pkl");
    if archive.ratio(&description) > MAX_PICKLE_RATIO {
        return Err(over_limit(format!(
            "{description} inflates more than {MAX_PICKLE_RATIO} times"
        )));
    }
    let content = archive.content(&description)?.unwrap_or_default();
    let (heap, value) =
        pickle::read(&content, memory).map_err(|error| within(&description, &error))?;

    let tree = tree::weights(&heap, value, options.at.as_deref(), memory)?;
    let mut report = Report {
        entered: tree.entered,
        left: tree.left,
        ..Report::default()
    };
    let mut entries = Vec::with_capacity(tree.leaves.len());
    let records = Records {
        archive,
        prefix: format!("{root}/data/"),
        is_big_endian,
    };
    let mut rebuilder = Rebuilder::new(&heap, records, memory);
    for (name, value) in tree.leaves {
        match rebuilder.rebuild(&name, value)? {
            Rebuilt::Entry(entry) => entries.push(entry),
            Rebuilt::Refused(reason) => report.refused.push(Refused {
                path: Vec::new(),
                name,
                reason,
            }),
        }
    }
    Ok((entries, report))
}

/// The folder that everything is in. Its name is the file's when it was saved, so it is looked for.
fn root<'f>(archive: &Archive<'f>) -> Result<&'f str> {
    let mut roots = archive
        .names()
        .filter_map(|name| name.strip_suffix("/data.pkl"))
        .filter(|root| !root.contains('/'));
    match (roots.next(), roots.next()) {
        (Some(root), None) => Ok(root),
        (Some(one), Some(other)) => Err(damaged(format!(
            "two checkpoints in one archive, {one:?} and {other:?}"
        ))),
        (None, _) => Err(detect::other_zip(archive)),
    }
}

fn is_big_endian(archive: &mut Archive<'_>, root: &str) -> Result<bool> {
    let order = archive.content(&format!("{root}/byteorder"))?;
    match order.as_deref() {
        None | Some(b"little") => Ok(false),
        Some(b"big") => Ok(true),
        Some(other) => {
            let other = String::from_utf8_lossy(&other[..other.len().min(20)]).into_owned();
            Err(unsupported(format!(
                "the byte order {other:?}; \"little\" and \"big\" are known"
            )))
        }
    }
}

/// The storages of one archive.
struct Records<'f> {
    archive: Archive<'f>,
    prefix: String,
    is_big_endian: bool,
}

impl Storages for Records<'_> {
    fn storage(&mut self, key: &str) -> Result<Option<Bytes>> {
        self.archive.content(&format!("{}{key}", self.prefix))
    }

    fn is_big_endian(&self) -> bool {
        self.is_big_endian
    }
}
