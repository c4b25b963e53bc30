//! What `--input` names: files, folders, patterns, lists and stdin.

use std::cmp::Ordering;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ascend_graph::{Text, text};
use ascend_rt::model::TensorSpec;
use ascend_rt::{Error, ErrorKind};

/// The extensions of the files that are taken from folders.
const TAKEN: [&str; 4] = ["npy", "bin", "npz", "safetensors"];

/// Where the elements of an input lie.
#[derive(Clone, Debug)]
pub(super) enum Source {
    File(PathBuf),
    Stdin(Arc<Vec<u8>>),
}

impl Source {
    /// For messages and reports.
    pub(super) fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Stdin(_) => "stdin".to_owned(),
        }
    }

    /// Whether it holds all inputs of a run by their names.
    pub(super) fn is_archive(&self) -> bool {
        matches!(self, Self::File(path) if has_extension(path, &["npz", "safetensors"]))
    }
}

pub(super) fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|own| {
        extensions
            .iter()
            .any(|known| own.eq_ignore_ascii_case(known))
    })
}

/// One part of `--input`.
#[derive(Debug)]
struct Part {
    /// The input that it is for, if it was named.
    name: Option<String>,
    sources: Vec<Source>,
    /// A folder, a pattern or a list: it is for one input, however many files it names.
    is_many: bool,
    /// The columns of a list, if its lines have several.
    columns: usize,
}

/// What the command line gives to the inputs.
#[derive(Debug, Default)]
pub(super) struct Given(Vec<Part>);

impl Given {
    /// Looks for what `words` name.
    pub(super) fn find(words: &[String]) -> Result<Self, Error> {
        let mut parts = Vec::new();
        for word in words {
            let (_, path) = split_name(word);
            if path == "-" || path.starts_with('@') || Path::new(path).exists() {
                parts.push(Part::find(word)?);
                continue;
            }
            for word in word.split(',').filter(|word| !word.is_empty()) {
                parts.push(Part::find(word)?);
            }
        }
        Ok(Self(parts))
    }

    /// Whether nothing was given, so that inputs are generated.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a folder, a pattern or a list was given.
    pub(super) fn is_many(&self) -> bool {
        self.0.iter().any(|part| part.is_many)
    }

    /// The files that hold all inputs each, if the files are such.
    pub(super) fn archives(&self) -> Result<Option<Vec<Source>>, Error> {
        let sources = || self.0.iter().flat_map(|part| &part.sources);
        if !sources().any(Source::is_archive) {
            return Ok(None);
        }
        if let Some(other) = sources().find(|source| !source.is_archive()) {
            return Err(invalid(format!(
                "{} holds one input and others hold several (.npz, .safetensors): give files of one kind",
                other.name()
            )));
        }
        Ok(Some(sources().cloned().collect()))
    }

