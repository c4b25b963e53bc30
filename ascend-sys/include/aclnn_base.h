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

/** Success. */

/** An array of truth values for an aclnn operator.
 *  For libnnopbase.so; since CANN 8.1 or earlier. */
typedef struct aclBoolArray aclBoolArray;
/** An array of numbers for an aclnn operator.
 *  For libnnopbase.so; since CANN 8.1 or earlier. */
typedef struct aclFloatArray aclFloatArray;
/** An array of integers for an aclnn operator.
 *  For libnnopbase.so; since CANN 8.1 or earlier. */
typedef struct aclIntArray aclIntArray;
/** The plan of an aclnn operator, made by its first half and used by its second.
 *  For libnnopbase.so; since CANN 8.1 or earlier. */
typedef struct aclOpExecutor aclOpExecutor;
/** A single value for an aclnn operator.
 *  For libnnopbase.so; since CANN 8.1 or earlier. */
typedef struct aclScalar aclScalar;
/** A list of single values for an aclnn operator.
 *  For libnnopbase.so; since CANN 8.1 or earlier. */
typedef struct aclScalarList aclScalarList;
/** A tensor of an aclnn operator: a view of device memory.
 *  For libnnopbase.so; since CANN 8.1 or earlier. */
typedef struct aclTensor aclTensor;
/** A list of tensors for an aclnn operator.
 *  For libnnopbase.so; since CANN 8.1 or earlier. */
typedef struct aclTensorList aclTensorList;
/** What an aclnn function answers: 0, or the number of an error.
 *  For libnnopbase.so; since CANN 8.1 or earlier. */
typedef int32_t aclnnStatus;
static const aclnnStatus OK = 0;

/** As aclSetDynamicInputTensorAddr, by its older name.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus AclSetDynamicInputTensorAddr(aclOpExecutor *executor, size_t irIndex, const size_t relativeIndex, aclTensorList *tensors, void *addr);
/** As aclSetDynamicOutputTensorAddr, by its older name.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus AclSetDynamicOutputTensorAddr(aclOpExecutor *executor, size_t irIndex, const size_t relativeIndex, aclTensorList *tensors, void *addr);
/** As aclSetDynamicTensorAddr, by its older name.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus AclSetDynamicTensorAddr(aclOpExecutor *executor, size_t irIndex, const size_t relativeIndex, aclTensorList *tensors, void *addr);
/** As aclSetInputTensorAddr, by its older name.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus AclSetInputTensorAddr(aclOpExecutor *executor, const size_t index, aclTensor *tensor, void *addr);
/** As aclSetOutputTensorAddr, by its older name.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus AclSetOutputTensorAddr(aclOpExecutor *executor, const size_t index, aclTensor *tensor, void *addr);
/** As aclSetTensorAddr, by its older name.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus AclSetTensorAddr(aclOpExecutor *executor, const size_t index, aclTensor *tensor, void *addr);
/** Makes an array of truth values for an operator.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclBoolArray *aclCreateBoolArray(const bool *value, uint64_t size);
/** Makes an array of numbers for an operator.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclFloatArray *aclCreateFloatArray(const float *value, uint64_t size);
/** Makes an array of integers for an operator.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclIntArray *aclCreateIntArray(const int64_t *value, uint64_t size);
/** Makes a single value for an operator.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclScalar *aclCreateScalar(void *value, aclDataType dataType);
/** Makes a list of single values for an operator.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclScalarList *aclCreateScalarList(const aclScalar *const *value, uint64_t size);
/** Makes a tensor over device memory: a view with strides, and the storage below it.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclTensor *aclCreateTensor(const int64_t *viewDims, uint64_t viewDimsNum, aclDataType dataType, const int64_t *stride, int64_t offset, aclFormat format, const int64_t *storageDims, uint64_t storageDimsNum, void *tensorData);
/** Makes a list of tensors, which then belong to the list.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclTensorList *aclCreateTensorList(const aclTensor *const *value, uint64_t size);
/** Frees an operator's plan.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclDestroyAclOpExecutor(aclOpExecutor *executor);
/** Frees an array of truth values.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclDestroyBoolArray(const aclBoolArray *array);
/** Frees an array of numbers.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclDestroyFloatArray(const aclFloatArray *array);
/** Frees an array of integers.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclDestroyIntArray(const aclIntArray *array);
/** Frees a single value.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclDestroyScalar(const aclScalar *scalar);
/** Frees a list with its values.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclDestroyScalarList(const aclScalarList *array);
/** Frees a tensor, not the device memory.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclDestroyTensor(const aclTensor *tensor);
/** Frees a list with its tensors.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclDestroyTensorList(const aclTensorList *array);
/** Puts the dumping of an operator's tensors into a stream.
 *  In libnnopbase.so; since CANN 9.0. */
