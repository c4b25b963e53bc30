//! Passwords and the like, which are told to nobody.

/// What the names of secrets have in them.
const WORDS: [&str; 6] = ["KEY", "TOKEN", "SECRET", "PASS", "CRED", "AUTH"];
/// What stands in the place of a secret.
const CUT: &str = "(cut)";

/// Whether the value of that name could be a secret.
pub(super) fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    WORDS.iter().any(|word| name.contains(word))
}

/// The text without what is given to such names, up to the end of their lines, or of the quotes that go on
/// beyond it.
pub(super) fn without_secrets(text: &str) -> String {
    let mut told = String::with_capacity(text.len());
    let mut open = Open::No;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end_matches(['\n', '\r']);
        let start = match open {
            Open::No => value(bare),
            _ => Some(0),
        };
        let Some(start) = start else {
            told.push_str(line);
            continue;
        };
        told.push_str(&bare[..start]);
        told.push_str(CUT);
        told.push_str(&line[bare.len()..]);
        open = open.after(&bare[start..]);
    }
    told
}

/// Whether a value goes on in the next line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    No,
    /// Behind a `\` at the end of the line.
    Line,
    /// Up to this quote.
    Quote(char),
}

impl Open {
    /// What is open behind a part of a value, as a shell sees it: up to a blank that is in no quotes.
    fn after(self, part: &str) -> Self {
        let (mut open, mut is_escaped) = (self, false);
        let part = if self == Self::No {
            part.trim_start()
        } else {
            part
        };
        for c in part.chars() {
            match open {
                _ if is_escaped => is_escaped = false,
                Self::Quote('\'') if c != '\'' => {}
                _ if c == '\\' => is_escaped = true,
                Self::Quote(quote) if c == quote => open = Self::Line,
                Self::Quote(_) => {}
                _ if c == '"' || c == '\'' => open = Self::Quote(c),
                _ if c.is_whitespace() => break,
                _ => open = Self::Line,
            }
        }
        match open {
            Self::Quote(_) => open,
            _ if is_escaped || part.ends_with('\\') => Self::Line,
            _ => Self::No,
        }
    }
}

/// Where the value of a secret begins, as in `name=value` or `name: value`.
fn value(line: &str) -> Option<usize> {
    let is_part = |c: char| c.is_alphanumeric() || "_-.".contains(c);
    let signs = line.match_indices(['=', ':']);
    let mut ends = signs.filter(|(at, sign)| {
        let name = line[..*at].trim_end_matches([' ', '\t', '"', '\'']);
        let start = name.trim_end_matches(is_part).len();
        let is_given = *sign == "=" || line[at + 1..].starts_with([' ', '\t', '"', '\'']);
        is_given && is_secret(&name[start..])
    });
    ends.next().map(|(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_to_a_secret_is_cut() {
        for (text, told) in [
            (
                "export ASCEND_TOKEN=s3cr3t\nA=1\n",
                "export ASCEND_TOKEN=(cut)\nA=1\n",
            ),
            ("A=1 Api-Key = s3cr3t B=2", "A=1 Api-Key =(cut)"),
            ("{\"auth\": \"s3cr3t\"}\r\n", "{\"auth\":(cut)\r\n"),
            ("PASSWORD=s3c\\\nr3t\nB=2", "PASSWORD=(cut)\n(cut)\nB=2"),
            (
                "export TOKEN=\"s3c\nr3t\n\" B=2\nC=3\n",
                "export TOKEN=(cut)\n(cut)\n(cut)\nC=3\n",
            ),
            ("KEY='s3c \\\nr\"3t' # it\nC=3", "KEY=(cut)\n(cut)\nC=3"),
            ("KEY=\"s3c\\\"r3t\nx\"\nC=3", "KEY=(cut)\n(cut)\nC=3"),
            ("TOKEN=s\"3c\nr3t\"\nC=3", "TOKEN=(cut)\n(cut)\nC=3"),
            ("TOKEN= 'a' it's\nC=3", "TOKEN=(cut)\nC=3"),
            ("PATH=/keys:/tokens=", "PATH=/keys:/tokens=(cut)"),
            (
                "PATH=/keys:/b\nKernelStack: 1 kB",
                "PATH=/keys:/b\nKernelStack: 1 kB",
            ),
            ("größe=1", "größe=1"),
        ] {
            assert_eq!(without_secrets(text), told);
        }
        assert!(is_secret("ASCEND_AUTH") && is_secret("git_credentials"));
        assert!(!is_secret("LD_LIBRARY_PATH") && !is_secret("ASCEND_OPP_PATH"));
    }
}
