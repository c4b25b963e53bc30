//! The chip that a model is for.

use crate::acl::Acl;
use crate::error::{Error, ErrorKind, Result};

/// Families of chips, whose bare names are no names of chips, with members.
const FAMILIES: [(&str, &[&str]); 4] = [
    (
        "Ascend910B",
        &[
            "Ascend910B1",
            "Ascend910B2",
            "Ascend910B2C",
            "Ascend910B3",
            "Ascend910B4",
            "Ascend910B4-1",
        ],
    ),
    ("Ascend310P", &["Ascend310P1", "Ascend310P3"]),
    ("Ascend310B", &["Ascend310B1", "Ascend310B4"]),
    (
        "Ascend910_93",
        &[
            "Ascend910_9362",
            "Ascend910_9372",
            "Ascend910_9381",
            "Ascend910_9382",
            "Ascend910_9391",
            "Ascend910_9392",
        ],
    ),
];

/// How to find the name.
const HINT: &str = "`npu-smi info` shows it in the column Name: 310P3 there is Ascend310P3 here, \
                    910B3 is Ascend910B3";

/// The chip of the device here.
///
/// # Errors
///
/// `Library` without CANN, `Device` where there is no device whose chip is known.
pub(super) fn present() -> Result<String> {
    let acl = Acl::load().map_err(|error| {
        let message = format!(
            "the chip cannot be told from a device here, name it with --soc: {HINT}; {error}"
        );
        Error::new(error.kind(), message)
    })?;
    name_of(&acl)
}

fn name_of(acl: &Acl) -> Result<String> {
    let name = acl.soc_name()?.filter(|name| check(name).is_ok());
    name.ok_or_else(|| {
        let message =
            format!("there is no device here whose chip is known: name it with --soc: {HINT}");
        Error::new(ErrorKind::Device, message)
    })
}

/// Refuses what is no name of a chip, with the names that may be meant.
pub(super) fn check(name: &str) -> Result<()> {
    let refused = |why: String| {
        let message = format!("the chip {name:?} is not possible: {why} (E10001)");
        Err(Error::new(ErrorKind::InvalidArgument, message))
    };
    let family = FAMILIES
        .iter()
        .find(|(family, _)| family.eq_ignore_ascii_case(name));
    if let Some((_, members)) = family {
        return refused(format!(
            "it is a family, and an .om is for one chip of it, such as {}; {HINT}",
            members.join(", ")
        ));
    }
    let is_word = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    let number = name.strip_prefix("Ascend");
    if is_word && number.is_some_and(|number| number.starts_with(|c: char| c.is_ascii_digit())) {
        return Ok(());
    }
    // as npu-smi shows it, or in other letters
    let lower = name.to_ascii_lowercase();
    let short = lower.strip_prefix("ascend").unwrap_or(&lower);
    if is_word && short.starts_with(|c: char| c.is_ascii_digit()) {
        let number = short.to_ascii_uppercase();
        return refused(format!("write Ascend{number}"));
    }
    refused(format!("names are such as Ascend310P3; {HINT}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_checked() {
        for name in [
            "Ascend310",
            "Ascend310P3",
            "Ascend910B4-1",
            "Ascend910_9392",
            "Ascend950PR_957b",
            "Ascend910A",
        ] {
            check(name).unwrap();
        }
        for (name, expected) in [
            ("Ascend910B", "such as Ascend910B1, Ascend910B2"),
            ("ascend310p", "Ascend310P3"),
            ("310P3", "write Ascend310P3"),
            ("ascend910b3", "write Ascend910B3"),
            ("Ascend", "npu-smi info"),
            ("Ascend310 --x", "npu-smi info"),
            ("", "npu-smi info"),
        ] {
            let error = check(name).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidArgument);
            assert!(error.to_string().contains(expected), "{error}");
        }
    }

    #[test]
    #[cfg(feature = "mock")]
    fn the_chip_of_a_device_is_taken() {
        let config = crate::MockConfig::from_toml("soc = \"Ascend310P3\"").unwrap();
        let acl = Acl::mock(config).unwrap();
        assert_eq!(name_of(&acl).unwrap(), "Ascend310P3");
        let acl = Acl::mock(crate::MockConfig::default()).unwrap();
        let error = name_of(&acl).unwrap_err();
        assert!(error.to_string().contains("npu-smi info"), "{error}");
    }
}
