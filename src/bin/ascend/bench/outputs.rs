//! Where outputs go: names, folders, and the parts of a batch.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use ascend_rt::model::TensorSpec;
use ascend_rt::{Error, ErrorKind, Outputs, Tensor};
use clap::ValueEnum;

use super::feeds::{Feed, Feeds};
use super::formats;
use super::inputs::{Source, invalid};
use crate::clock;
use crate::destination::ensure_free;

/// The form of output files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// The elements as they lie in memory
    Bin,
    /// NumPy's, a file for each output
    Npy,
    /// Numbers as text
    Txt,
    /// NumPy's, a file for all outputs
    Npz,
    /// Names, types, shapes and numbers, a file for all outputs
    Json,
    /// A file for all outputs
    Safetensors,
}

impl Format {
    fn extension(self) -> &'static str {
        match self {
            Self::Bin => "bin",
            Self::Npy => "npy",
            Self::Txt => "txt",
            Self::Npz => "npz",
            Self::Json => "json",
            Self::Safetensors => "safetensors",
        }
    }

    /// Whether one file holds all outputs of a sample.
    fn is_archive(self) -> bool {
        matches!(self, Self::Npz | Self::Json | Self::Safetensors)
    }
}

/// How output files are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Naming {
    /// `NAME.npy` for a single run, else `STEM_NAME.npy`
    Name,
    /// `STEM_0.bin`, as `ais_bench` does
    Number,
    /// `STEM_output_0.bin`
    Msame,
}

/// Where the outputs of one device go.
#[derive(Clone, Debug)]
pub(super) struct Sink {
    pub(super) folder: PathBuf,
    pub(super) format: Format,
    pub(super) naming: Naming,
    /// Along which dimension a batch is cut, and into how many parts.
    pub(super) axis: usize,
    pub(super) places: usize,
    /// There is one sample in all.
    pub(super) is_single: bool,
}

impl Sink {
    /// Makes the folder.
    pub(super) fn prepare(&self) -> Result<(), Error> {
        fs::create_dir_all(&self.folder).map_err(|error| {
            Error::of_io(
                format_args!("cannot make the folder {}", self.folder.display()),
                error,
            )
        })
    }

    /// Refuses names that would be those of two files: `a_b_y` is the output `b_y` of `a`, and the
    /// output `y` of `a_b`.
    pub(super) fn check(&self, feeds: &Feeds, specs: &[TensorSpec]) -> Result<(), Error> {
        if self.naming != Naming::Name || self.is_single || self.format.is_archive() {
            return Ok(());
        }
        let names = file_names(specs.iter().map(TensorSpec::short_name));
        let is_end = |short: &String| {
            let end = format!("_{short}");
            names.iter().any(|long| long.ends_with(&end))
        };
        if !names.iter().any(is_end) {
            return Ok(());
        }
        let mut taken = HashMap::new();
        for sample in feeds.all.iter().flat_map(|feed| &feed.samples) {
            for name in &names {
                let (stem, file) = (&sample.stem, format!("{}_{name}", sample.stem));
                let Some((other_stem, other)) = taken.insert(file.clone(), (stem, name)) else {
                    continue;
                };
                return Err(invalid(format!(
                    "the output {name} of {stem} and the output {other} of {other_stem} would both be called {file}: \
                     number the outputs (--naming number), or give the inputs other names"
                )));
            }
        }
        Ok(())
    }

    /// Refuses to replace outputs of an earlier run, unless that is asked for.
    pub(super) fn ensure_free(
        &self,
        feeds: &Feeds,
        specs: &[TensorSpec],
        is_overwritten: bool,
    ) -> Result<(), Error> {
        let names = file_names(specs.iter().map(TensorSpec::short_name));
        let samples = feeds
            .all
            .iter()
            .flat_map(|feed| feed.samples.iter().map(move |sample| (feed, sample)));
        for (feed, sample) in samples {
            let free = |file: &str| {
                let place = self.place(file);
                ensure_no_input(&place, feed)?;
                ensure_free(&place, is_overwritten)
            };
            if self.format.is_archive() {
                free(&sample.stem)?;
                continue;
            }
            for (number, name) in names.iter().enumerate() {
                free(&self.file_name(&sample.stem, number, name))?;
            }
        }
        Ok(())
    }

