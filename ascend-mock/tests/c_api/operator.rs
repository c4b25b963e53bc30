//! Single operators.

use std::ffi::{CString, c_int};
use std::ptr;

use ascend_mock::Kind;
use ascend_sys::{
    aclDataBuffer, aclDataType, aclFormat, aclTensorDesc, aclopAttr, aclopEngineType,
};

use crate::common::{NULL, Rig};

fn desc(rig: &Rig, dims: &[i64]) -> *mut aclTensorDesc {
    let rank = c_int::try_from(dims.len()).unwrap();
    let (float, format) = (aclDataType::ACL_FLOAT, aclFormat::ACL_FORMAT_ND);
    acl!(rig.aclCreateTensorDesc(float, rank, dims.as_ptr(), format))
}

fn buffer(rig: &Rig) -> *mut aclDataBuffer {
    acl!(rig.aclCreateDataBuffer(NULL, 0))
}

#[test]
fn attributes_take_values_of_every_kind() {
    let rig = Rig::new();
    let attr = acl!(rig.aclopCreateAttr());
    assert!(!attr.is_null());
    assert_eq!(rig.lease.ledger().count(Kind::OperatorAttr), 1);
    let name = c"axis".as_ptr();
    let (ints, floats, bools) = ([1_i64, 2], [1.0_f32], [0_u8, 1]);
    let kinds = [aclDataType::ACL_INT8];
    let (rows, counts) = ([ints.as_ptr()], [2]);
    let mut texts = [c"a".as_ptr()];
    for code in [
        acl!(rig.aclopSetAttrBool(attr, name, 1)),
        acl!(rig.aclopSetAttrInt(attr, name, -3)),
        acl!(rig.aclopSetAttrFloat(attr, name, 0.5)),
        acl!(rig.aclopSetAttrString(attr, name, c"x".as_ptr())),
        acl!(rig.aclopSetAttrDataType(attr, name, aclDataType::ACL_INT8)),
        acl!(rig.aclopSetAttrListBool(attr, name, 2, bools.as_ptr())),
        acl!(rig.aclopSetAttrListInt(attr, name, 2, ints.as_ptr())),
        acl!(rig.aclopSetAttrListInt(attr, name, 0, ptr::null())),
        acl!(rig.aclopSetAttrListFloat(attr, name, 1, floats.as_ptr())),
        acl!(rig.aclopSetAttrListDataType(attr, name, 1, kinds.as_ptr())),
        acl!(rig.aclopSetAttrListString(attr, name, 1, texts.as_mut_ptr())),
        acl!(rig.aclopSetAttrListListInt(attr, name, 1, counts.as_ptr(), rows.as_ptr())),
    ] {
        assert_eq!(code, 0);
    }
    for code in [
        acl!(rig.aclopSetAttrInt(ptr::null_mut(), name, 1)),
        acl!(rig.aclopSetAttrInt(attr, ptr::null(), 1)),
        acl!(rig.aclopSetAttrString(attr, name, ptr::null())),
        acl!(rig.aclopSetAttrListInt(attr, name, 2, ptr::null())),
        acl!(rig.aclopSetAttrListInt(attr, name, -1, ints.as_ptr())),
        acl!(rig.aclopSetAttrListListInt(attr, name, 1, ptr::null(), rows.as_ptr())),
    ] {
        assert_eq!(code, 100_000);
    }
    acl!(rig.aclopDestroyAttr(attr));
    assert_eq!(rig.lease.ledger().count(Kind::OperatorAttr), 0);
    assert_eq!(acl!(rig.aclopSetAttrInt(attr, name, 1)), 107_017);
}

/// S
#[test]
fn r_273_operators_check_their_arguments() {
    let rig = Rig::new();
    let (mut descs, mut buffers) = ([desc(&rig, &[2])], [buffer(&rig)]);
    let (d, b) = (descs.as_mut_ptr(), buffers.as_mut_ptr());
    let (no_desc, no_buffer) = (ptr::null_mut(), ptr::null_mut());
    let (op, attr) = (c"Add".as_ptr(), ptr::null_mut());
    let mut hole = [ptr::null_mut()];
    for code in [
        acl!(rig.aclopExecuteV2(ptr::null(), 1, d, b, 1, d, b, attr, NULL)),
        acl!(rig.aclopExecuteV2(op, -1, d, b, 1, d, b, attr, NULL)),
        acl!(rig.aclopExecuteV2(op, 1, d, b, -1, d, b, attr, NULL)),
        acl!(rig.aclopExecuteV2(op, 1, no_desc, b, 1, d, b, attr, NULL)),
        acl!(rig.aclopExecuteV2(op, 1, d, no_buffer, 1, d, b, attr, NULL)),
        acl!(rig.aclopExecuteV2(op, 1, d, b, 1, no_desc, b, attr, NULL)),
        acl!(rig.aclopExecuteV2(op, 1, hole.as_mut_ptr(), b, 1, d, b, attr, NULL)),
        acl!(rig.aclopCast(ptr::null(), b.cast(), descs[0], buffers[0], 0, NULL)),
    ] {
        assert_eq!(code, 100_000);
    }
    acl!(rig.aclDestroyTensorDesc(descs[0]));
    let d = descs.as_mut_ptr();
    assert_eq!(
        acl!(rig.aclopExecuteV2(op, 1, d, b, 1, d, b, attr, NULL)),
        107_017
    );
}