    /// The files of each input, in the order of `specs`; as many for each.
    pub(super) fn by_input(&self, specs: &[TensorSpec]) -> Result<Vec<Vec<Source>>, Error> {
        let takes = || {
            let inputs: Vec<String> = specs.iter().map(ToString::to_string).collect();
            text!(
                "the model takes {count} input(s), {inputs}",
                count = specs.len(),
                inputs = inputs.join(", ")
            )
        };
        let mut lists: Vec<Vec<Source>> = vec![Vec::new(); specs.len()];
        for part in &self.0 {
            let Some(name) = &part.name else { continue };
            let Some(index) = specs.iter().position(|spec| spec.is_called(name)) else {
                return Err(invalid(text!(
                    "{takes}; none is called {name}: give a name of these",
                    takes = takes(),
                    name
                )));
            };
            lists[index].extend(part.sources.iter().cloned());
        }
        let free: Vec<usize> = (0..specs.len())
            .filter(|index| lists[*index].is_empty())
            .collect();
        let rest: Vec<&Part> = self.0.iter().filter(|part| part.name.is_none()).collect();
        let is_many = rest.iter().any(|part| part.is_many);
        match &rest[..] {
            [] if free.is_empty() => {}
            // A list with a column for each input.
            [list] if list.columns > 1 && list.columns == free.len() => {
                for (place, source) in list.sources.iter().enumerate() {
                    lists[free[place % list.columns]].push(source.clone());
                }
            }
            parts if !free.is_empty() && parts.len() == free.len() => {
                for (index, part) in free.iter().zip(parts) {
                    lists[*index].extend(part.sources.iter().cloned());
                }
            }
            // Files for the first input, then as many for the second one, …
            parts
                if !free.is_empty()
                    && !is_many
                    && parts.len().is_multiple_of(free.len())
                    && !parts.is_empty() =>
            {
                let each = parts.len() / free.len();
                for (index, parts) in free.iter().zip(parts.chunks(each)) {
                    lists[*index]
                        .extend(parts.iter().flat_map(|part| part.sources.iter().cloned()));
                }
            }
            parts => {
                return Err(invalid(text!(
                    "{takes}; {given} were given for {free} of them: give a file, a folder, a pattern or a \
                     list for each, with commas between them",
                    takes = takes(),
                    given = parts.len(),
                    free = free.len()
                )));
            }
        }
        let counts: Vec<usize> = lists.iter().map(Vec::len).collect();
        if counts.iter().any(|count| *count != counts[0]) {
            let counts: Vec<String> = specs
                .iter()
                .zip(&counts)
                .map(|(spec, count)| format!("{count} for {}", spec.name))
                .collect();
            return Err(invalid(text!(
                "the inputs have different numbers of files: {counts}; give as many for each",
                counts = counts.join(", ")
            )));
        }
        Ok(lists)
    }
}

impl Part {
    fn find(word: &str) -> Result<Self, Error> {
        let (name, text) = split_name(word);
        let path = Path::new(text);
        let mut part = Self {
            name: name.map(str::to_owned),
            sources: Vec::new(),
            is_many: true,
            columns: 1,
        };
        if text == "-" {
            part.sources = vec![Source::Stdin(Arc::new(stdin()?))];
            part.is_many = false;
        } else if let Some(list) = text.strip_prefix('@').filter(|_| !path.exists()) {
            let lines = if list == "-" {
                String::from_utf8(stdin()?)
                    .map_err(|_| invalid("the list on stdin is no text".to_owned()))?
            } else {
                fs::read_to_string(list).map_err(|error| cannot_read(Path::new(list), error))?
            };
            (part.sources, part.columns) = listed(&lines, list)?;
        } else if path.is_dir() {
            part.sources = folder(path)?;
        } else if !path.exists() && text.contains(['*', '?', '[']) {
            part.sources = matching(text)?;
        } else {
            let about = fs::metadata(path).map_err(|error| cannot_read(path, error))?;
            if !about.is_file() {
                let message = text!(
                    "{file} is no regular file: give - to read from stdin",
                    file = text
                );
                return Err(Error::new(ErrorKind::Io, message));
            }
            part.sources = vec![Source::File(path.to_owned())];
            part.is_many = false;
        }
        Ok(part)
    }
}

/// The name, if one is given, and the rest. A path that exists as it stands has none.
fn split_name(word: &str) -> (Option<&str>, &str) {
    match word.split_once('=') {
        Some((name, rest)) if !name.is_empty() && !Path::new(word).exists() => (Some(name), rest),
        _ => (None, word),
    }
}

fn stdin() -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(|error| Error::of_io(text!("cannot read stdin"), error))?;
    Ok(bytes)
}

/// The files of a list, line by line, and how many each line has.
fn listed(lines: &str, list: &str) -> Result<(Vec<Source>, usize), Error> {
    let mut sources = Vec::new();
    let mut columns = None;
    for line in lines
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        let files: Vec<&str> = if Path::new(line).exists() {
            vec![line]
        } else {
            line.split([',', '\t']).map(str::trim).collect()
        };
        if *columns.get_or_insert(files.len()) != files.len() {
            return Err(invalid(format!(
                "the list {list} has lines of different numbers of files: {line}"
            )));
        }
        sources.extend(files.into_iter().map(|file| Source::File(file.into())));
    }
    if sources.is_empty() {
        return Err(invalid(text!(
            "the list {list} names no files: add some",
            list
        )));
    }
    Ok((sources, columns.unwrap_or(1)))
}

