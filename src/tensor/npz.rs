//! NumPy's `.npz` archives: a zip file of `.npy` files.

use std::path::Path;

use super::{Npy, Tensor, npy};
use crate::error::{Error, ErrorKind, Result};
use crate::map::Content;
use crate::weights::archive::{Archive, Budget, Out, Progress, Zip};
use crate::whole::NewFile;

/// What the records of an archive may inflate to, together.
const MOST_BYTES: usize = 1 << 30;

const EXTENSION: &str = ".npy";

pub(super) fn read(path: &Path) -> Result<Vec<(String, Tensor<'static>)>> {
    let mut arrays = Vec::new();
    each(path, true, &mut |name, npy| {
        arrays.push((name.to_owned(), npy.to_tensor()));
        Ok(())
    })?;
    Ok(arrays)
}

/// Hands over all arrays; those that are kept count together for what they may inflate to.
pub(super) fn each(
    path: &Path,
    is_kept: bool,
    act: &mut dyn FnMut(&str, &Npy<'_>) -> Result<()>,
) -> Result<()> {
    let content = Content::open(path).map_err(|error| error.while_doing(path.display()))?;
    let budget = Budget::new(MOST_BYTES.saturating_add(content.bytes.len()));
    let arrays = Archive::read(&content, &budget).and_then(|mut archive| {
        let mut names: Vec<String> = archive.names().map(str::to_owned).collect();
        // `arr_2` before `arr_10`, as they were given to NumPy.
        names.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
        names.into_iter().try_for_each(|name| {
            let left = budget.left();
            let file = archive.content(&name).map_err(too_large)?;
            let file = file.unwrap_or_default();
            let array = Npy::of(&file)
                .map_err(|error| error.while_doing(format_args!("the array {name:?}")))?;
            act(name.strip_suffix(EXTENSION).unwrap_or(&name), &array)?;
            if !is_kept {
                budget.refund(left - budget.left());
            }
            Ok(())
        })
    });
    arrays.map_err(|error| error.while_doing(path.display()))
}

/// The error of an archive, in the words of this one if it takes more than it may.
fn too_large(error: Error) -> Error {
    if error.kind() != ErrorKind::OutOfMemory {
        return error;
    }
    let message = "its arrays inflate to more than 1 GiB beyond the file: save it with `numpy.savez`, \
                   not compressed, or as `.npy` files";
    Error::new(ErrorKind::OutOfMemory, message)
}

pub(super) fn write(path: &Path, tensors: &[(&str, Tensor<'_>)]) -> Result<()> {
    let headers = tensors.iter().map(|(_, tensor)| npy::header(tensor));
    let headers = headers.collect::<Result<Vec<_>>>()?;
    let mut file = NewFile::create(path)?;
    let mut unheard = |_, _| ();
    let mut progress = Progress::new(&mut unheard, 0);
    let mut out = Out::new(&mut file, path, &mut progress);
    let mut zip = Zip::default();
    for ((name, tensor), header) in tensors.iter().zip(&headers) {
        let bytes = (header.len() + tensor.bytes.len()) as u64;
        let name = format!("{name}{EXTENSION}");
        zip.record(&mut out, name, bytes, |out, crc| {
            crc.update(header);
            out.put(header)?;
            out.put_elements(&tensor.bytes, |step| crc.update(step))
        })?;
    }
    zip.finish(&mut out)?;
    file.place()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use ascend_graph::DataType;

    use super::*;

    #[test]
    fn written_and_read_again_it_is_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("arrays.npz");
        let tensor = |values: &[u8]| Tensor {
            dtype: DataType::U8,
            shape: vec![values.len()].into(),
            bytes: values.to_vec().into(),
        };
        let arrays = [
            ("arr_0", tensor(&[1, 2])),
            ("arr_10", tensor(&[])),
            ("arr_2", tensor(&[3])),
        ];
        Tensor::write_npz(&path, &arrays).unwrap();
        let read = Tensor::read_npz(&path).unwrap();
        let names: Vec<&str> = read.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["arr_0", "arr_2", "arr_10"]);
        assert_eq!(read[1].1, arrays[2].1);
        let whole = fs::read(&path).unwrap();
        for len in 0..whole.len() {
            fs::write(&path, &whole[..len]).unwrap();
            assert_eq!(
                Tensor::read_npz(&path).unwrap_err().kind(),
                ErrorKind::Format,
                "cut at {len}"
            );
        }
    }
}