/// S
#[test]
fn r_275_r_277_no_operator_fits_unless_there_is_nothing_to_do() {
    let rig = Rig::new();
    let (mut full, mut empty) = ([desc(&rig, &[2])], [desc(&rig, &[2, 0])]);
    let mut buffers = [buffer(&rig)];
    let (d, e, b) = (full.as_mut_ptr(), empty.as_mut_ptr(), buffers.as_mut_ptr());
    let attr = acl!(rig.aclopCreateAttr());
    let op = c"Add".as_ptr();
    let code = acl!(rig.aclopExecuteV2(op, 1, d, b, 1, d, b, attr, NULL));
    assert_eq!(code, 100_024);
    assert!(rig.message().unwrap().contains("\"Add\""));
    let code = acl!(rig.aclopExecuteV2(op, 1, d, b, 1, e, b, attr, NULL));
    assert_eq!(code, 0);
    let code = acl!(rig.aclopCast(full[0], buffers[0], full[0], buffers[0], 0, NULL));
    assert_eq!(code, 100_024);
    let mut handle = ptr::null_mut();
    let of: *const *const aclTensorDesc = full.as_ptr().cast();
    let none: *const aclopAttr = ptr::null();
    let code = acl!(rig.aclopCreateHandle(op, 1, of, 1, of, none, &raw mut handle));
    assert_eq!(code, 100_024);
    let code = acl!(rig.aclopCreateHandle(op, 1, of, 1, of, none, ptr::null_mut()));
    assert_eq!(code, 100_000);
    let code = acl!(rig.aclopExecWithHandle(ptr::null_mut(), 0, ptr::null(), 0, ptr::null(), NULL));
    assert_eq!(code, 100_000);
}

/// S
#[test]
fn r_274_a_folder_of_models_is_set_once() {
    let rig = Rig::new();
    assert_eq!(acl!(rig.aclopSetModelDir(ptr::null())), 100_000);
    assert_eq!(
        acl!(rig.aclopSetModelDir(c"no/such/folder".as_ptr())),
        100_014
    );
    let folder = std::env::temp_dir().join(format!("ascend-mock-{}-ops", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = CString::new(folder.to_str().unwrap()).unwrap();
    assert_eq!(acl!(rig.aclopSetModelDir(path.as_ptr())), 0);
    assert_eq!(acl!(rig.aclopSetModelDir(path.as_ptr())), 100_002);
    std::fs::remove_dir(&folder).unwrap();
    let bytes = [0_u8; 4];
    assert_eq!(acl!(rig.aclopLoad(bytes.as_ptr().cast(), 0)), 100_000);
    assert_eq!(acl!(rig.aclopLoad(ptr::null(), 4)), 100_000);
    assert_eq!(acl!(rig.aclopLoad(bytes.as_ptr().cast(), 4)), 200_001);
}

/// S
#[test]
fn r_280_a_queue_needs_room() {
    let rig = Rig::new();
    assert_eq!(acl!(rig.aclopSetMaxOpQueueNum(0)), 100_000);
    assert_eq!(acl!(rig.aclopSetMaxOpQueueNum(10)), 0);
}

#[test]
fn kernels_and_functions_of_operators_are_registered_once() {
    unsafe extern "C" fn choose(
        _: c_int,
        _: *const *const aclTensorDesc,
        _: c_int,
        _: *const *const aclTensorDesc,
        _: *const aclopAttr,
        _: *mut ascend_sys::aclopKernelDesc,
    ) -> ascend_sys::aclError {
        0
    }
    let rig = Rig::new();
    let op = c"Add".as_ptr();
    let update = || acl!(rig.aclopUpdateParams(op, 0, ptr::null(), 0, ptr::null(), ptr::null()));
    assert_eq!(update(), 100_028);
    assert_eq!(acl!(rig.aclopUnregisterCompileFunc(op)), 100_028);
    assert_eq!(acl!(rig.aclopRegisterCompileFunc(op, None)), 100_000);
    assert_eq!(acl!(rig.aclopRegisterCompileFunc(op, Some(choose))), 0);
    assert_eq!(
        acl!(rig.aclopRegisterCompileFunc(op, Some(choose))),
        100_030
    );
    assert_eq!(update(), 200_001);
    assert_eq!(acl!(rig.aclopUnregisterCompileFunc(op)), 0);
    let engine = aclopEngineType::ACL_ENGINE_AICORE;
    let mut code = [0_u8; 4];
    let bytes = code.as_mut_ptr().cast();
    let create =
        |id: *const _| acl!(rig.aclopCreateKernel(op, id, c"add".as_ptr(), bytes, 4, engine, None));
    assert_eq!(create(ptr::null()), 100_000);
    assert_eq!(create(c"one".as_ptr()), 0);
    assert_eq!(create(c"one".as_ptr()), 100_031);
}