    /// What an output of a sample is called, without its extension.
    fn file_name(&self, stem: &str, number: usize, name: &str) -> String {
        match self.naming {
            Naming::Name if self.is_single => name.to_owned(),
            Naming::Name => format!("{stem}_{name}"),
            Naming::Number => format!("{stem}_{number}"),
            Naming::Msame => format!("{stem}_output_{number}"),
        }
    }

    /// Writes the outputs of a run, and gives the files of each sample.
    pub(super) fn write(
        &self,
        feed: &Feed,
        outputs: &Outputs<'_>,
    ) -> Result<Vec<Vec<PathBuf>>, Error> {
        let mut files = vec![Vec::new(); feed.samples.len()];
        let names = file_names(outputs.iter().map(|output| output.spec().short_name()));
        if self.format.is_archive() {
            let cut = outputs
                .iter()
                .map(|output| self.parts(output.name(), Tensor::from(output)));
            let cut = cut.collect::<Result<Vec<_>, _>>()?;
            for (index, (sample, files)) in feed.samples.iter().zip(&mut files).enumerate() {
                let all: Vec<_> = names
                    .iter()
                    .map(String::as_str)
                    .zip(cut.iter().map(|parts| parts[index].clone()))
                    .collect();
                let path = self.place(&sample.stem);
                ensure_no_input(&path, feed)?;
                formats::write_all(&path, &all, self.format)?;
                files.push(path);
            }
            return Ok(files);
        }
        for ((number, output), name) in outputs.iter().enumerate().zip(&names) {
            let parts = self.parts(output.name(), Tensor::from(output))?;
            for ((sample, part), files) in feed.samples.iter().zip(&parts).zip(&mut files) {
                let path = self.place(&self.file_name(&sample.stem, number, name));
                ensure_no_input(&path, feed)?;
                formats::write_one(&path, part, self.format, self.naming == Naming::Msame)?;
                files.push(path);
            }
        }
        Ok(files)
    }

    fn place(&self, stem: &str) -> PathBuf {
        self.folder
            .join(format!("{stem}.{}", self.format.extension()))
    }

    /// The parts of an output that belong to the samples that were joined.
    fn parts<'t>(&self, name: &str, output: Tensor<'t>) -> Result<Vec<Tensor<'t>>, Error> {
        if self.places == 1 {
            return Ok(vec![output]);
        }
        let len = output.shape.get(self.axis).copied().unwrap_or(0);
        let width = output
            .dtype
            .bytes()
            .and_then(|width| usize::try_from(width).ok());
        let Some(width) = width.filter(|_| len > 0 && len.is_multiple_of(self.places)) else {
            return Err(Error::new(
                ErrorKind::Shape,
                format!(
                    "the output {name} {} {:?} cannot be cut to the {} files that were joined: its dimension {} is no \
                 multiple of that; name another one with --output-batchsize-axis, or give files of the whole batch",
                    output.dtype.name(),
                    output.shape,
                    self.places,
                    self.axis
                ),
            ));
        };
        let outer: usize = output.shape[..self.axis].iter().product();
        let inner = output.shape[self.axis + 1..].iter().product::<usize>() * width;
        let (row, own) = (len * inner, len / self.places * inner);
        let parts = (0..self.places).map(|place| {
            let mut bytes = Vec::with_capacity(outer * own);
            for index in 0..outer {
                bytes.extend_from_slice(&output.bytes[index * row + place * own..][..own]);
            }
            let mut shape = output.shape.to_vec();
            shape[self.axis] = len / self.places;
            Tensor {
                dtype: output.dtype,
                shape: shape.into(),
                bytes: bytes.into(),
            }
        });
        Ok(parts.collect())
    }
}

