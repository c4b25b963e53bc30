//! Matrix products: what they are given is checked, and nothing is computed.

#![allow(
    clippy::many_single_char_names,
    clippy::similar_names,
    reason = "the C functions' own"
)]

use std::ffi::*;

use ascend_sys::*;

use super::pointers::number;
use crate::entry::{Entry, present};
use crate::fault::Fault;
use crate::model::element_size;

/// Refuses orders of elements that there are not. The result has those of a matrix as it is.
fn check_order(name: &str, order: aclTransType, of_result: bool) -> Result<(), Fault> {
    use aclTransType as Order;
    match order {
        Order::ACL_TRANS_N | Order::ACL_TRANS_NZ => Ok(()),
        Order::ACL_TRANS_T | Order::ACL_TRANS_NZ_T if !of_result => Ok(()),
        aclTransType(other) => Err(Fault::argument(format!("{name} is {other}"))),
    }
}

/// Refuses extents that are not above 0.
fn check_extent(name: &str, extent: c_int) -> Result<(), Fault> {
    if extent <= 0 {
        return Err(Fault::argument(format!("{name} is {extent}, not above 0")));
    }
    Ok(())
}

/// Only packed operands are taken.
fn check_stride(name: &str, stride: c_int) -> Result<(), Fault> {
    if stride != -1 {
        return Err(Fault::argument(format!(
            "{name} is {stride}; it can be -1 only"
        )));
    }
    Ok(())
}

fn check_type(name: &str, kind: aclDataType) -> Result<(), Fault> {
    if element_size(kind) == 0 {
        return Err(Fault::argument(format!("{name} is {}, of no size", kind.0)));
    }
    Ok(())
}

fn check_precision(precision: aclComputeType) -> Result<(), Fault> {
    if precision.0 > aclComputeType::ACL_COMPUTE_LOW_PRECISION.0 {
        return Err(Fault::argument(format!("type is {}", precision.0)));
    }
    Ok(())
}

/// Checks the product of a matrix of `m` rows and `n` columns and a vector.
fn check_matrix(order: aclTransType, [m, n]: [c_int; 2]) -> Result<(), Fault> {
    check_order("transA", order, false)?;
    check_extent("m", m)?;
    check_extent("n", n)
}

/// Checks the product of a matrix of `m` rows and `k` columns and one of `k` rows and `n` columns.
fn check_matrices(
    [left, right, result]: [aclTransType; 3],
    [m, n, k]: [c_int; 3],
) -> Result<(), Fault> {
    check_order("transA", left, false)?;
    check_order("transB", right, false)?;
    check_order("transC", result, true)?;
    check_extent("m", m)?;
    check_extent("n", n)?;
    check_extent("k", k)
}

pub(super) unsafe fn aclblasCreateHandleForGemmEx(
    call: &Entry<'_>,
    transA: aclTransType,
    transB: aclTransType,
    transC: aclTransType,
    m: c_int,
    n: c_int,
    k: c_int,
    dataTypeA: aclDataType,
    dataTypeB: aclDataType,
    dataTypeC: aclDataType,
    type_: aclComputeType,
    handle: *mut *mut aclopHandle,
) -> Result<(), Fault> {
    check_matrices([transA, transB, transC], [m, n, k])?;
    check_type("dataTypeA", dataTypeA)?;
    check_type("dataTypeB", dataTypeB)?;
    check_type("dataTypeC", dataTypeC)?;
    check_precision(type_)?;
    present("handle", handle)?;
    call.unsupported()
}

pub(super) unsafe fn aclblasCreateHandleForGemvEx(
    call: &Entry<'_>,
    transA: aclTransType,
    m: c_int,
    n: c_int,
    dataTypeA: aclDataType,
    dataTypeX: aclDataType,
    dataTypeY: aclDataType,
    type_: aclComputeType,
    handle: *mut *mut aclopHandle,
) -> Result<(), Fault> {
    check_matrix(transA, [m, n])?;
    check_type("dataTypeA", dataTypeA)?;
    check_type("dataTypeX", dataTypeX)?;
    check_type("dataTypeY", dataTypeY)?;
    check_precision(type_)?;
    present("handle", handle)?;
    call.unsupported()
}

pub(super) unsafe fn aclblasGemmEx(
    call: &Entry<'_>,
    transA: aclTransType,
    transB: aclTransType,
    transC: aclTransType,
    m: c_int,
    n: c_int,
    k: c_int,
    alpha: *const c_void,
    matrixA: *const c_void,
    lda: c_int,
    dataTypeA: aclDataType,
    matrixB: *const c_void,
    ldb: c_int,
    dataTypeB: aclDataType,
    beta: *const c_void,
    matrixC: *mut c_void,
    ldc: c_int,
    dataTypeC: aclDataType,
    type_: aclComputeType,
    stream: aclrtStream,
) -> Result<(), Fault> {
    check_matrices([transA, transB, transC], [m, n, k])?;
    present("alpha", alpha)?;
    present("matrixA", matrixA)?;
    check_stride("lda", lda)?;
    check_type("dataTypeA", dataTypeA)?;
    present("matrixB", matrixB)?;
    check_stride("ldb", ldb)?;
    check_type("dataTypeB", dataTypeB)?;
    present("beta", beta)?;
    present("matrixC", matrixC)?;
    check_stride("ldc", ldc)?;
    check_type("dataTypeC", dataTypeC)?;
    check_precision(type_)?;
    call.unsupported_in(number(stream))
}

