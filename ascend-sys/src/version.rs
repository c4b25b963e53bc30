//! Which CANN it is that was loaded.

use std::ffi::{CStr, c_char};
use std::fmt;
use std::str::FromStr;

use crate::{AclApi, aclCANNPackageName, aclCANNPackageVersion};

/// The bytes that `aclsysGetVersionStr` may write.
const VERSION_BYTES: usize = 128;
/// The package that the functions of [`AclApi`] come from, by both of its names.
const PACKAGE: &CStr = c"runtime";
const PACKAGE_NAME: aclCANNPackageName = aclCANNPackageName::ACL_PKG_NAME_RUNTIME;

/// The version of a CANN package, such as `8.1.RC1` or `9.1.0`; earlier ones are less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// The first number.
    pub major: u32,
    /// The second number.
    pub minor: u32,
    /// The third number, zero where there is none.
    pub patch: u32,
    /// How far it was from its release.
    pub stage: Stage,
}

/// The stages of a version, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// One of the first trials.
    Alpha(u32),
    /// One of the later trials.
    Beta(u32),
    /// A candidate for the release.
    Candidate(u32),
    /// The release itself.
    Release,
}

impl FromStr for Version {
    type Err = BadVersion;

    /// Reads `9.1.0`, `8.5.0.alpha003`, `9.1.0-beta.2`, `8.1.RC1` and the like.
    fn from_str(text: &str) -> Result<Self, BadVersion> {
        let bad = || BadVersion(text.to_owned());
        let number = |word: &str| word.parse::<u32>().map_err(|_| bad());
        let lower = text.trim().to_ascii_lowercase();
        let mut parts = lower.split(['.', '-', '_']).peekable();
        let major = number(parts.next().ok_or_else(bad)?)?;
        let minor = number(parts.next().ok_or_else(bad)?)?;
        let patch = match parts.next_if(|part| part.starts_with(|c: char| c.is_ascii_digit())) {
            Some(part) => number(part)?,
            None => 0,
        };
        let stage = match parts.next() {
            None => Stage::Release,
            Some(word) => {
                let (name, digits) = word.split_at(
                    word.find(|c: char| c.is_ascii_digit())
                        .unwrap_or(word.len()),
                );
                let count = match (digits, parts.next()) {
                    ("", Some(part)) => number(part)?,
                    ("", None) => 0,
                    (digits, None) => number(digits)?,
                    (_, Some(_)) => return Err(bad()),
                };
                match name {
                    "alpha" => Stage::Alpha(count),
                    "beta" => Stage::Beta(count),
                    "rc" => Stage::Candidate(count),
                    _ => return Err(bad()),
                }
            }
        };
        match parts.next() {
            None => Ok(Self {
                major,
                minor,
                patch,
                stage,
            }),
            Some(_) => Err(bad()),
        }
    }
}

/// A text that is not the version of a CANN package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadVersion(String);

impl fmt::Display for BadVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is no version of CANN: one looks like 9.1.0 or 8.1.RC1",
            self.0
        )
    }
}

impl std::error::Error for BadVersion {}

/// What a loaded CANN says of its versions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Versions {
    /// The version of the runtime's package, in its own words.
    ///
    /// `None` where it does not say: the functions came with CANN 8.1 and 8.5, and read files
    /// that are found by the environment that `set_env.sh` sets.
    pub package: Option<String>,
    /// The version of the interface, major, minor and patch, which changes less often.
    pub interface: Option<(i32, i32, i32)>,
}

impl Versions {
    /// The package's version, if it is there and of a known form.
    #[must_use]
    pub fn version(&self) -> Option<Version> {
        self.package.as_deref()?.parse().ok()
    }
}

impl AclApi {
    /// Asks for the versions, by the newest function that the libraries have. It works before
    /// `aclInit`.
    ///
    /// # Safety
    ///
    /// The table's functions are those of the C header.
    #[must_use]
    pub unsafe fn versions(&self) -> Versions {
        let (mut major, mut minor, mut patch) = (0, 0, 0);
        // SAFETY: three valid pointers.
        let status =
            unsafe { self.aclrtGetVersion(&raw mut major, &raw mut minor, &raw mut patch) };
        Versions {
            // SAFETY: as the caller promises.
            package: unsafe { self.version_text() }.or_else(|| {
                // SAFETY: as the caller promises.
                unsafe { self.version_by_name() }
            }),
            interface: (status == Ok(0)).then_some((major, minor, patch)),
        }
    }

    /// Since CANN 8.5.
    ///
    /// # Safety
    ///
    /// As for [`Self::versions`].
    unsafe fn version_text(&self) -> Option<String> {
        // One more byte, which stays zero.
        let mut text: [c_char; VERSION_BYTES + 1] = [0; VERSION_BYTES + 1];
        // SAFETY: a text that the function only reads, and the 128 bytes that it may write.
        let status =
            unsafe { self.aclsysGetVersionStr(PACKAGE.as_ptr().cast_mut(), text.as_mut_ptr()) };
        (status == Ok(0)).then(|| read(&text)).flatten()
    }

