//! The command that would be run, for people and shells.

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use crate::convert::Options;

/// Options that say how an ONNX file is made, and whether a value belongs to each.
const OF_ONNX: [(&str, bool); 15] = [
    ("--allow-unmatched", false),
    ("--at", true),
    ("--batch", true),
    ("--dtype", true),
    ("--image-size", true),
    ("--io-dtype", true),
    ("--memory-limit", true),
    ("--mode", true),
    ("--opset", true),
    ("--prefix", true),
    ("--rename", true),
    ("--simplify", false),
    ("--skeleton", true),
    ("--suffix", true),
    ("--verify", false),
];

/// What a conversion for a chip would run, as lines that a shell takes: comments, the files that
/// `atc` reads, its environment and itself, and the way of the result to its destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub(super) comments: Vec<String>,
    /// Stands for the folder in which `atc` works, which the shell makes.
    pub(super) folder: PathBuf,
    /// The command that makes the ONNX file, unless it is the source.
    pub(super) before: Option<Vec<String>>,
    /// A file, and its text.
    pub(super) file: Option<(PathBuf, String)>,
    pub(super) environment: Vec<(OsString, OsString)>,
    pub(super) program: PathBuf,
    pub(super) arguments: Vec<String>,
    /// The `.om` that `atc` makes, without extension.
    pub(super) output: PathBuf,
    pub(super) destination: PathBuf,
    /// Whether files of weights may be beside it.
    pub(super) has_weights: bool,
}

impl Plan {
    /// The word for a shell, with the folder that it made.
    fn word(&self, word: &str) -> String {
        let part = |part: &str| match part {
            "" => String::new(),
            part => quote(part),
        };
        match word.split_once(&*self.folder.to_string_lossy()) {
            None => quote(word),
            Some((before, after)) => format!("{}\"$folder\"{}", part(before), part(after)),
        }
    }

    fn path(&self, path: &Path) -> String {
        self.word(&path.to_string_lossy())
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for comment in &self.comments {
            for line in comment.lines() {
                writeln!(f, "# {line}")?;
            }
        }
        writeln!(f, "folder=\"$(mktemp -d)\" && mkdir \"$folder\"/out &&")?;
        if let Some(command) = &self.before {
            let words: Vec<_> = command.iter().map(|word| self.word(word)).collect();
            writeln!(f, "{} &&", words.join(" "))?;
        }
        if let Some((path, text)) = &self.file {
            writeln!(f, "printf %s {} > {} &&", quote(text), self.path(path))?;
        }
        writeln!(f, "(cd \"$folder\" && ASCEND_WORK_PATH=\"$folder\" \\")?;
        for (name, value) in &self.environment {
            let (name, value) = (name.to_string_lossy(), value.to_string_lossy());
            writeln!(f, "{name}={} \\", quote(&value))?;
        }
        f.write_str(&self.path(&self.program))?;
        for argument in &self.arguments {
            write!(f, " \\\n    {}", self.word(argument))?;
        }
        writeln!(f, ") &&")?;
        let output = self.path(&self.output);
        if self.has_weights {
            let weights = self.path(&self.output.with_file_name("weight"));
            let beside = self.path(&self.destination.with_file_name("."));
            writeln!(
                f,
                "{{ [ ! -d {weights} ] || cp -R -- {weights} {beside}; }} &&"
            )?;
        }
        // the name may have system and processor in it
        writeln!(f, "mv -- {output}*.om {} &&", self.path(&self.destination))?;
        f.write_str("rm -r -- \"$folder\"")
    }
}

/// The words of the command line that say how an ONNX file is made.
pub(super) fn options_of_onnx(options: &Options) -> Vec<String> {
    let mut kept = Vec::new();
    let mut words = unquoted(&options.command_line).into_iter();
    while let Some(word) = words.next() {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (&*word, None),
        };
        // shapes are written into the ONNX file when it is simplified, and else told to atc alone
        let is_shape = options.simplify && matches!(name, "--input-shape" | "--input_shape");
        let known = OF_ONNX.iter().find(|(known, _)| *known == name);
        let Some((_, has_value)) = known.or(is_shape.then_some(&("", true))) else {
            continue;
        };
        let value = if *has_value {
            value.or_else(|| words.next())
        } else {
            None
        };
        // a list of batches is told to atc
        if name == "--batch" && value.as_ref().is_some_and(|value| value.contains(',')) {
            continue;
        }
        let name = name.to_owned();
        kept.push(value.map_or_else(|| name.clone(), |value| format!("{name}={value}")));
    }
    kept
}

/// The words that [`quoted`] made a line of.
fn unquoted(line: &str) -> Vec<String> {
    let (mut words, mut word) = (Vec::new(), None);
    let mut is_inside = false;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            '\'' => {
                is_inside = !is_inside;
                word.get_or_insert_with(String::new);
            }
            ' ' if !is_inside => words.extend(word.take()),
            '\\' if !is_inside => word.get_or_insert_with(String::new).extend(chars.next()),
            c => word.get_or_insert_with(String::new).push(c),
        }
    }
    words.extend(word);
    words
}

/// Words in a line that a shell splits into the same words.
pub fn quoted(words: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let words = words.into_iter().map(|word| quote(word.as_ref()));
    words.collect::<Vec<_>>().join(" ")
}

fn quote(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./=:,@%+".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_back_what_is_quoted() {
        let words = [
            "",
            "a b",
            "it's",
            "$HOME",
            "a;b|c",
            "--x=1,2;3",
            "\\",
            "\"",
            "é\n",
        ];
        let script = format!(
            "for word in {}; do printf '%s\\0' \"$word\"; done",
            quoted(words)
        );
        let shell = std::process::Command::new("/bin/sh")
            .args(["-c", &script])
            .output();
        let output = String::from_utf8(shell.unwrap().stdout).unwrap();
        assert_eq!(output.split_terminator('\0').collect::<Vec<_>>(), words);
        assert_eq!(unquoted(&quoted(words)), words);
    }

    #[test]
    fn what_makes_the_onnx_file_is_kept() {
        let line = "ascend convert w.pth net.om --soc Ascend310P3 --simplify --opset 13 --dtype=f16 \
                    --batch 1,2 --input_shape 'x:1,3' --at 'a b' --log error --dry-run --verify";
        let kept = |simplify| {
            let options = Options {
                simplify,
                command_line: line.to_owned(),
                ..Options::default()
            };
            options_of_onnx(&options)
        };
        let plain = [
            "--simplify",
            "--opset=13",
            "--dtype=f16",
            "--at=a b",
            "--verify",
        ];
        assert_eq!(kept(false), plain);
        assert!(kept(true).contains(&"--input_shape=x:1,3".to_owned()));
    }
}
