//! The names of a model's classes.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::error::{Error, ErrorKind, Result};

/// The longest file that is taken for labels.
const MAX_BYTES: u64 = 16 << 20;

/// The names of a model's classes, by class number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labels(Vec<String>);

impl Labels {
    /// The names in the text file at `path`: UTF-8, one a line, the first line for class 0.
    ///
    /// A byte-order mark, Windows line ends, blanks around names and empty lines at the end do no
    /// harm.
    ///
    /// # Errors
    /// `Io` if the file cannot be read, else those of [`parse`](Self::parse).
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let name = path.display().to_string();
        let mut bytes = Vec::new();
        let read = File::open(path)
            .and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes))
            .map_err(|source| {
                Error::of_io(format_args!("{name}: the labels cannot be read"), source)
            })?;
        if read as u64 > MAX_BYTES {
            let message = format!(
                "{name}: the file is longer than {MAX_BYTES} bytes and holds no labels; \
                 give a text file with one name a line"
            );
            return Err(Error::new(ErrorKind::Format, message));
        }
        let text = String::from_utf8(bytes).map_err(|source| {
            let message = format!(
                "{name}: the labels are not UTF-8 at byte {}; save the file as UTF-8",
                source.utf8_error().valid_up_to()
            );
            Error::new(ErrorKind::Format, message)
        })?;
        parse(&name, &text)
    }

    /// The names in `text`, one a line, the first line for class 0.
    ///
    /// # Errors
    /// `Format` if there are no names, a line between names is empty, or the text is JSON.
    pub fn parse(text: &str) -> Result<Self> {
        parse("labels", text)
    }

    /// The name of class `index`, if there is such a class.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&str> {
        self.0.get(index).map(String::as_str)
    }

    /// Number of classes that have names, never 0.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "labels are never empty")]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Checks that these are the names of a model with `classes` classes.
    ///
    /// # Errors
    /// `Shape` if the numbers differ.
    pub fn check_classes(&self, classes: usize) -> Result<()> {
        if self.len() == classes {
            return Ok(());
        }
        let message = format!(
            "labels: there are {} names, and the model has {classes} classes; \
             give the labels that the model was trained with",
            self.len()
        );
        Err(Error::new(ErrorKind::Shape, message))
    }
}

fn parse(name: &str, text: &str) -> Result<Labels> {
    let fault = |what: String| Err(Error::new(ErrorKind::Format, format!("{name}: {what}")));
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text).trim_end();
    if text.trim_start().starts_with(['{', '[']) && text.ends_with(['}', ']']) {
        return fault("the labels are JSON; write one name a line instead".to_owned());
    }
    if text.is_empty() {
        return fault("there are no labels; write one name a line".to_owned());
    }
    let names: Vec<String> = text.lines().map(|line| line.trim().to_owned()).collect();
    if let Some(at) = names.iter().position(String::is_empty) {
        return fault(format!(
            "line {} is empty, and a line's number is its class; name the class or delete the line",
            at + 1
        ));
    }
    Ok(Labels(names))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn labels_are_read_by_line() {
        let labels = Labels::parse("\u{FEFF}tench, Tinca tinca\r\ngoldfish \r\n\r\n\n").unwrap();
        assert_eq!(labels.len(), 2);
        assert_eq!(labels.get(0), Some("tench, Tinca tinca"));
        assert_eq!(labels.get(1), Some("goldfish"));
        assert_eq!(labels.get(2), None);
        labels.check_classes(2).unwrap();
        let error = labels.check_classes(1000).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Shape);
        let text = error.to_string();
        assert!(
            text.contains("2 names") && text.contains("1000 classes"),
            "{text}"
        );

        for (text, word) in [
            ("", "no labels"),
            ("\n \n", "no labels"),
            ("cat\n\ndog\n", "line 2"),
            ("{\"0\": [\"n01440764\", \"tench\"]}\n", "JSON"),
            ("[\"cat\",\n\"dog\"]", "JSON"),
        ] {
            let error = Labels::parse(text).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Format);
            assert!(error.to_string().contains(word), "{error}");
        }

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("labels.txt");
        fs::write(&path, "cat\ndog\n").unwrap();
        assert_eq!(
            Labels::open(&path).unwrap(),
            Labels::parse("cat\ndog").unwrap()
        );
        fs::write(&path, b"cat\n\xFF\n").unwrap();
        let error = Labels::open(&path).unwrap_err();
        assert!(error.to_string().contains("byte 4"), "{error}");
        fs::remove_file(&path).unwrap();
        assert_eq!(Labels::open(&path).unwrap_err().kind(), ErrorKind::Io);
    }
}
