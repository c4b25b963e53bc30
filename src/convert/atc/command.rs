//! The command that would be run, for people and shells.

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

/// What a conversion for a chip would run, as lines that a shell takes: comments, the environment and
/// the command. In a real run the result goes to a folder of its own first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub(super) comments: Vec<String>,
    /// Commands that make the files that `atc` reads.
    pub(super) before: Vec<Vec<String>>,
    /// A file, and its text.
    pub(super) file: Option<(PathBuf, String)>,
    pub(super) environment: Vec<(OsString, OsString)>,
    pub(super) program: PathBuf,
    pub(super) arguments: Vec<String>,
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for comment in &self.comments {
            for line in comment.lines() {
                writeln!(f, "# {line}")?;
            }
        }
        for command in &self.before {
            writeln!(f, "{} &&", quoted(command))?;
        }
        if let Some((path, text)) = &self.file {
            let path = quote(&path.to_string_lossy());
            writeln!(f, "printf %s {} > {path} &&", quote(text))?;
        }
        writeln!(f, "cd \"$(mktemp -d)\" &&")?;
        writeln!(f, "ASCEND_WORK_PATH=\"$PWD\" \\")?;
        for (name, value) in &self.environment {
            let (name, value) = (name.to_string_lossy(), value.to_string_lossy());
            writeln!(f, "{name}={} \\", quote(&value))?;
        }
        f.write_str(&quote(&self.program.to_string_lossy()))?;
        for argument in &self.arguments {
            write!(f, " \\\n    {}", quote(argument))?;
        }
        Ok(())
    }
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
    }
}
