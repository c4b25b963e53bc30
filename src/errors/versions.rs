//! Versions of driver and CANN, told in words.

/// So many letters of a version are looked at.
const MOST_LETTERS: usize = 32;
/// Words beside which the version of a driver stands, and those beside which that of CANN does.
const DRIVER: [&str; 4] = ["driver", "npu-smi", "hdk", "驱动"];
const CANN: [&str; 2] = ["cann", "toolkit"];

/// The versions of driver and CANN that a text tells, such as `driver 24.1.rc3` and `cann:8.0.rc3`.
///
/// ```
/// use ascend_rt::errors::Search;
///
/// let mut search = Search::default();
/// search.take("host driver 24.1.rc3, image cann:8.0.rc3-910b-py3.10");
/// let versions = search.versions();
/// assert_eq!(versions.driver.as_deref(), Some("24.1.rc3"));
/// assert_eq!(versions.cann.as_deref(), Some("8.0.rc3"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Versions {
    /// That of the driver, which counts by years: `24.1.rc3`.
    pub driver: Option<String>,
    /// That of CANN: `8.0.RC3`.
    pub cann: Option<String>,
}

impl Versions {
    /// Takes what is not known yet from a line.
    pub(super) fn take(&mut self, line: &str) {
        if self.driver.is_some() && self.cann.is_some() {
            return;
        }
        let mut small = None;
        for version in all_in(line) {
            let small = small.get_or_insert_with(|| line.to_lowercase());
            let says = |words: &[&str]| words.iter().any(|word| has_word(small, word));
            // of other software in the same line, neither is
            let known = match version
                .split('.')
                .next()
                .and_then(|first| first.parse().ok())
            {
                Some(20..=29) if says(&DRIVER) => &mut self.driver,
                Some(5..=9) if says(&CANN) => &mut self.cann,
                _ => continue,
            };
            known.get_or_insert_with(|| version.to_owned());
        }
    }
}

/// Whether a word is in a text, and not only a part of another: `cannot` has no `cann`.
fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let beside = [
            text[..at].chars().next_back(),
            text[at + word.len()..].chars().next(),
        ];
        let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
        !beside.into_iter().any(is_letter)
    })
}

/// What looks like `8.0.RC3`, `24.1.rc3` or `25.0.1.2`, without what is joined to it by a `-`.
fn all_in(line: &str) -> impl Iterator<Item = &str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '.';
    let words = line.split(move |c: char| !is_part(c));
    let words = words.map(|word| word.trim_matches('.'));
    words.filter(|word| word.len() <= MOST_LETTERS && is_version(word))
}

/// Two small numbers, and a third one or a candidate's.
fn is_version(word: &str) -> bool {
    let mut parts = word.split('.');
    let mut is_number = |most: usize| {
        let part = parts.next().unwrap_or_default();
        !part.is_empty() && part.len() <= most && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !(is_number(2) && is_number(1)) {
        return false;
    }
    let third = parts.next().unwrap_or_default().to_ascii_lowercase();
    let digits = third.strip_prefix("rc").unwrap_or(&third);
    !digits.is_empty() && digits.len() <= 2 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_stand_beside_what_they_are_of() {
        for (text, driver, cann) in [
            ("driver 24.1.rc3 vs CANN 8.0.RC3", "24.1.rc3", "8.0.RC3"),
            (
                "npu-smi 23.0.6\nimage ascendai/cann:8.2.rc1-910b",
                "23.0.6",
                "8.2.rc1",
            ),
            (
                "驱动版本：25.0.rc1.1。CANN toolkit 8.1.RC1.",
                "25.0.rc1.1",
                "8.1.RC1",
            ),
            ("NVIDIA driver 535.104.05, CUDA 12.2.0", "", ""),
            ("cann:8.0.rc3-openeuler22.03-py3.10", "", "8.0.rc3"),
            ("driver of python 3.10.2, vllm 0.9.1, torch 2.5.1", "", ""),
            ("at 24.1.2025 the driver said 1.2.3", "", ""),
            ("24.1.rc3 and 8.0.RC3", "", ""),
            ("driver 24.1.0\ndriver 25.0.0", "24.1.0", ""),
            ("cannot connect to 8.8.8.8", "", ""),
            ("", "", ""),
        ] {
            let mut versions = Versions::default();
            for line in text.lines() {
                versions.take(line);
            }
            let found =
                [&versions.driver, &versions.cann].map(|one| one.clone().unwrap_or_default());
            assert_eq!(found, [driver, cann], "{text}");
        }
    }
}
