//! The values that aclnn operators work on.

use std::ptr;

use ascend_mock::Kind;
use ascend_sys::{AclnnBaseApi, aclDataType, aclFormat, aclTensor};

use crate::common::{Library, NULL, Raw, Rig};

const FLOAT: aclDataType = aclDataType::ACL_FLOAT;
const ND: aclFormat = aclFormat::ACL_FORMAT_ND;

type Base = Library<AclnnBaseApi>;

fn base(rig: &Rig) -> Base {
    Library {
        api: rig.lease.aclnn_base(),
    }
}

fn tensor(base: &Base, view: &[i64], strides: &[i64], data: Raw) -> *mut aclTensor {
    let rank = view.len() as u64;
    let strides = if strides.is_empty() {
        ptr::null()
    } else {
        strides.as_ptr()
    };
    let view = view.as_ptr();
    acl!(base.aclCreateTensor(view, rank, FLOAT, strides, 0, ND, view, rank, data))
}

/// A row that the device made, which the program frees.
fn row(values: *mut i64, count: u64) -> Vec<i64> {
    let count = usize::try_from(count).unwrap();
    // SAFETY: the device made as many values.
    let row = unsafe { std::slice::from_raw_parts(values, count) }.to_vec();
    // SAFETY: it was made by `malloc`, and nobody has it any more.
    unsafe { libc::free(values.cast()) };
    row
}

#[test]
fn tensors_keep_what_they_are_made_of() {
    let rig = Rig::new();
    let base = base(&rig);
    let data = rig.malloc(64);
    let made = tensor(&base, &[2, 3], &[], data);
    assert_eq!(rig.lease.ledger().count(Kind::Tensor), 1);
    let (mut values, mut count) = (ptr::null_mut(), 0);
    assert_eq!(
        acl!(base.aclGetViewShape(made, &raw mut values, &raw mut count)),
        0
    );
    assert_eq!(row(values, count), [2, 3]);
    assert_eq!(
        acl!(base.aclGetViewStrides(made, &raw mut values, &raw mut count)),
        0
    );
    assert_eq!(row(values, count), [3, 1]);
    assert_eq!(
        acl!(base.aclGetStorageShape(made, &raw mut values, &raw mut count)),
        0
    );
    assert_eq!(row(values, count), [2, 3]);
    let (mut address, mut dtype) = (NULL, aclDataType::ACL_DT_UNDEFINED);
    assert_eq!(acl!(base.aclGetRawTensorAddr(made, &raw mut address)), 0);
    assert_eq!(acl!(base.aclGetDataType(made, &raw mut dtype)), 0);
    assert_eq!((address, dtype), (data, FLOAT));
    assert_eq!(acl!(base.aclSetRawTensorAddr(made, NULL)), 0);
    assert_eq!(acl!(base.aclGetRawTensorAddr(made, &raw mut address)), 0);
    assert!(address.is_null());
    assert_eq!(acl!(base.aclDestroyTensor(made)), 0);
    assert_eq!(acl!(base.aclDestroyTensor(made)), 161_002);
    assert_eq!(rig.lease.ledger().count(Kind::Tensor), 0);
}

#[test]
fn tensors_are_refused_when_they_cannot_be() {
    let rig = Rig::new();
    let base = base(&rig);
    assert!(tensor(&base, &[-1], &[], NULL).is_null());
    assert!(rig.message().unwrap().contains("extent -1"));
    let none = ptr::null();
    let none = acl!(base.aclCreateTensor(none, 1, FLOAT, none, 0, ND, none, 0, NULL));
    assert!(none.is_null());
    assert!(rig.message().unwrap().contains("viewDims is NULL"));
    assert!(acl!(base.aclCreateScalar(NULL, FLOAT)).is_null());
    assert!(acl!(base.aclCreateIntArray(ptr::null(), 2)).is_null());
    assert!(acl!(base.aclCreateIntArray([1].as_ptr(), u64::MAX)).is_null());
}

#[test]
fn arrays_and_scalars_are_copies() {
    let rig = Rig::new();
    let base = base(&rig);
    let mut number = 1.5_f32;
    let scalar = acl!(base.aclCreateScalar((&raw mut number).cast(), FLOAT));
    let ints = acl!(base.aclCreateIntArray([1, 2, 3].as_ptr(), 3));
    let floats = acl!(base.aclCreateFloatArray(ptr::null(), 0));
    let bools = acl!(base.aclCreateBoolArray([true].as_ptr(), 1));
    let mut size = 9;
    assert_eq!(acl!(base.aclGetIntArraySize(ints, &raw mut size)), 0);
    assert_eq!(size, 3);
    assert_eq!(acl!(base.aclGetFloatArraySize(floats, &raw mut size)), 0);
    assert_eq!(size, 0);
    // A handle of something else.
    assert_eq!(
        acl!(base.aclGetIntArraySize(bools.cast(), &raw mut size)),
        161_002
    );
    let scalars = [scalar.cast_const()];
    let list = acl!(base.aclCreateScalarList(scalars.as_ptr(), 1));
    assert_eq!(acl!(base.aclGetScalarListSize(list, &raw mut size)), 0);
    assert_eq!(size, 1);
    // The list owns its scalars.
    assert_eq!(acl!(base.aclDestroyScalarList(list)), 0);
    assert_eq!(acl!(base.aclDestroyScalar(scalar)), 161_002);
    assert_eq!(acl!(base.aclDestroyIntArray(ints)), 0);
    assert_eq!(acl!(base.aclDestroyFloatArray(floats)), 0);
    assert_eq!(acl!(base.aclDestroyBoolArray(bools)), 0);
}

#[test]
fn a_configuration_must_be_there() {
    let rig = Rig::new();
    let base = base(&rig);
    assert_eq!(acl!(base.aclnnInit(ptr::null())), 0);
    assert_eq!(acl!(base.aclnnInit(c"/no/such/file".as_ptr())), 161_002);
    assert_eq!(acl!(base.aclnnFinalize()), 0);
}
