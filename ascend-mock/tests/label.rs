//! Labels, as far as streams without a model go.

#![allow(
    clippy::macro_metavars_in_unsafe,
    clippy::unwrap_used,
    reason = "the tests are C calls, and panic when they fail"
)]

#[macro_use]
mod common;

use std::ptr;

use ascend_mock::Kind;
use common::{NULL, Rig};

/// SD
#[test]
fn r_305_what_labels_refuse() {
    let rig = Rig::new();
    let (label, stream) = (
        made!(rig.aclrtCreateLabel()),
        made!(rig.aclrtCreateStream()),
    );
    assert_eq!(acl!(rig.aclrtCreateLabel(ptr::null_mut())), 100_000);
    assert_eq!(acl!(rig.aclrtSetLabel(NULL, stream)), 100_000);
    assert_eq!(acl!(rig.aclrtSetLabel(label, NULL)), 100_000);
    assert_eq!(acl!(rig.aclrtSetLabel(stream, stream)), 107_017);
    assert_eq!(acl!(rig.aclrtSetLabel(label, stream)), 107_005, "no model");
    let mut labels = [label, made!(rig.aclrtCreateLabel())];
    let mut list = NULL;
    let start = labels.as_mut_ptr();
    let create = |start, count, list| acl!(rig.aclrtCreateLabelList(start, count, list));
    assert_eq!(create(ptr::null_mut(), 2, &raw mut list), 100_000);
    assert_eq!(create(start, 2, ptr::null_mut()), 100_000);
    assert_eq!(create(start, 0, &raw mut list), 107_000);
    assert_eq!(create(start, 2, &raw mut list), 0);
    let index = rig.malloc(4);
    let switch =
        |index, count, list, stream| acl!(rig.aclrtSwitchLabelByIndex(index, count, list, stream));
    assert_eq!(switch(NULL, 2, list, stream), 100_000);
    assert_eq!(switch(index, 2, NULL, stream), 100_000);
    assert_eq!(switch(index, 2, list, NULL), 100_000);
    assert_eq!(switch(index, 3, list, stream), 107_000);
    assert_eq!(switch(index, 2, label, stream), 107_017);
    assert_eq!(switch(index, 2, list, stream), 107_005, "no model");
    made!(rig.aclrtCreateContext(0));
    let foreign = made!(rig.aclrtCreateStream());
    assert_eq!(acl!(rig.aclrtSetLabel(label, foreign)), 507_031);
    assert_eq!(create(start, 2, &raw mut list), 507_031);
}

#[test]
fn labels_and_lists_belong_to_the_program() {
    let rig = Rig::new();
    let mut labels = [(); 3].map(|()| made!(rig.aclrtCreateLabel()));
    let mut list = NULL;
    let code = acl!(rig.aclrtCreateLabelList(labels.as_mut_ptr(), 3, &raw mut list));
    assert_eq!(code, 0);
    let count = |kind| rig.lease.ledger().count(kind);
    assert_eq!((count(Kind::Label), count(Kind::LabelList)), (3, 1));
    assert_eq!(acl!(rig.aclrtDestroyLabelList(NULL)), 100_000);
    assert_eq!(acl!(rig.aclrtDestroyLabelList(list)), 0);
    assert_eq!(acl!(rig.aclrtDestroyLabelList(list)), 107_017);
    assert_eq!(acl!(rig.aclrtDestroyLabel(NULL)), 100_000);
    for label in labels {
        assert_eq!(acl!(rig.aclrtDestroyLabel(label)), 0);
    }
    assert_eq!(acl!(rig.aclrtDestroyLabel(labels[0])), 107_017);
    assert_eq!((count(Kind::Label), count(Kind::LabelList)), (0, 0));
}