aclnnStatus aclDumpOpTensors(const char *opType, const char *opName, aclTensor **tensors, size_t inputTensorNum, size_t outputTensorNum, aclrtStream stream);
/** Counts an array of truth values.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclGetBoolArraySize(const aclBoolArray *array, uint64_t *size);
/** Gives a tensor's element type.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclGetDataType(const aclTensor *tensor, aclDataType *dataType);
/** Counts an array of numbers.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclGetFloatArraySize(const aclFloatArray *array, uint64_t *size);
/** Gives a tensor's format.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclGetFormat(const aclTensor *tensor, aclFormat *format);
/** Counts an array of integers.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclGetIntArraySize(const aclIntArray *array, uint64_t *size);
/** Gives the device address of a tensor.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclGetRawTensorAddr(const aclTensor *tensor, void **addr);
/** Counts a list of values.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclGetScalarListSize(const aclScalarList *scalarList, uint64_t *size);
/** Gives the shape of a tensor's storage.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclGetStorageShape(const aclTensor *tensor, int64_t **storageDims, uint64_t *storageDimsNum);
/** Counts a list of tensors.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclGetTensorListSize(const aclTensorList *tensorList, uint64_t *size);
/** Gives where in the storage a tensor's view begins.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclGetViewOffset(const aclTensor *tensor, int64_t *offset);
/** Gives the shape of a tensor's view.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclGetViewShape(const aclTensor *tensor, int64_t **viewDims, uint64_t *viewDimsNum);
/** Gives the strides of a tensor's view.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclGetViewStrides(const aclTensor *tensor, int64_t **stridesValue, uint64_t *stridesNum);
/** Makes a tensor anew in the same place.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclInitTensor(aclTensor *tensor, const int64_t *viewDims, uint64_t viewDimsNum, aclDataType dataType, const int64_t *stride, int64_t offset, aclFormat format, const int64_t *storageDims, uint64_t storageDimsNum, void *tensorDataAddr);
/** Lets an operator's plan be used more than once.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclSetAclOpExecutorRepeatable(aclOpExecutor *executor);
/** Moves one tensor of a planned operator's input list to another address.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclSetDynamicInputTensorAddr(aclOpExecutor *executor, size_t irIndex, const size_t relativeIndex, aclTensorList *tensors, void *addr);
/** Moves one tensor of a planned operator's output list to another address.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclSetDynamicOutputTensorAddr(aclOpExecutor *executor, size_t irIndex, const size_t relativeIndex, aclTensorList *tensors, void *addr);
/** Moves one tensor of a planned operator's list to another address.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclSetDynamicTensorAddr(aclOpExecutor *executor, size_t irIndex, const size_t relativeIndex, aclTensorList *tensors, void *addr);
/** Moves a planned operator's input to another address.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclSetInputTensorAddr(aclOpExecutor *executor, const size_t index, aclTensor *tensor, void *addr);
/** Moves a planned operator's output to another address.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclSetOutputTensorAddr(aclOpExecutor *executor, const size_t index, aclTensor *tensor, void *addr);
/** Moves a tensor to another address.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclSetRawTensorAddr(aclTensor *tensor, void *addr);
/** Moves a tensor of a planned operator to another address.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclSetTensorAddr(aclOpExecutor *executor, const size_t index, aclTensor *tensor, void *addr);
/** Ends the use of aclnn operators.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnFinalize(void);
/** Begins the use of aclnn operators, with a JSON configuration if one is named.
 *  In libnnopbase.so; since CANN 8.1 or earlier. */
aclnnStatus aclnnInit(const char *configPath);

#ifdef __cplusplus
}
#endif

#endif
