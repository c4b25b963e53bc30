//! The chip that a model is for.

use ascend_graph::atc::is_chip;

use crate::acl::Acl;
use crate::error::{Error, ErrorKind, Result};

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
    let name = acl.soc_name()?.filter(|name| is_chip(name));
    name.ok_or_else(|| {
        let message =
            format!("there is no device here whose chip is known: name it with --soc: {HINT}");
        Error::new(ErrorKind::Device, message)
    })
}

#[cfg(all(test, feature = "mock"))]
mod tests {
    use super::*;

    #[test]
    fn the_chip_of_a_device_is_taken() {
        let config = crate::MockConfig::from_toml("soc = \"Ascend310P3\"").unwrap();
        let acl = Acl::mock(config).unwrap();
        assert_eq!(name_of(&acl).unwrap(), "Ascend310P3");
        let acl = Acl::mock(crate::MockConfig::default()).unwrap();
        let error = name_of(&acl).unwrap_err();
        assert!(error.to_string().contains("npu-smi info"), "{error}");
    }
}
