//! What is known of one picture, as a line of JSON.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use ascend_rt::Error;
use ascend_rt::vision::{Labels, Ranked};
use serde::{Deserialize, Serialize};

use super::sources::Key;
use crate::weights::kind_of;

/// A picture's classes, or why it has none.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    /// Its path; what is not UTF-8 in it is replaced.
    pub(super) file: String,
    /// The bytes of a path that is not UTF-8, two hexadecimal digits each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) file_bytes: Option<String>,
    /// The best classes, best first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) top: Option<Vec<Class>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) error: Option<Failure>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Class {
    pub(super) index: usize,
    pub(super) label: Option<String>,
    /// A probability, 0 to 1.
    pub(super) score: f32,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Failure {
    pub(super) kind: Cow<'static, str>,
    pub(super) message: String,
}

impl Record {
    pub(super) fn new(
        path: &Path,
        ranked: Result<&[Ranked], &Error>,
        labels: Option<&Labels>,
    ) -> Self {
        let (file, file_bytes) = match path.to_str() {
            Some(path) => (path.to_owned(), None),
            None => (
                path.to_string_lossy().into_owned(),
                Some(hex(path.as_os_str().as_bytes())),
            ),
        };
        let class = |ranked: &Ranked| Class {
            index: ranked.index,
            label: labels
                .and_then(|labels| labels.get(ranked.index))
                .map(str::to_owned),
            score: ranked.score,
        };
        let (top, error) = match ranked {
            Ok(ranked) => (Some(ranked.iter().map(class).collect()), None),
            Err(error) => (
                None,
                Some(Failure {
                    kind: kind_of(error).into(),
                    message: error.to_string(),
                }),
            ),
        };
        Self {
            file,
            file_bytes,
            top,
            error,
        }
    }

    /// The record on a line, which must be whole.
    pub(super) fn read(line: &[u8]) -> Option<Self> {
        let line = line.strip_suffix(b"\n")?;
        let record: Self = serde_json::from_slice(line).ok()?;
        (record.top.is_some() != record.error.is_some()).then_some(record)
    }

    /// Adds it to `lines`.
    pub(super) fn write(&self, lines: &mut Vec<u8>) -> serde_json::Result<()> {
        serde_json::to_writer(&mut *lines, self)?;
        lines.push(b'\n');
        Ok(())
    }

    /// The path of the picture, byte by byte.
    pub(super) fn path(&self) -> PathBuf {
        let bytes = self.file_bytes.as_deref().and_then(unhex);
        bytes.map_or_else(
            || PathBuf::from(&self.file),
            |bytes| PathBuf::from(OsStr::from_bytes(&bytes)),
        )
    }

    pub(super) fn key(&self) -> Key {
        Key::of(self.path().as_os_str().as_bytes())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let byte = |pair: &[u8; 2]| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok();
    rest.is_empty().then(|| pairs.iter().map(byte).collect())?
}

#[cfg(test)]
mod tests {
    use ascend_rt::ErrorKind;

    use super::*;

    #[test]
    fn records_come_back_from_their_lines() {
        let ranked = vec![
            Ranked {
                index: 3,
                score: 0.987_654_3,
            },
            Ranked {
                index: 0,
                score: 1.234e-30,
            },
        ];
        let labels = Labels::parse("a\nb\nc\n\"d\",\u{e4}").unwrap();
        let error = Error::new(ErrorKind::Format, "torn");
        let odd = Path::new(OsStr::from_bytes(b"dir/\xff\n\".jpg"));
        for record in [
            Record::new(Path::new("a.jpg"), Ok(&ranked), Some(&labels)),
            Record::new(odd, Err(&error), None),
            Record::new(Path::new("<b>\n"), Ok(&[]), None),
        ] {
            let mut line = Vec::new();
            record.write(&mut line).unwrap();
            let end = line.iter().position(|byte| *byte == b'\n');
            assert_eq!(end, Some(line.len() - 1));
            assert_eq!(Record::read(&line).as_ref(), Some(&record));
            for end in 0..line.len() {
                assert_eq!(Record::read(&line[..end]), None, "cut at {end}");
            }
        }
        let record = Record::new(odd, Err(&error), None);
        assert_eq!(record.path(), odd);
        assert_eq!(record.key(), Key::of(odd.as_os_str().as_bytes()));
        for line in [
            "{\"file\":\"a\"}\n",
            "{}\n",
            "\n",
            "[]\n",
            "{\"file\":\"a\",\"top\":[],\"x\":1}\n",
        ] {
            assert_eq!(Record::read(line.as_bytes()), None, "{line}");
        }
    }
}
