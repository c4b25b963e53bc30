//! What worlds leave to each other. One test, since it takes every slot of the process.

use ascend_mock::MockConfig;
use ascend_sys::AclApi;

use crate::common::Rig;

/// A table without its lease.
struct Ended {
    api: AclApi,
}

#[test]
fn a_world_that_ended_leaves_nothing_to_the_next_one() {
    let first = Rig::new();
    let (block, stream) = (first.malloc(16), made!(first.aclrtCreateStream()));
    acl!(first.aclrtSetDevice(7));
    let ended = Ended { api: first.api };
    drop(first);
    let mut count = 9;
    let code = acl!(ended.aclrtGetDeviceCount(&raw mut count));
    assert_eq!((code, count), (100_001, 9));
    assert!(acl!(ended.aclrtGetSocName()).is_null());
    // All slots, so the first one's too.
    let rigs: Vec<Rig> = (0..8).map(|_| Rig::bare(MockConfig::default())).collect();
    for rig in &rigs {
        let mut device = 9;
        assert_eq!(acl!(rig.aclrtGetDevice(&raw mut device)), 107_002);
        assert_eq!(acl!(rig.aclrtSetDevice(0)), 0);
        assert_ne!(rig.malloc(16), block);
        assert_eq!(acl!(rig.aclrtFree(block)), 107_000);
        assert_eq!(rig.synchronize(stream), 107_017);
    }
}