    /// Since CANN 8.1.
    ///
    /// # Safety
    ///
    /// As for [`Self::versions`].
    unsafe fn version_by_name(&self) -> Option<String> {
        let mut version = aclCANNPackageVersion::default();
        // SAFETY: a valid pointer.
        let status = unsafe { self.aclsysGetCANNVersion(PACKAGE_NAME, &raw mut version) };
        (status == Ok(0)).then(|| read(&version.version)).flatten()
    }
}

/// The text in a field, unless it is empty.
fn read(field: &[c_char]) -> Option<String> {
    let bytes: Vec<u8> = field
        .iter()
        .map(|c| c.to_ne_bytes()[0])
        .take_while(|byte| *byte != 0)
        .collect();
    let text = String::from_utf8_lossy(&bytes).trim().to_owned();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use crate::aclError;

    use super::*;

    const NOT_INSTALLED: aclError = 100_003;

    unsafe extern "C" fn no_text(_: *mut c_char, _: *mut c_char) -> aclError {
        NOT_INSTALLED
    }

    unsafe extern "C" fn text(package: *mut c_char, version: *mut c_char) -> aclError {
        // SAFETY: the caller under test gives a text and room for 128 bytes.
        if unsafe { CStr::from_ptr(package) } != c"runtime" {
            return NOT_INSTALLED;
        }
        let answer = c"9.1.0-beta.2".to_bytes_with_nul();
        // SAFETY: as above.
        unsafe { std::ptr::copy_nonoverlapping(answer.as_ptr().cast(), version, answer.len()) };
        0
    }

    unsafe extern "C" fn endless(_: *mut c_char, version: *mut c_char) -> aclError {
        // SAFETY: the caller under test gives room for 128 bytes.
        unsafe { std::ptr::write_bytes(version, b'9', VERSION_BYTES) };
        0
    }

    unsafe extern "C" fn by_name(
        name: aclCANNPackageName,
        version: *mut aclCANNPackageVersion,
    ) -> aclError {
        assert_eq!(name, aclCANNPackageName::ACL_PKG_NAME_RUNTIME);
        let answer = c"8.1.RC1".to_bytes_with_nul();
        // SAFETY: the caller under test gives a valid pointer.
        unsafe { std::ptr::copy_nonoverlapping(answer.as_ptr(), version.cast(), answer.len()) };
        0
    }

    unsafe extern "C" fn interface(major: *mut i32, minor: *mut i32, patch: *mut i32) -> aclError {
        for (place, number) in [(major, 1), (minor, 17), (patch, 0)] {
            // SAFETY: the caller under test gives valid pointers.
            unsafe { *place = number };
        }
        0
    }

    fn versions(api: &AclApi) -> Versions {
        // SAFETY: the functions above have the header's signatures.
        unsafe { api.versions() }
    }

    #[test]
    fn the_newest_function_is_asked_first() {
        let mut api = AclApi::EMPTY;
        assert_eq!(versions(&api), Versions::default());
        api.aclrtGetVersion = Some(interface);
        assert_eq!(versions(&api).interface, Some((1, 17, 0)));
        assert_eq!(versions(&api).version(), None);
        api.aclsysGetCANNVersion = Some(by_name);
        assert_eq!(versions(&api).package.as_deref(), Some("8.1.RC1"));
        api.aclsysGetVersionStr = Some(no_text);
        assert_eq!(versions(&api).package.as_deref(), Some("8.1.RC1"));
        api.aclsysGetVersionStr = Some(text);
        assert_eq!(versions(&api).package.as_deref(), Some("9.1.0-beta.2"));
        assert_eq!(versions(&api).version(), "9.1.0.beta2".parse().ok());
        api.aclsysGetVersionStr = Some(endless);
        assert_eq!(versions(&api).package.map(|text| text.len()), Some(128));
    }

    #[test]
    fn versions_are_in_order() {
        let order = [
            "8.1.RC1",
            "8.1.RC2",
            "8.1",
            "8.5.0.alpha003",
            "8.5.0-beta.1",
            "8.5.0.rc1",
            "8.5.0",
            "9.0.0",
            "9.1.0",
            "10.0.0",
        ];
        let versions: Vec<Version> = order.iter().map(|text| text.parse().unwrap()).collect();
        assert!(versions.is_sorted_by(|a, b| a < b), "{versions:?}");
    }

    #[test]
    fn what_is_no_version_is_refused() {
        for text in [
            "",
            "9",
            "nine",
            "9.1.x",
            "9.1.0.gamma1",
            "9.1.0.0.0",
            "9.99999999999",
            "8.1.rc1.2",
        ] {
            let error = text.parse::<Version>().unwrap_err();
            assert!(error.to_string().contains(&format!("{text:?}")), "{error}");
        }
    }
}
