//! Versions of installed packages, read where the toolkit keeps them.

use std::fs;
use std::path::{Path, PathBuf};

use ascend_sys::{ACL_ERROR_INTERNAL_ERROR, ACL_ERROR_INVALID_FILE, aclCANNPackageName};

use crate::fault::Fault;
use crate::world::World;

/// Where the driver's installer leaves word of itself.
const INSTALL_INFO: &str = "/etc/ascend_install.info";

impl World {
    /// The version of a package, as `version.info` has it. In its name `-` and `_` stand for each
    /// other.
    pub(crate) fn package_version(&self, package: &str) -> Result<String, Fault> {
        let home = self.config.environment.toolkit_home.as_deref();
        version_of(package, home, Path::new(INSTALL_INFO))
    }
}

/// The package behind a number.
pub(crate) fn package(name: aclCANNPackageName) -> Result<&'static str, Fault> {
    use ascend_sys::aclCANNPackageName as Name;
    Ok(match name {
        Name::ACL_PKG_NAME_CANN | Name::ACL_PKG_NAME_RUNTIME => "runtime",
        Name::ACL_PKG_NAME_COMPILER => "bisheng-compiler",
        Name::ACL_PKG_NAME_HCCL => "hccl",
        Name::ACL_PKG_NAME_TOOLKIT => "oam-tools",
        Name::ACL_PKG_NAME_OPP | Name::ACL_PKG_NAME_OPP_KERNEL => "ops-legacy",
        Name::ACL_PKG_NAME_DRIVER => "driver",
        _ => return Err(Fault::argument(format!("{} is no package", name.0))),
    })
}

fn missing(text: String) -> Fault {
    Fault::new(ACL_ERROR_INVALID_FILE, text)
}

fn version_of(package: &str, home: Option<&Path>, install_info: &Path) -> Result<String, Fault> {
    let key = match package {
        "driver" => Some("Driver_Install_Path_Param="),
        "firmware" => Some("Firmware_Install_Path_Param="),
        _ => None,
    };
    let root = match key {
        Some(key) => PathBuf::from(value_in(install_info, key)?),
        None => home.map(|home| home.join("share/info")).ok_or_else(|| {
            missing("ASCEND_HOME_PATH is not set; source the toolkit's set_env.sh".into())
        })?,
    };
    if package.contains('/') {
        return Err(missing(format!("{package:?} is no package")));
    }
    let spellings = [
        package.to_owned(),
        package.replace('-', "_"),
        package.replace('_', "-"),
    ];
    let found = spellings
        .iter()
        .map(|name| root.join(name).join("version.info"))
        .find(|path| path.is_file());
    let path = found.ok_or_else(|| {
        let root = root.display();
        missing(format!("package {package:?} is not installed in {root}"))
    })?;
    value_in(&path, "Version=")
}

/// What follows `key` on the first line that has it.
fn value_in(path: &Path, key: &str) -> Result<String, Fault> {
    let refused = |why: &str| missing(format!("{}: {why}", path.display()));
    let text = fs::read_to_string(path).map_err(|error| refused(&error.to_string()))?;
    let mut lines = text.lines();
    let value = lines.find_map(|line| line.split_once(key).map(|(_, value)| value.trim()));
    match value {
        Some(value) if !value.is_empty() => Ok(value.to_owned()),
        _ => Err(refused(&format!("nothing follows {key}"))),
    }
}

/// A version as a number that grows with it.
pub(crate) fn number(version: &str) -> Result<i32, Fault> {
    parse(version).ok_or_else(|| {
        Fault::new(
            ACL_ERROR_INTERNAL_ERROR,
            format!("{version:?} is no version such as 9.1.0 or 9.1.0-beta.2"),
        )
    })
}

fn parse(version: &str) -> Option<i32> {
    let (major, rest) = version.split_once('.')?;
    let (minor, rest) = rest.split_once('.')?;
    let digits = rest.len()
        - rest
            .trim_start_matches(|byte: char| byte.is_ascii_digit())
            .len();
    let (patch, suffix) = rest.split_at(digits);
    let weigh = |part: &str, weight: i32| part.parse::<i32>().ok()?.checked_mul(weight);
    weigh(major, 10_000_000)?
        .checked_add(weigh(minor, 100_000)?)?
        .checked_add(weigh(patch, 1_000)?)?
        .checked_add(before_release(suffix)?)
}

/// How much earlier than the release a version is: nothing, or such as `-rc.1`.
fn before_release(suffix: &str) -> Option<i32> {
    if suffix.is_empty() {
        return Some(0);
    }
    let suffix = suffix.strip_prefix(['-', '.']).unwrap_or(suffix);
    let suffix = suffix.to_ascii_lowercase();
    let stages = [("alpha", 300), ("beta", 200), ("rc", 100)];
    let (number, weight) = stages
        .iter()
        .find_map(|(stage, weight)| Some((suffix.strip_prefix(stage)?, weight)))?;
    if number.is_empty() {
        return Some(-weight);
    }
    let number = number.strip_prefix(['-', '.']).unwrap_or(number);
    let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| number.parse::<i32>().ok()?.checked_sub(*weight))?
}

/// The version's parts, for the structure that has room for four.
pub(crate) fn parts(version: &str) -> Result<(String, [String; 4]), Fault> {
    let version = match version.split_once('-') {
        Some((release, stage)) => format!("{release}.{}", stage.replace('.', "")),
        None => version.to_owned(),
    };
    let mut parts: Vec<String> = version.split('.').map(str::to_owned).collect();
    if parts.len() < 2 {
        return Err(missing(format!(
            "{version:?} is no version of two parts or more"
        )));
    }
    parts.resize(4, "0".to_owned());
    let parts = parts.try_into().unwrap_or_default();
    Ok((version, parts))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SD
    #[test]
    fn r_046_versions_are_weighed() {
        for (version, expected) in [
            ("9.1.0", Some(90_100_000)),
            ("8.0.12", Some(80_012_000)),
            ("9.0.0-alpha.1", Some(89_999_701)),
            ("9.0.0-beta.2", Some(89_999_802)),
            ("9.0.0.rc1", Some(89_999_901)),
            ("9.0.0-RC", Some(89_999_900)),
            ("9.0", None),
            ("9.0.x", None),
            ("a.0.0", None),
            ("9.0.0-gamma.1", None),
            ("9.0.0-rc.x", None),
            ("9999999.0.0", None),
        ] {
            assert_eq!(number(version).ok(), expected, "{version}");
        }
    }

    /// S
    #[test]
    fn r_047_versions_have_four_parts() {
        let (whole, parts_of) = parts("9.1.0-beta.2").unwrap();
        assert_eq!(whole, "9.1.0.beta2");
        assert_eq!(parts_of, ["9", "1", "0", "beta2"]);
        assert_eq!(parts("8.5").unwrap().1, ["8", "5", "0", "0"]);
        assert!(parts("8").is_err());
    }
}