/// The files of a folder that are inputs.
fn folder(path: &Path) -> Result<Vec<Source>, Error> {
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(|error| cannot_read(path, error))? {
        let file = entry.map_err(|error| cannot_read(path, error))?.path();
        if has_extension(&file, &TAKEN) && file.is_file() {
            files.push(file);
        }
    }
    if files.is_empty() {
        return Err(invalid(text!(
            "the folder {folder} holds no .npy, .bin, .npz or .safetensors: give another one, or a pattern such \
             as '{folder}/*.raw'",
            folder = path.display()
        )));
    }
    Ok(sorted(files))
}

fn matching(pattern: &str) -> Result<Vec<Source>, Error> {
    let found = glob::glob(pattern)
        .map_err(|error| invalid(format!("{pattern} is no pattern: {error}")))?;
    let mut files = Vec::new();
    for file in found {
        let file = file.map_err(|error| {
            let path = error.path().to_owned();
            cannot_read(&path, error.into())
        })?;
        if file.is_file() {
            files.push(file);
        }
    }
    if files.is_empty() {
        let message = text!(
            "no file is called {pattern}: check the name, and the folder",
            pattern
        );
        return Err(Error::new(ErrorKind::Io, message));
    }
    Ok(sorted(files))
}

fn sorted(mut files: Vec<PathBuf>) -> Vec<Source> {
    files
        .sort_by(|a, b| natural(&a.to_string_lossy(), &b.to_string_lossy()).then_with(|| a.cmp(b)));
    files.into_iter().map(Source::File).collect()
}

/// The order in which `2.bin` stands before `10.bin`.
fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let digits = |text: &str| {
            text.find(|c: char| !c.is_ascii_digit())
                .unwrap_or(text.len())
        };
        let (first, second) = (digits(a), digits(b));
        if first > 0 && second > 0 {
            let (one, other) = (
                a[..first].trim_start_matches('0'),
                b[..second].trim_start_matches('0'),
            );
            let order = (one.len(), one).cmp(&(other.len(), other));
            if order != Ordering::Equal {
                return order;
            }
            (a, b) = (&a[first..], &b[second..]);
            continue;
        }
        match (a.chars().next(), b.chars().next()) {
            (Some(one), Some(other)) if one == other => {
                (a, b) = (&a[one.len_utf8()..], &b[other.len_utf8()..]);
            }
            (one, other) => return one.cmp(&other),
        }
    }
}

pub(super) fn cannot_read(path: &Path, error: io::Error) -> Error {
    Error::of_io(text!("cannot read {file}", file = path.display()), error)
}

pub(super) fn invalid(message: impl Into<Text>) -> Error {
    Error::new(ErrorKind::InvalidArgument, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_are_ordered_as_numbers() {
        let mut names = [
            "b10", "b9", "a", "b09c", "b", "b9.x", "ü", "b10a2", "b10a10",
        ];
        names.sort_by(|a, b| natural(a, b));
        assert_eq!(
            names,
            [
                "a", "b", "b9", "b9.x", "b09c", "b10", "b10a2", "b10a10", "ü"
            ]
        );
    }

    #[test]
    fn lists_have_columns() {
        let (sources, columns) =
            listed("# two inputs\na.bin, b.bin\n\nc.bin\td.bin\n", "l").unwrap();
        let names: Vec<String> = sources.iter().map(Source::name).collect();
        assert_eq!(
            (names.join(" ").as_str(), columns),
            ("a.bin b.bin c.bin d.bin", 2)
        );
        assert!(listed("a,b\nc\n", "l").is_err());
        assert!(listed("\n", "l").is_err());
    }
}
