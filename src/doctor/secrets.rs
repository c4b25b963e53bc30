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

/// The text without what is given to such names, up to the end of their lines.
pub(super) fn without_secrets(text: &str) -> String {
    let mut told = String::with_capacity(text.len());
    let mut goes_on = false;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end_matches(['\n', '\r']);
        let start = if goes_on { Some(0) } else { value(bare) };
        match start {
            Some(start) => {
                told.push_str(&bare[..start]);
                told.push_str(CUT);
                told.push_str(&line[bare.len()..]);
            }
            None => told.push_str(line),
        }
        goes_on = start.is_some() && bare.ends_with('\\');
    }
    told
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
