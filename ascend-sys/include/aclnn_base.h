/* The values that aclnn operators work on: every release from CANN 8.1
 * to mid-2026 in one header. Written by tools/acl_header.py; names, numbers and
 * layouts are facts of the interface, the wording is this project's own.
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#ifndef ASCEND_SYS_ACLNN_BASE_H
#define ASCEND_SYS_ACLNN_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ascendcl.h"

#ifdef __cplusplus
extern "C" {
#endif


/** For libnnopbase.so; since CANN 8.1 or earlier. */
typedef struct aclBoolArray aclBoolArray;
/** For libnnopbase.so; since CANN 8.1 or earlier. */
typedef struct aclFloatArray aclFloatArray;
/** For libnnopbase.so; since CANN 8.1 or earlier. */
typedef struct aclIntArray aclIntArray;
/** For libnnopbase.so; since CANN 8.1 or earlier. */
typedef struct aclOpExecutor aclOpExecutor;
/** For libnnopbase.so; since CANN 8.1 or earlier. */
typedef struct aclScalar aclScalar;
/** For libnnopbase.so; since CANN 8.1 or earlier. */
typedef struct aclScalarList aclScalarList;
/** For libnnopbase.so; since CANN 8.1 or earlier. */
typedef struct aclTensor aclTensor;
/** For libnnopbase.so; since CANN 8.1 or earlier. */
typedef struct aclTensorList aclTensorList;
/** For libnnopbase.so; since CANN 8.1 or earlier. */
typedef int32_t aclnnStatus;
static const aclnnStatus OK = 0;

/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus AclSetDynamicInputTensorAddr(aclOpExecutor *executor, size_t irIndex, const size_t relativeIndex, aclTensorList *tensors, void *addr);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus AclSetDynamicOutputTensorAddr(aclOpExecutor *executor, size_t irIndex, const size_t relativeIndex, aclTensorList *tensors, void *addr);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus AclSetDynamicTensorAddr(aclOpExecutor *executor, size_t irIndex, const size_t relativeIndex, aclTensorList *tensors, void *addr);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus AclSetInputTensorAddr(aclOpExecutor *executor, const size_t index, aclTensor *tensor, void *addr);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus AclSetOutputTensorAddr(aclOpExecutor *executor, const size_t index, aclTensor *tensor, void *addr);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus AclSetTensorAddr(aclOpExecutor *executor, const size_t index, aclTensor *tensor, void *addr);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclBoolArray *aclCreateBoolArray(const bool *value, uint64_t size);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclFloatArray *aclCreateFloatArray(const float *value, uint64_t size);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclIntArray *aclCreateIntArray(const int64_t *value, uint64_t size);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclScalar *aclCreateScalar(void *value, aclDataType dataType);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclScalarList *aclCreateScalarList(const aclScalar *const *value, uint64_t size);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclTensor *aclCreateTensor(const int64_t *viewDims, uint64_t viewDimsNum, aclDataType dataType, const int64_t *stride, int64_t offset, aclFormat format, const int64_t *storageDims, uint64_t storageDimsNum, void *tensorData);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclTensorList *aclCreateTensorList(const aclTensor *const *value, uint64_t size);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclDestroyAclOpExecutor(aclOpExecutor *executor);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclDestroyBoolArray(const aclBoolArray *array);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclDestroyFloatArray(const aclFloatArray *array);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclDestroyIntArray(const aclIntArray *array);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclDestroyScalar(const aclScalar *scalar);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclDestroyScalarList(const aclScalarList *array);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclDestroyTensor(const aclTensor *tensor);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclDestroyTensorList(const aclTensorList *array);
/** In libnnopbase.so; since CANN 9.0. */
aclnnStatus aclDumpOpTensors(const char *opType, const char *opName, aclTensor **tensors, size_t inputTensorNum, size_t outputTensorNum, aclrtStream stream);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclGetBoolArraySize(const aclBoolArray *array, uint64_t *size);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclGetDataType(const aclTensor *tensor, aclDataType *dataType);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclGetFloatArraySize(const aclFloatArray *array, uint64_t *size);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclGetFormat(const aclTensor *tensor, aclFormat *format);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclGetIntArraySize(const aclIntArray *array, uint64_t *size);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclGetRawTensorAddr(const aclTensor *tensor, void **addr);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclGetScalarListSize(const aclScalarList *scalarList, uint64_t *size);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclGetStorageShape(const aclTensor *tensor, int64_t **storageDims, uint64_t *storageDimsNum);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclGetTensorListSize(const aclTensorList *tensorList, uint64_t *size);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclGetViewOffset(const aclTensor *tensor, int64_t *offset);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclGetViewShape(const aclTensor *tensor, int64_t **viewDims, uint64_t *viewDimsNum);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclGetViewStrides(const aclTensor *tensor, int64_t **stridesValue, uint64_t *stridesNum);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclInitTensor(aclTensor *tensor, const int64_t *viewDims, uint64_t viewDimsNum, aclDataType dataType, const int64_t *stride, int64_t offset, aclFormat format, const int64_t *storageDims, uint64_t storageDimsNum, void *tensorDataAddr);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclSetAclOpExecutorRepeatable(aclOpExecutor *executor);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclSetDynamicInputTensorAddr(aclOpExecutor *executor, size_t irIndex, const size_t relativeIndex, aclTensorList *tensors, void *addr);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclSetDynamicOutputTensorAddr(aclOpExecutor *executor, size_t irIndex, const size_t relativeIndex, aclTensorList *tensors, void *addr);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclSetDynamicTensorAddr(aclOpExecutor *executor, size_t irIndex, const size_t relativeIndex, aclTensorList *tensors, void *addr);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclSetInputTensorAddr(aclOpExecutor *executor, const size_t index, aclTensor *tensor, void *addr);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclSetOutputTensorAddr(aclOpExecutor *executor, const size_t index, aclTensor *tensor, void *addr);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclSetRawTensorAddr(aclTensor *tensor, void *addr);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclSetTensorAddr(aclOpExecutor *executor, const size_t index, aclTensor *tensor, void *addr);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnFinalize(void);
/** In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInit(const char *configPath);

#ifdef __cplusplus
}
#endif

#endif
