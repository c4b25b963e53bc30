/* Dumping tensors and exceptions: every release from CANN 8.1
 * to mid-2026 in one header. Written by tools/acl_header.py; names, numbers and
 * layouts are facts of the interface, the wording is this project's own.
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#ifndef ASCEND_SYS_ACL_DUMP_H
#define ASCEND_SYS_ACL_DUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ascendcl.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ACL_DUMP_MAX_FILE_PATH_LENGTH 4096
#define ACL_DUMP_MAX_SHAPE_NUM 25
#define ACL_OP_DUMP_OP_AICORE_ARGS 1

/** What a dumped tensor's address points to.
 *  For libascend_dump.so; since a CANN after 8.1. */
typedef enum acldumpTensorAddressType {
    ACL_DUMP_ADDR_PTR = 0,
    ACL_DUMP_ADDR_PTR_PTR = 1,
    ACL_DUMP_ADDR_RAW = 2,
} acldumpTensorAddressType;

/** Where a dumped tensor lies.
 *  For libascend_dump.so; since a CANN after 8.1. */
typedef enum acldumpTensorPlacement {
    ACL_DUMP_PLACEMENT_DEVICE = 0,
    ACL_DUMP_PLACEMENT_HOST = 1,
    ACL_DUMP_PLACEMENT_END = 2,
} acldumpTensorPlacement;

/** What a dumped tensor is to its operator.
 *  For libascend_dump.so; since a CANN after 8.1. */
typedef enum acldumpTensorType {
    ACL_DUMP_TENSOR_INPUT = 0,
    ACL_DUMP_TENSOR_OUTPUT = 1,
    ACL_DUMP_TENSOR_WORKSPACE = 2,
} acldumpTensorType;

/** Kinds of dumps.
 *  For libascend_dump.so; since a CANN after 8.1. */
typedef enum acldumpType {
    AIC_ERR_BRIEF_DUMP = 1,
    AIC_ERR_NORM_DUMP = 2,
    AIC_ERR_DETAIL_DUMP = 3,
    DATA_DUMP = 4,
    OVERFLOW_DUMP = 5,
} acldumpType;


/** A piece of a dump that is handed over.
 *  For libascend_dump.so; since CANN 8.1 or earlier. */
typedef struct acldumpChunk {
    char fileName[4096];
    /** Bytes of dataBuf that count. */
    uint32_t bufLen;
    uint32_t isLastChunk;
    /** Where in the file the piece goes. */
    int64_t offset;
    int32_t flag;
    /** The data, as long as bufLen says. */
    uint8_t dataBuf[];
} acldumpChunk;

/** A tensor to be written to a file.
 *  For libascend_dump.so; since a CANN after 8.1. */
typedef struct acldumpTensorInfo {
    acldumpTensorType type;
    size_t tensorSize;
    int32_t format;
    int32_t dataType;
    int64_t *tensorAddr;
    acldumpTensorAddressType addrType;
    acldumpTensorPlacement placement;
    uint32_t argsOffset;
    uint32_t shapeNum;
    uint32_t originShapeNum;
    uint64_t shape[25];
    uint64_t originShape[25];
} acldumpTensorInfo;

/** Gives the folder to which exception data is written.
 *  In libascend_dump.so; since a CANN after 9.1. */
aclError acldumpGetExceptionInfoPath(char *path, size_t maxLen);
/** Gives the folder to which dumps of a kind are written.
 *  In libascend_dump.so; since CANN 9.0. */
const char *acldumpGetPath(acldumpType dumpType);
/** Has dump data handed to a function instead of a file.
 *  In libascend_dump.so; since CANN 8.1 or earlier. */
aclError acldumpRegCallback(int32_t (*const messageCallback)(const acldumpChunk *, int32_t), int32_t flag);
/** Writes tensors of a failed task to a file.
 *  In libascend_dump.so; since a CANN after 9.1. */
aclError acldumpSaveExceptionInfo(const char *fileName, const char *userTag, const acldumpTensorInfo *tensors, size_t tensorCount);
/** Ends the handing over of dump data.
 *  In libascend_dump.so; since CANN 8.1 or earlier. */
void acldumpUnregCallback(void);

#ifdef __cplusplus
}
#endif

#endif
