/* Matrix products: every release from CANN 8.1
 * to mid-2026 in one header. Written by tools/acl_header.py; names, numbers and
 * layouts are facts of the interface, the wording is this project's own.
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#ifndef ASCEND_SYS_ACL_CBLAS_H
#define ASCEND_SYS_ACL_CBLAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ascendcl.h"

#ifdef __cplusplus
extern "C" {
#endif


/** How exactly a product is computed.
 *  For libacl_cblas.so; since CANN 8.1 or earlier. */
typedef enum aclComputeType {
    ACL_COMPUTE_HIGH_PRECISION = 0,
    ACL_COMPUTE_LOW_PRECISION = 1,
} aclComputeType;

/** How a matrix lies in memory.
 *  For libacl_cblas.so; since CANN 8.1 or earlier. */
typedef enum aclTransType {
    /** As it is. */
    ACL_TRANS_N = 0,
    /** Transposed. */
    ACL_TRANS_T = 1,
    /** In blocks of the matrix unit. */
    ACL_TRANS_NZ = 2,
    ACL_TRANS_NZ_T = 3,
} aclTransType;


/** Prepares a product of two matrices of chosen types for many runs.
 *  In libacl_cblas.so; since CANN 8.1 or earlier. */
aclError aclblasCreateHandleForGemmEx(aclTransType transA, aclTransType transB, aclTransType transC, int m, int n, int k, aclDataType dataTypeA, aclDataType dataTypeB, aclDataType dataTypeC, aclComputeType type, aclopHandle **handle);
/** Prepares a product of a matrix and a vector of chosen types for many runs.
 *  In libacl_cblas.so; since CANN 8.1 or earlier. */
aclError aclblasCreateHandleForGemvEx(aclTransType transA, int m, int n, aclDataType dataTypeA, aclDataType dataTypeX, aclDataType dataTypeY, aclComputeType type, aclopHandle **handle);
/** Prepares a half-precision product of two matrices for many runs.
 *  In libacl_cblas.so; since CANN 8.1 or earlier. */
aclError aclblasCreateHandleForHgemm(aclTransType transA, aclTransType transB, aclTransType transC, int m, int n, int k, aclComputeType type, aclopHandle **handle);
/** Prepares a half-precision product of a matrix and a vector for many runs.
 *  In libacl_cblas.so; since CANN 8.1 or earlier. */
aclError aclblasCreateHandleForHgemv(aclTransType transA, int m, int n, aclComputeType type, aclopHandle **handle);
/** Prepares an 8-bit product of two matrices for many runs.
 *  In libacl_cblas.so; since CANN 8.1 or earlier. */
aclError aclblasCreateHandleForS8gemm(aclTransType transA, aclTransType transB, aclTransType transC, int m, int n, int k, aclComputeType type, aclopHandle **handle);
/** Prepares an 8-bit product of a matrix and a vector for many runs.
 *  In libacl_cblas.so; since CANN 8.1 or earlier. */
aclError aclblasCreateHandleForS8gemv(aclTransType transA, int m, int n, aclComputeType type, aclopHandle **handle);
/** Puts C = alpha A B + beta C, of chosen types, into a stream.
 *  In libacl_cblas.so; since CANN 8.1 or earlier. */
aclError aclblasGemmEx(aclTransType transA, aclTransType transB, aclTransType transC, int m, int n, int k, const void *alpha, const void *matrixA, int lda, aclDataType dataTypeA, const void *matrixB, int ldb, aclDataType dataTypeB, const void *beta, void *matrixC, int ldc, aclDataType dataTypeC, aclComputeType type, aclrtStream stream);
/** Puts y = alpha A x + beta y, of chosen types, into a stream.
 *  In libacl_cblas.so; since CANN 8.1 or earlier. */
aclError aclblasGemvEx(aclTransType transA, int m, int n, const void *alpha, const void *a, int lda, aclDataType dataTypeA, const void *x, int incx, aclDataType dataTypeX, const void *beta, void *y, int incy, aclDataType dataTypeY, aclComputeType type, aclrtStream stream);
/** Puts C = alpha A B + beta C, in half precision, into a stream.
 *  In libacl_cblas.so; since CANN 8.1 or earlier. */
aclError aclblasHgemm(aclTransType transA, aclTransType transB, aclTransType transC, int m, int n, int k, const aclFloat16 *alpha, const aclFloat16 *matrixA, int lda, const aclFloat16 *matrixB, int ldb, const aclFloat16 *beta, aclFloat16 *matrixC, int ldc, aclComputeType type, aclrtStream stream);
/** Puts y = alpha A x + beta y, in half precision, into a stream.
 *  In libacl_cblas.so; since CANN 8.1 or earlier. */
aclError aclblasHgemv(aclTransType transA, int m, int n, const aclFloat16 *alpha, const aclFloat16 *a, int lda, const aclFloat16 *x, int incx, const aclFloat16 *beta, aclFloat16 *y, int incy, aclComputeType type, aclrtStream stream);
/** Puts C = alpha A B + beta C, of 8-bit integers, into a stream.
 *  In libacl_cblas.so; since CANN 8.1 or earlier. */
aclError aclblasS8gemm(aclTransType transA, aclTransType transB, aclTransType transC, int m, int n, int k, const int32_t *alpha, const int8_t *matrixA, int lda, const int8_t *matrixB, int ldb, const int32_t *beta, int32_t *matrixC, int ldc, aclComputeType type, aclrtStream stream);
/** Puts y = alpha A x + beta y, of 8-bit integers, into a stream.
 *  In libacl_cblas.so; since CANN 8.1 or earlier. */
aclError aclblasS8gemv(aclTransType transA, int m, int n, const int32_t *alpha, const int8_t *a, int lda, const int8_t *x, int incx, const int32_t *beta, int32_t *y, int incy, aclComputeType type, aclrtStream stream);

#ifdef __cplusplus
}
#endif

#endif
