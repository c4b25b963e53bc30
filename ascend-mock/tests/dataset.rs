//! Data buffers, tensor descriptions and datasets.

#![allow(
    clippy::macro_metavars_in_unsafe,
    clippy::unwrap_used,
    reason = "the tests are C calls, and panic when they fail"
)]

#[macro_use]
mod common;

use std::ptr;

use ascend_mock::Kind;
use ascend_sys::{aclDataType, aclFormat};
use common::{NULL, Rig, at};

/// SD
#[test]
fn r_249_r_250_a_dataset_keeps_pointers_only() {
    let rig = Rig::new();
    let dataset = rig.empty();
    let buffer = acl!(rig.aclmdlGetDatasetBuffer(dataset, 0));
    assert_eq!(
        acl!(rig.aclmdlAddDatasetBuffer(dataset, ptr::null_mut())),
        100_000
    );
    assert_eq!(
        acl!(rig.aclmdlAddDatasetBuffer(ptr::null_mut(), buffer)),
        100_000
    );
    assert_eq!(acl!(rig.aclmdlAddDatasetBuffer(dataset, buffer)), 0);
    assert_eq!(acl!(rig.aclmdlDestroyDataset(ptr::null())), 100_000);
    assert_eq!(acl!(rig.aclmdlDestroyDataset(dataset)), 0);
    assert_eq!(acl!(rig.aclmdlDestroyDataset(dataset)), 107_017);
    assert_eq!(acl!(rig.aclDestroyDataBuffer(buffer)), 0);
    assert_eq!(acl!(rig.aclDestroyDataBuffer(buffer)), 107_017);
    assert_eq!(
        rig.lease.ledger().count(Kind::DeviceBlock),
        1,
        "the memory stays"
    );
}

/// S
#[test]
fn r_251_dataset_queries_out_of_range() {
    let rig = Rig::new();
    let dataset = rig.empty();
    assert_eq!(acl!(rig.aclmdlGetDatasetNumBuffers(dataset)), 1);
    assert_eq!(acl!(rig.aclmdlGetDatasetNumBuffers(ptr::null())), 0);
    assert!(acl!(rig.aclmdlGetDatasetBuffer(dataset, 1)).is_null());
    assert!(acl!(rig.aclmdlGetDatasetTensorDesc(dataset, 1)).is_null());
}

/// S
#[test]
fn r_252_a_dataset_copies_the_shape() {
    let rig = Rig::new();
    let dataset = rig.empty();
    assert_eq!(rig.told_shape(dataset), None);
    rig.set_shape(dataset, &[2, 3]);
    assert_eq!(rig.told_shape(dataset), Some(vec![2, 3]));
    let own = acl!(rig.aclmdlGetDatasetTensorDesc(dataset, 0));
    acl!(rig.aclDestroyTensorDesc(own));
    assert!(rig.message().unwrap().contains("belongs to a dataset"));
    let code = acl!(rig.aclmdlSetDatasetTensorDesc(dataset, own, 1));
    assert_eq!(code, 100_000);
    let code = acl!(rig.aclmdlSetDatasetTensorDesc(dataset, ptr::null_mut(), 0));
    assert_eq!(code, 0);
    assert_eq!(rig.told_shape(dataset), None);
    assert_eq!(
        acl!(rig.aclGetTensorDescNumDims(own)),
        0,
        "destroyed when replaced"
    );
    assert_eq!(rig.lease.ledger().count(Kind::TensorDesc), 0);
}

/// S
#[test]
fn r_253_data_buffers() {
    let rig = Rig::new();
    let buffer = rig.buffer(NULL, 0);
    assert!(!buffer.is_null());
    assert_eq!(acl!(rig.aclDestroyDataBuffer(ptr::null())), 100_000);
    assert_eq!(
        acl!(rig.aclUpdateDataBuffer(ptr::null_mut(), NULL, 0)),
        100_000
    );
    let address = at(NULL, 0x1234);
    assert_eq!(
        acl!(rig.aclUpdateDataBuffer(buffer, address, (1 << 32) + 5)),
        0
    );
    assert_eq!(acl!(rig.aclGetDataBufferAddr(buffer)), address);
    assert_eq!(acl!(rig.aclGetDataBufferSize(buffer)), 5, "cut to 32 bits");
    assert_eq!(acl!(rig.aclGetDataBufferSizeV2(buffer)), (1 << 32) + 5);
}

/// S
#[test]
fn r_270_r_271_r_272_tensor_descriptions() {
    let rig = Rig::new();
    let (kind, format) = (aclDataType::ACL_FLOAT16, aclFormat::ACL_FORMAT_NCHW);
    assert!(acl!(rig.aclCreateTensorDesc(kind, -1, ptr::null(), format)).is_null());
    assert!(acl!(rig.aclCreateTensorDesc(kind, 2, ptr::null(), format)).is_null());
    acl!(rig.aclDestroyTensorDesc(ptr::null()));
    let scalar = acl!(rig.aclCreateTensorDesc(kind, 0, ptr::null(), format));
    assert_eq!(acl!(rig.aclGetTensorDescElementCount(scalar)), 1);
    assert_eq!(acl!(rig.aclGetTensorDescSize(scalar)), 2);
    assert_eq!(acl!(rig.aclGetTensorDescType(scalar)), kind);
    assert_eq!(acl!(rig.aclGetTensorDescFormat(scalar)), format);
    for (dims, count, rank) in [
        (&[2_i64, 3][..], 6, 2),
        (&[2, -1], 0, 2),
        (&[i64::MAX, 4], 0, 2),
        (&[-2], 0, usize::MAX - 1),
    ] {
        let desc = rig.shape(dims);
        assert_eq!(
            acl!(rig.aclGetTensorDescElementCount(desc)),
            count,
            "{dims:?}"
        );
        assert_eq!(acl!(rig.aclGetTensorDescSize(desc)), count * 4);
        assert_eq!(acl!(rig.aclGetTensorDescNumDims(desc)), rank);
        let mut dim = 9;
        assert_eq!(acl!(rig.aclGetTensorDescDimV2(desc, 0, &raw mut dim)), 0);
        assert_eq!(dim, dims[0]);
        assert_eq!(
            acl!(rig.aclGetTensorDescDimV2(desc, 2, &raw mut dim)),
            100_000
        );
        assert_eq!(
            acl!(rig.aclGetTensorDescDimV2(desc, 0, ptr::null_mut())),
            100_000
        );
        assert_eq!(acl!(rig.aclGetTensorDescDim(desc, 2)), -1);
    }
}
