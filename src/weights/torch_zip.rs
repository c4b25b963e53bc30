//! What `torch.save` writes since 1.6, a zip archive of one pickle and its storages; and what
//! `torch.jit.save` writes, the same with a program beside it.

use std::collections::HashSet;

use bytes::Bytes;

use super::budget::Budget;
use super::detect;
use super::form::Form;
use super::objects::{Contents, Objects};
use super::options::OpenOptions;
use super::pickle::{self, Heap, Meaning};
use super::rebuild::Storages;
use super::tree::ScriptClasses;
use super::zip::Archive;
use super::{Fault, over_limit, unsupported, wrong};
use crate::error::Result;
use crate::map::Content;

/// Above this ratio a deflated pickle is no description of weights but an attack on memory.
const MAX_PICKLE_RATIO: usize = 200;

/// Bytes of the longest name of a file, which that of the folder is made of.
const MAX_ROOT: usize = 1000;

/// Bytes of memory to book for a class, with its share of the room for growth.
const SLOT: usize = 2 * (size_of::<String>() + size_of::<HashSet<String>>());

/// Reads the tensors of `file`, in the order of the state dict.
pub(super) fn read(
    file: &Content,
    options: &OpenOptions,
    budget: &Budget,
) -> Result<(Form, Contents)> {
    let mut archive = Archive::read(file, budget)?;
    let root = root(&archive)?;
    if options.is_verified {
        archive.verify()?;
    }
    let is_script = archive.contains(&format!("{root}/constants.pkl"));
    let is_big_endian = is_big_endian(&mut archive, root)?;
    let written_by = written_by(&archive, root);
    let description = format!("{root}/data.pkl");
    if archive.ratio(&description) > MAX_PICKLE_RATIO {
        return Err(over_limit(format!(
            "{description} inflates more than {MAX_PICKLE_RATIO} times"
        )));
    }
    let content = archive.content(&description)?.unwrap_or_default();
    let (heap, value) =
        pickle::read(&content, budget).map_err(|error| error.while_doing(&description))?;
    let classes = if is_script {
        Some(classes(&mut archive, root, &heap)?)
    } else {
        None
    };
    let storages = Records {
        archive,
        name: format!("{root}/data/"),
        prefix: root.len() + "/data/".len(),
        is_big_endian,
    };
    let objects = Objects {
        heap: &heap,
        root: value,
        content: content.clone(),
        storages,
        script: classes.as_ref(),
    };
    let mut contents = objects.read(options)?;
    let form = if is_script {
        Form::TorchScript
    } else {
        contents.report.written_by = Some(written_by.to_owned());
        Form::TorchZip
    };
    Ok((form, contents))
}

/// The folder that everything is in. Its name is the file's when it was saved, so it is looked for.
fn root<'f>(archive: &Archive<'f>) -> Result<&'f str> {
    let mut roots = archive
        .names()
        .filter_map(|name| name.strip_suffix("/data.pkl"))
        .filter(|root| !root.contains('/'));
    match (roots.next(), roots.next()) {
        (Some(root), None) if root.len() > MAX_ROOT => {
            let len = root.len();
            let message = format!("its folder has a name of {len} bytes; files have {MAX_ROOT}");
            Err(wrong(Fault::BadZip, message))
        }
        (Some(root), None) => Ok(root),
        (Some(one), Some(other)) => Err(wrong(
            Fault::BadZip,
            format!("two checkpoints in one archive, {one:?} and {other:?}"),
        )),
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

/// The versions of torch that write the records there are.
fn written_by(archive: &Archive<'_>, root: &str) -> &'static str {
    let has = |record: &str| archive.contains(&format!("{root}/{record}"));
    if has(".format_version") {
        "torch 2.6 or later"
    } else if has(".data/serialization_id") {
        "torch 2.1 to 2.5"
    } else if has("byteorder") {
        "torch 2.0 or 2.1"
    } else {
        "torch 1.6 to 2.0"
    }
}

/// The parameters and buffers of the classes that the pickle names, from the text of the program.
fn classes(archive: &mut Archive<'_>, root: &str, heap: &Heap<'_>) -> Result<ScriptClasses> {
    let scripts = heap.globals().iter();
    let scripts = scripts.filter(|global| global.meaning == Meaning::Script);
    let modules = scripts.map(|global| global.module);
    // with a slash two modules would be one record, which is looked through for each
    let modules: HashSet<&str> = modules.filter(|module| !module.contains('/')).collect();
    let budget = heap.budget();
    let mut classes = ScriptClasses::new();
    for module in modules {
        let record = format!("{root}/code/{}.py", module.replace('.', "/"));
        let Some(program) = archive.content(&record)? else {
            continue;
        };
        let program = str::from_utf8(&program)
            .map_err(|_| wrong(Fault::BadZip, format!("the program {record:?} is no text")))?;
        let mut class = None;
        for line in program.lines() {
            if let Some(header) = line.strip_prefix("class ") {
                let name = header.split(['(', ':']).next().unwrap_or_default();
                budget.charge(SLOT + module.len() + name.len())?;
                class = Some(classes.entry(format!("{module}.{name}")).or_default());
                continue;
            }
            let line = line.trim_start();
            if (line.starts_with("__parameters__") || line.starts_with("__buffers__"))
                && let Some(class) = &mut class
            {
                // ["weight", "bias", ]
                for name in line.split('"').skip(1).step_by(2) {
                    budget.charge(2 * size_of::<String>() + name.len())?;
                    class.insert(name.to_owned());
                }
            }
        }
    }
    Ok(classes)
}

/// The storages of one archive.
struct Records<'f> {
    archive: Archive<'f>,
    /// The name of a record, from its folder on.
    name: String,
    /// How much of it is the folder.
    prefix: usize,
    is_big_endian: bool,
}

impl Storages for Records<'_> {
    fn storage(&mut self, key: &str) -> Result<Option<Bytes>> {
        self.name.truncate(self.prefix);
        self.name.push_str(key);
        self.archive.content(&self.name)
    }

    fn is_big_endian(&self) -> bool {
        self.is_big_endian
    }
}