pub(super) unsafe fn aclblasGemvEx(
    call: &Entry<'_>,
    transA: aclTransType,
    m: c_int,
    n: c_int,
    alpha: *const c_void,
    a: *const c_void,
    lda: c_int,
    dataTypeA: aclDataType,
    x: *const c_void,
    incx: c_int,
    dataTypeX: aclDataType,
    beta: *const c_void,
    y: *mut c_void,
    incy: c_int,
    dataTypeY: aclDataType,
    type_: aclComputeType,
    stream: aclrtStream,
) -> Result<(), Fault> {
    check_matrix(transA, [m, n])?;
    present("alpha", alpha)?;
    present("a", a)?;
    check_stride("lda", lda)?;
    check_type("dataTypeA", dataTypeA)?;
    present("x", x)?;
    check_stride("incx", incx)?;
    check_type("dataTypeX", dataTypeX)?;
    present("beta", beta)?;
    present("y", y)?;
    check_stride("incy", incy)?;
    check_type("dataTypeY", dataTypeY)?;
    check_precision(type_)?;
    call.unsupported_in(number(stream))
}

/// The products of one type of elements, which have no types among their arguments.
macro_rules! products {
    ($element:ty => $result:ty:
        $matrices_handle:ident, $vector_handle:ident, $matrices:ident, $vector:ident;) => {
        pub(super) unsafe fn $matrices_handle(
            call: &Entry<'_>,
            transA: aclTransType,
            transB: aclTransType,
            transC: aclTransType,
            m: c_int,
            n: c_int,
            k: c_int,
            type_: aclComputeType,
            handle: *mut *mut aclopHandle,
        ) -> Result<(), Fault> {
            check_matrices([transA, transB, transC], [m, n, k])?;
            check_precision(type_)?;
            present("handle", handle)?;
            call.unsupported()
        }

        pub(super) unsafe fn $vector_handle(
            call: &Entry<'_>,
            transA: aclTransType,
            m: c_int,
            n: c_int,
            type_: aclComputeType,
            handle: *mut *mut aclopHandle,
        ) -> Result<(), Fault> {
            check_matrix(transA, [m, n])?;
            check_precision(type_)?;
            present("handle", handle)?;
            call.unsupported()
        }

        pub(super) unsafe fn $matrices(
            call: &Entry<'_>,
            transA: aclTransType,
            transB: aclTransType,
            transC: aclTransType,
            m: c_int,
            n: c_int,
            k: c_int,
            alpha: *const $result,
            matrixA: *const $element,
            lda: c_int,
            matrixB: *const $element,
            ldb: c_int,
            beta: *const $result,
            matrixC: *mut $result,
            ldc: c_int,
            type_: aclComputeType,
            stream: aclrtStream,
        ) -> Result<(), Fault> {
            check_matrices([transA, transB, transC], [m, n, k])?;
            present("alpha", alpha)?;
            present("matrixA", matrixA)?;
            check_stride("lda", lda)?;
            present("matrixB", matrixB)?;
            check_stride("ldb", ldb)?;
            present("beta", beta)?;
            present("matrixC", matrixC)?;
            check_stride("ldc", ldc)?;
            check_precision(type_)?;
            call.unsupported_in(number(stream))
        }

        pub(super) unsafe fn $vector(
            call: &Entry<'_>,
            transA: aclTransType,
            m: c_int,
            n: c_int,
            alpha: *const $result,
            a: *const $element,
            lda: c_int,
            x: *const $element,
            incx: c_int,
            beta: *const $result,
            y: *mut $result,
            incy: c_int,
            type_: aclComputeType,
            stream: aclrtStream,
        ) -> Result<(), Fault> {
            check_matrix(transA, [m, n])?;
            present("alpha", alpha)?;
            present("a", a)?;
            check_stride("lda", lda)?;
            present("x", x)?;
            check_stride("incx", incx)?;
            present("beta", beta)?;
            present("y", y)?;
            check_stride("incy", incy)?;
            check_precision(type_)?;
            call.unsupported_in(number(stream))
        }
    };
}

products! {
    aclFloat16 => aclFloat16:
    aclblasCreateHandleForHgemm, aclblasCreateHandleForHgemv, aclblasHgemm, aclblasHgemv;
}

products! {
    i8 => i32:
    aclblasCreateHandleForS8gemm, aclblasCreateHandleForS8gemv, aclblasS8gemm, aclblasS8gemv;
}
