//! The chips that the CPU device can pretend to be.

use std::ffi::CStr;

use ascend_mock::{LeaseError, MockConfig, Profile, lease};
use ascend_sys::{
    ACL_ERROR_RT_NO_EVENT_RESOURCE, ACL_ERROR_RT_NO_STREAM_RESOURCE, aclError, aclrtMemAttr,
};

use crate::common::{NULL, Rig};

fn chip(name: &str) -> Rig {
    Rig::with(MockConfig::default().soc_name(name))
}

/// How many bytes are free, and how many there are.
fn memory(rig: &Rig) -> (usize, usize) {
    let (mut free, mut total) = (0, 0);
    let kind = aclrtMemAttr::ACL_HBM_MEM;
    let code = acl!(rig.aclrtGetMemInfo(kind, &raw mut free, &raw mut total));
    assert_eq!(code, 0);
    (free, total)
}

/// Makes things until the device has no more; gives how many, and the code of the first refusal.
fn exhaust(mut make: impl FnMut() -> aclError) -> (usize, aclError) {
    let mut count = 0;
    loop {
        match make() {
            0 => count += 1,
            code => return (count, code),
        }
    }
}

#[test]
fn a_chip_answers_its_name_and_has_its_memory() {
    for profile in Profile::all() {
        let rig = chip(profile.name);
        let name = acl!(rig.aclrtGetSocName());
        // SAFETY: the text lives as long as the lease.
        let name = unsafe { CStr::from_ptr(name) };
        assert_eq!(name.to_str().unwrap(), profile.name);
        assert_eq!(memory(&rig).1 as u64, profile.memory_bytes);
    }
    let rig = Rig::with(
        MockConfig::default()
            .soc_name("Ascend310P3")
            .memory_bytes(1 << 20),
    );
    assert_eq!(memory(&rig), (1 << 20, 1 << 20));
}

/// D (code I)
#[test]
fn r_106_the_number_of_streams_is_the_chips() {
    for (name, limit) in [("Ascend310B4", 512), ("Ascend310P3", 1024)] {
        let rig = chip(name);
        let made = exhaust(|| {
            let mut stream = NULL;
            acl!(rig.aclrtCreateStream(&raw mut stream))
        });
        assert_eq!(made, (limit - 1, ACL_ERROR_RT_NO_STREAM_RESOURCE), "{name}");
    }
}

/// D (code I)
#[test]
fn r_151_the_number_of_events_is_the_chips() {
    let rig = chip("Ascend310P1");
    let made = exhaust(|| {
        let mut event = NULL;
        acl!(rig.aclrtCreateEventWithFlag(&raw mut event, 1))
    });
    assert_eq!(made, (1023, ACL_ERROR_RT_NO_EVENT_RESOURCE));
}

/// S
#[test]
fn r_174_the_padding_of_a_block_is_the_chips() {
    for (name, padding) in [("Ascend910B4", 32), ("Ascend950PR_9589", 0)] {
        let rig = chip(name);
        let before = memory(&rig).0;
        rig.malloc(100);
        assert_eq!(before - memory(&rig).0, 128 + padding, "{name}");
    }
}

#[test]
fn an_unknown_chip_is_refused_with_the_known_ones() {
    let error = lease(MockConfig::default().soc_name("Ascend310P9")).unwrap_err();
    assert!(matches!(error, LeaseError::Config(_)));
    let text = error.to_string();
    assert!(text.contains("\"Ascend310P9\""), "{text}");
    assert!(text.contains("Ascend310P3, Ascend310B1"), "{text}");
}
