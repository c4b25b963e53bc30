//! Data buffers, tensor descriptions and datasets.

use std::ffi::CStr;
use std::ptr;

use ascend_mock::Kind;
use ascend_sys::{aclDataType, aclFormat, aclMemType};

use crate::common::{NULL, Rig, at};

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

/// S
#[test]
fn what_a_tensor_description_holds_besides() {
    let rig = Rig::new();
    let desc = rig.shape(&[2, 3, 4, 5]);
    let name = |desc| {
        let name = acl!(rig.aclGetTensorDescName(desc));
        // SAFETY: the device gives texts that end with a zero byte.
        unsafe { CStr::from_ptr(name) }.to_owned()
    };
    assert_eq!(name(desc).as_c_str(), c"");
    acl!(rig.aclSetTensorDescName(desc, c"pixels".as_ptr()));
    assert_eq!(name(desc).as_c_str(), c"pixels");
    acl!(rig.aclSetTensorDescName(desc, ptr::null()));
    assert_eq!(name(desc).as_c_str(), c"pixels");
    assert_eq!(name(ptr::null_mut()).as_c_str(), c"");
    assert!(acl!(rig.aclGetTensorDescAddress(desc)).is_null());
    assert_eq!(acl!(rig.aclGetTensorDescByIndex(desc, 0)), desc);
    assert!(acl!(rig.aclGetTensorDescByIndex(desc, 1)).is_null());
    // Ranges.
    let mut ranges = [[1_i64, 2], [3, 3], [4, -1], [5, 5]];
    let mut range = [0; 2];
    let get = |index, count, range: &mut [i64; 2]| {
        acl!(rig.aclGetTensorDescDimRange(desc, index, count, range.as_mut_ptr()))
    };
    assert_eq!(get(0, 2, &mut range), 100_000, "there is none yet");
    let start = ranges.as_mut_ptr();
    assert_eq!(
        acl!(rig.aclSetTensorShapeRange(desc, 4, ptr::null_mut())),
        100_000
    );
    assert_eq!(acl!(rig.aclSetTensorShapeRange(desc, 4, start)), 0);
    assert_eq!(acl!(rig.aclSetTensorValueRange(desc, 4, start)), 0);
    assert_eq!(get(2, 2, &mut range), 0);
    assert_eq!(range, [4, -1]);
    assert_eq!(get(4, 2, &mut range), 100_000);
    assert_eq!(get(0, 1, &mut range), 100_000);
    // The layout in memory does not show in the getters, the original one does.
    let (nchw, nhwc) = (aclFormat::ACL_FORMAT_NCHW, aclFormat::ACL_FORMAT_NHWC);
    let other = [7_i64, 8];
    assert_eq!(acl!(rig.aclSetTensorFormat(desc, nhwc)), 0);
    assert_eq!(acl!(rig.aclSetTensorStorageFormat(desc, nhwc)), 0);
    assert_eq!(acl!(rig.aclSetTensorShape(desc, 2, other.as_ptr())), 0);
    assert_eq!(
        acl!(rig.aclSetTensorStorageShape(desc, 2, other.as_ptr())),
        0
    );
    assert_eq!(acl!(rig.aclGetTensorDescNumDims(desc)), 4);
    assert_eq!(acl!(rig.aclSetTensorOriginFormat(desc, nchw)), 0);
    assert_eq!(acl!(rig.aclGetTensorDescFormat(desc)), nchw);
    for (rank, dims) in [(-1, other.as_ptr()), (2, ptr::null())] {
        assert_eq!(acl!(rig.aclSetTensorShape(desc, rank, dims)), 100_000);
        assert_eq!(
            acl!(rig.aclSetTensorStorageShape(desc, rank, dims)),
            100_000
        );
        assert_eq!(acl!(rig.aclSetTensorOriginShape(desc, rank, dims)), 100_000);
    }
    assert_eq!(
        acl!(rig.aclSetTensorOriginShape(desc, 2, other.as_ptr())),
        0
    );
    assert_eq!(acl!(rig.aclGetTensorDescElementCount(desc)), 56);
    // Constants are copied, and other facts kept.
    let mut elements = [1_u8; 8];
    let data = elements.as_mut_ptr().cast();
    assert_eq!(acl!(rig.aclSetTensorConst(desc, NULL, 8)), 100_000);
    assert_eq!(acl!(rig.aclSetTensorConst(desc, data, 0)), 100_000);
    assert_eq!(acl!(rig.aclSetTensorConst(desc, data, 8)), 0);
    assert_eq!(
        acl!(rig.aclSetTensorPlaceMent(desc, aclMemType::ACL_MEMTYPE_HOST)),
        0
    );
    assert_eq!(
        acl!(rig.aclSetTensorPlaceMent(desc, aclMemType(9))),
        100_000
    );
    assert_eq!(acl!(rig.aclSetTensorDynamicInput(desc, c"x".as_ptr())), 0);
    assert_eq!(
        acl!(rig.aclSetTensorDynamicInput(desc, ptr::null())),
        100_000
    );
    assert_eq!(acl!(rig.aclSetTensorFormat(ptr::null_mut(), nhwc)), 100_000);
    acl!(rig.aclDestroyTensorDesc(desc));
    assert_eq!(acl!(rig.aclSetTensorFormat(desc, nhwc)), 107_017);
}

