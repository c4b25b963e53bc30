//! What the version files of Ascend's packages say.

use std::collections::BTreeMap;

use ascend_sys::Version;

/// The lines `key=value` of a file.
pub(super) type Fields = BTreeMap<String, String>;

/// No version is longer.
const MOST_LETTERS: usize = 64;

pub(super) fn fields(text: &str) -> Fields {
    let lines = text.lines().filter_map(|line| line.split_once('='));
    lines
        .map(|(key, value)| {
            let value = value.trim().trim_matches('"').to_owned();
            (key.trim().to_ascii_lowercase(), value)
        })
        .collect()
}

/// A version that can be shown, and stand in a command: letters and digits, and what joins them.
pub(super) fn plain(value: &str) -> Option<&str> {
    let is_of_version = |c: char| c.is_ascii_alphanumeric() || "._-+".contains(c);
    let is_plain = value.len() <= MOST_LETTERS && value.chars().all(is_of_version);
    (is_plain && value.contains(|c: char| c.is_ascii_digit())).then_some(value)
}

/// The version in `text`, without the numbers of repairs behind it: `25.0.rc1.1` is `25.0.rc1`.
pub(super) fn version(text: &str) -> Option<Version> {
    let mut text = plain(text)?;
    loop {
        if let Ok(version) = text.parse() {
            return Some(version);
        }
        text = text.rsplit_once('.')?.0;
    }
}

/// Tells whether `version` is in a list such as `[7.0.0,7.5.99],[8.0.0]`, of ranges and single
/// versions; `None` where the list or the version is of another form.
pub(super) fn is_listed(list: &str, version: &str) -> Option<bool> {
    let version = numbers(version)?;
    let mut is_listed = false;
    for range in list.split(']') {
        let range = range.trim_matches([',', '[', ' ']);
        if range.is_empty() {
            continue;
        }
        let (from, to) = range.split_once(',').unwrap_or((range, range));
        let (from, to) = (numbers(from)?, numbers(to)?);
        // what comes behind its last numbers is of it
        let beginning = &version[..version.len().min(to.len())];
        is_listed |= from <= version && beginning <= &to[..];
    }
    Some(is_listed)
}

/// The numbers in a version, such as `7.5.0.1` or `V100R001C19`.
fn numbers(text: &str) -> Option<Vec<u32>> {
    let parts = text.split(|c: char| !c.is_ascii_digit());
    let numbers: Vec<u32> = parts
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    (!numbers.is_empty()).then_some(numbers)
}

/// The line of development of an inner version: `V100R001C19` of `V100R001C19SPC001B124`.
pub(super) fn line(inner: &str) -> Option<&str> {
    let is_line = |c: char| c.is_ascii_digit() || "VRC".contains(c);
    let end = inner
        .find("SPC")
        .or_else(|| inner.find('B'))
        .unwrap_or(inner.len());
    let line = &inner[..end];
    (line.starts_with('V') && line.contains('C') && line.chars().all(is_line)).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_with_repairs_are_read() {
        for (text, expected) in [
            ("24.1.rc3", Some("24.1.rc3")),
            ("25.0.rc1.1", Some("25.0.rc1")),
            ("24.1.0.3", Some("24.1.0")),
            ("24.1.RC3.b080", Some("24.1.rc3")),
            ("8.5.0.alpha003", Some("8.5.0.alpha003")),
            ("two words 1", None),
            ("8.0;touch${IFS}x", None),
            ("8.0$(reboot)", None),
            ("none", None),
            ("", None),
        ] {
            let expected = expected.map(|text| text.parse().unwrap());
            assert_eq!(version(text), expected, "{text}");
        }
        assert!(version("24.1.rc3") < version("24.1.0"));
        assert!(version("24.1.0") < version("25.0.rc1"));
    }

    #[test]
    fn lists_hold_versions() {
        for (list, version, expected) in [
            ("[7.0.0,7.5.99]", "7.5.0.1.129", Some(true)),
            ("[7.0.0,7.5.99]", "7.7.0.1.231", Some(false)),
            ("[6.4.0,6.4.99],[7.0.0,8.9.9]", "6.4.12.1.241", Some(true)),
            ("[6.4.0,6.4.99],[7.0.0,8.9.9]", "6.3.0", Some(false)),
            (
                "[V100R001C13,V100R001C19],[V100R001C30]",
                "V100R001C15",
                Some(true),
            ),
            (
                "[V100R001C13,V100R001C19],[V100R001C30]",
                "V100R001C30",
                Some(true),
            ),
            ("[V100R001C13],[V100R001C19]", "V100R001C15", Some(false)),
            ("[any]", "7.0", None),
            ("[7.0]", "", None),
            ("", "7.0", Some(false)),
        ] {
            assert_eq!(is_listed(list, version), expected, "{version} in {list}");
        }
        assert_eq!(line("V100R001C19SPC001B124"), Some("V100R001C19"));
        assert_eq!(line("V100R001C17B214"), Some("V100R001C17"));
        assert_eq!(line("unknown"), None);
    }
}
