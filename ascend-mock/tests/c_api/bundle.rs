//! Bundles of models.

use std::ptr;

use ascend_mock::Kind;
use ascend_sys::{aclError, aclmdlBundleQueryInfo};

use crate::common::compiled::bundle;
use crate::common::models::{dynamic, fixed};
use crate::common::{NULL, Raw, Rig};
use crate::loading::{Config, Folder, expected, model, run, sizes};

/// S
#[test]
fn r_268_bundles() {
    let rig = Rig::new();
    let file = bundle(&[model(), fixed().into()], 4096);
    let folder = Folder::new("bundle");
    let path = folder.write("two.om", &file);
    let (mut id, mut count) = (0, 0);
    assert_eq!(
        acl!(rig.aclmdlBundleLoadFromFile(ptr::null(), &raw mut id)),
        100_000
    );
    assert_eq!(
        acl!(rig.aclmdlBundleLoadFromFile(path.as_ptr(), ptr::null_mut())),
        100_000
    );
    assert_eq!(
        acl!(rig.aclmdlBundleLoadFromFile(c"no.om".as_ptr(), &raw mut id)),
        145_002
    );
    assert_eq!(
        acl!(rig.aclmdlBundleLoadFromFile(path.as_ptr(), &raw mut id)),
        0,
        "{:?}",
        rig.message()
    );
    assert_eq!(acl!(rig.aclmdlBundleGetModelNum(id, &raw mut count)), 0);
    assert_eq!(count, 2);
    assert_eq!(
        acl!(rig.aclmdlBundleGetModelNum(id + 99, &raw mut count)),
        148_053
    );
    let model = |index| {
        let mut model = 0;
        (
            acl!(rig.aclmdlBundleGetModelId(id, index, &raw mut model)),
            model,
        )
    };
    assert_eq!(model(2).0, 100_000);
    let (first, second) = (model(0).1, model(1).1);
    assert_ne!(first, second);
    assert_eq!(run(&rig, first), Ok(expected()));
    assert_eq!(
        acl!(rig.aclmdlUnload(first)),
        100_000,
        "a model of a bundle"
    );
    assert_eq!(acl!(rig.aclmdlBundleUnloadModel(id, first + 100)), 100_000);
    let single = rig.load(&fixed());
    assert_eq!(
        acl!(rig.aclmdlBundleUnloadModel(id, single)),
        100_000,
        "not of the bundle"
    );
    assert_eq!(acl!(rig.aclmdlBundleUnloadModel(id, first)), 0);
    assert_eq!(run_code(&rig, first), 145_003);
    assert_eq!(rig.lease.ledger().count(Kind::Bundle), 1);
    assert_eq!(acl!(rig.aclmdlBundleUnload(id)), 0);
    assert_eq!(acl!(rig.aclmdlBundleUnload(id)), 148_053);
    assert_eq!(run_code(&rig, second), 145_003);
    assert_eq!(rig.lease.ledger().count(Kind::Model), 1, "the single one");
    let plain = fixed();
    let (start, len) = (plain.as_ptr().cast(), plain.len());
    let code = acl!(rig.aclmdlBundleLoadFromMem(start, len, &raw mut id));
    assert_eq!(code, 545_002, "no bundle");
}

fn run_code(rig: &Rig, id: u32) -> aclError {
    let desc = acl!(rig.aclmdlCreateDesc());
    acl!(rig.aclmdlGetDesc(desc, id))
}

/// S
#[test]
fn r_268_bundles_in_two_stages() {
    let rig = Rig::new();
    let file = bundle(&[model(), fixed().into(), dynamic().into()], 4096);
    let (start, len) = (file.as_ptr().cast(), file.len());
    let query: *mut aclmdlBundleQueryInfo = acl!(rig.aclmdlBundleCreateQueryInfo());
    let (mut count, mut variables, mut work, mut weights) = (0, 0, 0, 0);
    assert_eq!(
        acl!(rig.aclmdlBundleGetQueryModelNum(query, &raw mut count)),
        100_000,
        "empty"
    );
    assert_eq!(
        acl!(rig.aclmdlBundleQueryInfoFromMem(ptr::null(), len, query)),
        100_000
    );
    assert_eq!(acl!(rig.aclmdlBundleQueryInfoFromMem(start, len, query)), 0);
    assert_eq!(
        acl!(rig.aclmdlBundleGetQueryModelNum(query, &raw mut count)),
        0
    );
    assert_eq!(
        acl!(rig.aclmdlBundleGetVarWeightSize(query, &raw mut variables)),
        0
    );
    assert_eq!((count, variables), (3, 4096));
    let mut size = |index| {
        let code = acl!(rig.aclmdlBundleGetSize(query, index, &raw mut work, &raw mut weights));
        (code, [work, weights])
    };
    assert_eq!(size(0), (0, sizes(&rig, &model())));
    assert_eq!(size(2), (0, [0, 0]), "free shapes");
    assert_eq!(size(3).0, 100_000);
    assert_eq!(acl!(rig.aclmdlBundleDestroyQueryInfo(query)), 0);
    assert_eq!(acl!(rig.aclmdlBundleDestroyQueryInfo(query)), 107_017);

    let mut id = 0;
    let memory = rig.malloc(4096);
    let mut init = |address: Raw, bytes| {
        acl!(rig.aclmdlBundleInitFromMem(start, len, address, bytes, &raw mut id))
    };
    assert_eq!(init(memory, 4095), 145_000);
    assert_eq!(init(NULL, 0), 0, "the device finds memory");
    assert_eq!(init(memory, 4096), 0);
    let mut model_id = 0;
    assert_eq!(
        acl!(rig.aclmdlBundleGetModelId(id, 0, &raw mut model_id)),
        200_001,
        "not loaded"
    );
    assert_eq!(
        acl!(rig.aclmdlBundleLoadModel(id, 3, &raw mut model_id)),
        100_000
    );
    assert_eq!(acl!(rig.aclmdlBundleLoadModel(id, 0, &raw mut model_id)), 0);
    assert_eq!(run(&rig, model_id), Ok(expected()));
    let [work_bytes, _] = sizes(&rig, &fixed());
    let work = rig.malloc(work_bytes);
    let with_memory = |bytes, model_id| {
        acl!(rig.aclmdlBundleLoadModelWithMem(id, 1, work, bytes, NULL, 0, model_id))
    };
    assert_eq!(with_memory(work_bytes - 1, &raw mut model_id), 145_000);
    assert_eq!(
        with_memory(work_bytes, &raw mut model_id),
        0,
        "{:?}",
        rig.message()
    );
    let config = Config::new(&rig);
    let handle = config.handle;
    let load = || {
        let mut model_id = 0;
        let code = acl!(rig.aclmdlBundleLoadModelWithConfig(id, 2, handle, &raw mut model_id));
        (code, model_id)
    };
    let (code, third) = load();
    assert_eq!(code, 0);
    assert_eq!(acl!(rig.aclmdlBundleUnloadModel(id, third)), 0);
    assert_eq!(load().0, 0, "again");
    assert_eq!(acl!(rig.aclmdlBundleUnload(id)), 0);
    assert_eq!(rig.lease.ledger().count(Kind::Model), 0);
}