#[test]
fn a_tensor_description_in_another_layout() {
    let rig = Rig::new();
    let (kind, nchw) = (aclDataType::ACL_FLOAT16, aclFormat::ACL_FORMAT_NCHW);
    let make = |format, dims: &[i64]| {
        let rank = i32::try_from(dims.len()).unwrap();
        acl!(rig.aclCreateTensorDesc(kind, rank, dims.as_ptr(), format))
    };
    for (from, dims, to, expected) in [
        (
            nchw,
            &[1_i64, 2, 3, 4][..],
            aclFormat::ACL_FORMAT_NHWC,
            Some(vec![1, 3, 4, 2]),
        ),
        (
            aclFormat::ACL_FORMAT_NHWC,
            &[1, 3, 4, 2],
            nchw,
            Some(vec![1, 2, 3, 4]),
        ),
        (
            nchw,
            &[1, 17, 3, 4],
            aclFormat::ACL_FORMAT_NC1HWC0,
            Some(vec![1, 2, 3, 4, 16]),
        ),
        (
            aclFormat::ACL_FORMAT_ND,
            &[9, 33, 20],
            aclFormat::ACL_FORMAT_FRACTAL_NZ,
            Some(vec![9, 2, 3, 16, 16]),
        ),
        (nchw, &[1, 2, 3, 4], nchw, Some(vec![1, 2, 3, 4])),
        (nchw, &[1, 2, 3], aclFormat::ACL_FORMAT_NHWC, None),
        (nchw, &[1, 2, 3, 4], aclFormat::ACL_FORMAT_FRACTAL_Z, None),
    ] {
        let source = make(from, dims);
        let mut answer = ptr::null_mut();
        let code = acl!(rig.aclTransTensorDescFormat(source, to, &raw mut answer));
        assert_eq!(code, if expected.is_some() { 0 } else { 100_000 });
        let Some(expected) = expected else { continue };
        let rank = acl!(rig.aclGetTensorDescNumDims(answer));
        let dims: Vec<_> = (0..rank)
            .map(|axis| acl!(rig.aclGetTensorDescDim(answer, axis)))
            .collect();
        assert_eq!(
            (dims, acl!(rig.aclGetTensorDescFormat(answer))),
            (expected, to)
        );
    }
    let source = make(nchw, &[1, 2, 3, 4]);
    assert_eq!(
        acl!(rig.aclTransTensorDescFormat(source, nchw, ptr::null_mut())),
        100_000
    );
}