/// Refuses to replace what a run has read.
fn ensure_no_input(place: &Path, feed: &Feed) -> Result<(), Error> {
    let Ok(there) = place.canonicalize() else {
        return Ok(());
    };
    let mut sources = feed.samples.iter().flat_map(|sample| &sample.sources);
    let is_place = |source: &Source| match source {
        Source::File(input) => input.canonicalize().is_ok_and(|input| input == there),
        Source::Stdin(_) => false,
    };
    if sources.any(is_place) {
        return Err(invalid(format!(
            "the output {} would replace the input of that name: give another --output",
            place.display()
        )));
    }
    Ok(())
}

/// File names for outputs: their names, without what leads out of the folder, and once only.
fn file_names<'n>(names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let mut taken: Vec<String> = Vec::new();
    for name in names {
        let is_kept = |c: char| !matches!(c, '/' | '\\') && !c.is_control();
        let plain = name.chars().map(|c| if is_kept(c) { c } else { '_' });
        let plain: String = plain.collect();
        let plain = if plain.is_empty() || plain.starts_with('.') {
            format!("_{plain}")
        } else {
            plain
        };
        let mut one = plain.clone();
        let mut count = 1;
        while taken.contains(&one) {
            count += 1;
            one = format!("{plain}_{count}");
        }
        taken.push(one);
    }
    taken
}

/// The folder that is asked for: `name` in `output`, or one called after the time.
pub(super) fn folder(output: &Path, name: Option<&str>, is_dated: bool) -> Result<PathBuf, Error> {
    match name {
        Some(name) if name.is_empty() || Path::new(name).is_absolute() || name.contains("..") => {
            Err(invalid(format!(
                "--output-dirname {name:?} is no name of a folder in {}",
                output.display()
            )))
        }
        Some(name) => Ok(output.join(name)),
        None if is_dated => Ok(output.join(clock::now())),
        None => Ok(output.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use ascend_rt::DataType;

    use super::*;

    #[test]
    fn a_batch_is_cut_along_a_dimension() {
        let sink = |axis, places| Sink {
            folder: PathBuf::new(),
            format: Format::Bin,
            naming: Naming::Number,
            axis,
            places,
            is_single: false,
        };
        let output = |shape: &[usize]| Tensor {
            dtype: DataType::U8,
            shape: shape.to_vec().into(),
            bytes: (0..shape.iter().product())
                .map(|index: usize| index.to_le_bytes()[0])
                .collect::<Vec<_>>()
                .into(),
        };
        let bytes = |axis, places, shape: &[usize]| {
            let parts = sink(axis, places).parts("y", output(shape))?;
            Ok::<_, Error>(
                parts
                    .into_iter()
                    .map(|part| (part.shape.to_vec(), part.bytes.to_vec()))
                    .collect::<Vec<_>>(),
            )
        };
        assert_eq!(
            bytes(0, 2, &[2, 3]).unwrap(),
            [(vec![1, 3], vec![0, 1, 2]), (vec![1, 3], vec![3, 4, 5])]
        );
        assert_eq!(
            bytes(1, 2, &[2, 4]).unwrap(),
            [
                (vec![2, 2], vec![0, 1, 4, 5]),
                (vec![2, 2], vec![2, 3, 6, 7])
            ]
        );
        for (axis, places, shape) in [
            (0, 2, &[3, 2][..]),
            (2, 2, &[2, 2]),
            (0, 2, &[]),
            (0, 2, &[0, 2]),
        ] {
            let error = bytes(axis, places, shape).unwrap_err();
            assert!(
                error.to_string().contains("--output-batchsize-axis"),
                "{error}"
            );
        }
    }

    #[test]
    fn outputs_have_names_that_stay_in_the_folder() {
        let names = ["y", "y", "../y", "", "a/b", "y_2", "\u{1b}[2J\n"];
        assert_eq!(
            file_names(names.into_iter()),
            ["y", "y_2", "_.._y", "_", "a_b", "y_2_2", "_[2J_"]
        );
    }
}
