//! Numbers of devices, and what tells one device from another.

use std::ffi::{CString, c_char};
use std::ptr;

use ascend_mock::MockConfig;
use ascend_sys::{aclrtDevAttr, aclrtUuid};

use crate::attributes::{chip, text};
use crate::common::Rig;

/// Asks a function that translates one number into another.
macro_rules! translated {
    ($rig:ident . $symbol:ident ( $number:expr )) => {{
        let mut translated = 9;
        match acl!($rig.$symbol($number, &raw mut translated)) {
            0 => Ok(translated),
            code => Err(code),
        }
    }};
}

/// S
#[test]
fn r_078_device_numbers_are_translated() {
    let rig = Rig::bare(MockConfig::default().devices(4).visible_devices("1,3"));
    for (translated, expected) in [
        (translated!(rig.aclrtGetLogicDevIdByUserDevId(1)), Ok(3)),
        (translated!(rig.aclrtGetPhyDevIdByUserDevId(0)), Ok(1)),
        (translated!(rig.aclrtGetPhyDevIdByLogicDevId(1)), Ok(3)),
        (translated!(rig.aclrtGetUserDevIdByLogicDevId(3)), Ok(1)),
        (translated!(rig.aclrtGetUserDevIdByPhyDevId(1)), Ok(0)),
        (translated!(rig.aclrtGetLogicDevIdByPhyDevId(3)), Ok(1)),
        (
            translated!(rig.aclrtGetLogicDevIdByUserDevId(-1)),
            Err(107_000),
        ),
        (
            translated!(rig.aclrtGetUserDevIdByLogicDevId(-1)),
            Err(107_000),
        ),
        (
            translated!(rig.aclrtGetUserDevIdByPhyDevId(-1)),
            Err(107_000),
        ),
        (
            translated!(rig.aclrtGetLogicDevIdByUserDevId(2)),
            Err(107_001),
        ),
        (
            translated!(rig.aclrtGetUserDevIdByLogicDevId(0)),
            Err(107_001),
        ),
    ] {
        assert_eq!(translated, expected);
    }
    assert_eq!(
        acl!(rig.aclrtGetUserDevIdByPhyDevId(0, ptr::null_mut())),
        100_000
    );
}

/// SD
#[test]
fn r_054_visible_devices_are_numbered_anew() {
    let visible = |list: &str| Rig::bare(MockConfig::default().devices(4).visible_devices(list));
    let count = |rig: &Rig| {
        let mut count = 9;
        (acl!(rig.aclrtGetDeviceCount(&raw mut count)), count)
    };
    let rig = visible("1,3");
    assert_eq!(count(&rig), (0, 2));
    assert_eq!(acl!(rig.aclrtSetDevice(1)), 0);
    let (mut device, mut chip) = (9, 9);
    assert_eq!((acl!(rig.aclrtGetDevice(&raw mut device)), device), (0, 1));
    let physical = aclrtDevAttr::ACL_DEV_ATTR_PHY_CHIP_ID;
    assert_eq!(acl!(rig.aclrtGetDeviceInfo(1, physical, &raw mut chip)), 0);
    assert_eq!(chip, 3);
    assert_eq!(acl!(rig.aclrtSetDevice(2)), 107_001);
    for list in ["0,0", "3,1", "4", "", "x"] {
        let rig = visible(list);
        assert_eq!(count(&rig).0, 207_004, "{list:?}");
        assert_eq!(acl!(rig.aclrtSetDevice(0)), 207_004, "{list:?}");
        assert!(rig.message().unwrap().contains("ASCEND_RT_VISIBLE_DEVICES"));
    }
}

#[test]
fn devices_can_be_told_apart() {
    let rig = chip("Ascend910B3");
    let address = |id| {
        let mut bytes = [0 as c_char; 13];
        match acl!(rig.aclrtDeviceGetPCIBusId(id, bytes.as_mut_ptr(), 13)) {
            0 => Ok(text(&bytes).to_owned()),
            code => Err(code),
        }
    };
    assert_ne!(address(0), address(1));
    assert_eq!(address(2), Err(107_001));
    let found = |address: &str| {
        let (address, mut id) = (CString::new(address).unwrap(), 9);
        match acl!(rig.aclrtDeviceGetByPCIBusId(address.as_ptr(), &raw mut id)) {
            0 => Ok(id),
            code => Err(code),
        }
    };
    assert_eq!(found(&address(1).unwrap()), Ok(1));
    assert_eq!(found("nowhere"), Err(107_000));
    let mut short = [0 as c_char; 12];
    assert_eq!(
        acl!(rig.aclrtDeviceGetPCIBusId(0, short.as_mut_ptr(), 12)),
        107_000
    );
    let uuid = |id| {
        let mut uuid = aclrtUuid { bytes: [0; 16] };
        assert_eq!(acl!(rig.aclrtDeviceGetUuid(id, &raw mut uuid)), 0);
        uuid.bytes
    };
    assert_ne!(uuid(0), uuid(1));
    assert_eq!(uuid(0), uuid(0));
    let mut pid = 0;
    assert_eq!(acl!(rig.aclrtDeviceGetBareTgid(&raw mut pid)), 0);
    assert_eq!(u32::try_from(pid), Ok(std::process::id()));
    let mut way = 0;
    assert_eq!(acl!(rig.aclrtGetDevicesTopo(0, 1, &raw mut way)), 0);
    assert_eq!(way, 1);
    assert_eq!(acl!(rig.aclrtGetDevicesTopo(0, 2, &raw mut way)), 107_001);
    assert_eq!(acl!(rig.aclrtGetDevicesTopo(0, 0, &raw mut way)), 107_000);
    let old = chip("Ascend310P3");
    let mut bytes = [0 as c_char; 13];
    assert_eq!(
        acl!(old.aclrtDeviceGetPCIBusId(0, bytes.as_mut_ptr(), 13)),
        207_000
    );
}
