/* Passing tensors between host and device, and between processes: every release from CANN 8.1
 * to mid-2026 in one header. Written by tools/acl_header.py; names, numbers and
 * layouts are facts of the interface, the wording is this project's own.
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#ifndef ASCEND_SYS_ACL_TDT_H
#define ASCEND_SYS_ACL_TDT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ascendcl.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ACL_TDT_QUEUE_PERMISSION_DEQUEUE 2
#define ACL_TDT_QUEUE_PERMISSION_ENQUEUE 4
#define ACL_TDT_QUEUE_PERMISSION_MANAGE 1
#define ACL_TDT_QUEUE_ROUTE_BIND 1
#define ACL_TDT_QUEUE_ROUTE_BIND_ABNORMAL 2
#define ACL_TDT_QUEUE_ROUTE_UNBIND 0

/** For libacl_tdt_channel.so and libacl_tdt_queue.so; since CANN 8.1 or earlier. */
typedef enum acltdtAllocBufType {
    ACL_TDT_NORMAL_MEM = 0,
    ACL_TDT_DVPP_MEM = 1,
} acltdtAllocBufType;

/** For libacl_tdt_channel.so and libacl_tdt_queue.so; since CANN 8.1 or earlier. */
typedef enum acltdtQueueAttrType {
    ACL_TDT_QUEUE_NAME_PTR = 0,
    ACL_TDT_QUEUE_DEPTH_UINT32 = 1,
} acltdtQueueAttrType;

/** For libacl_tdt_channel.so and libacl_tdt_queue.so; since CANN 8.1 or earlier. */
typedef enum acltdtQueueRouteParamType {
    ACL_TDT_QUEUE_ROUTE_SRC_UINT32 = 0,
    ACL_TDT_QUEUE_ROUTE_DST_UINT32 = 1,
    ACL_TDT_QUEUE_ROUTE_STATUS_INT32 = 2,
} acltdtQueueRouteParamType;

/** For libacl_tdt_channel.so and libacl_tdt_queue.so; since CANN 8.1 or earlier. */
typedef enum acltdtQueueRouteQueryInfoParamType {
    ACL_TDT_QUEUE_ROUTE_QUERY_MODE_ENUM = 0,
    ACL_TDT_QUEUE_ROUTE_QUERY_SRC_ID_UINT32 = 1,
    ACL_TDT_QUEUE_ROUTE_QUERY_DST_ID_UINT32 = 2,
} acltdtQueueRouteQueryInfoParamType;

/** For libacl_tdt_channel.so and libacl_tdt_queue.so; since CANN 8.1 or earlier. */
typedef enum acltdtQueueRouteQueryMode {
    ACL_TDT_QUEUE_ROUTE_QUERY_SRC = 0,
    ACL_TDT_QUEUE_ROUTE_QUERY_DST = 1,
    ACL_TDT_QUEUE_ROUTE_QUERY_SRC_AND_DST = 2,
    ACL_TDT_QUEUE_ROUTE_QUERY_ABNORMAL = 100,
} acltdtQueueRouteQueryMode;

/** For libacl_tdt_channel.so and libacl_tdt_queue.so; since CANN 8.1 or earlier. */
typedef enum acltdtTensorType {
    ACL_TENSOR_DATA_UNDEFINED = -1,
    ACL_TENSOR_DATA_TENSOR = 0,
    ACL_TENSOR_DATA_END_OF_SEQUENCE = 1,
    ACL_TENSOR_DATA_ABNORMAL = 2,
    ACL_TENSOR_DATA_SLICE_TENSOR = 3,
    ACL_TENSOR_DATA_END_TENSOR = 4,
} acltdtTensorType;

/** For libacl_tdt_channel.so and libacl_tdt_queue.so; since CANN 8.1 or earlier. */
typedef struct acltdtChannelHandle acltdtChannelHandle;
/** For libacl_tdt_channel.so and libacl_tdt_queue.so; since CANN 8.1 or earlier. */
typedef struct acltdtDataItem acltdtDataItem;
/** For libacl_tdt_channel.so and libacl_tdt_queue.so; since CANN 8.1 or earlier. */
typedef struct acltdtDataset acltdtDataset;
/** For libacl_tdt_channel.so and libacl_tdt_queue.so; since CANN 8.1 or earlier. */
typedef struct acltdtQueueRoute acltdtQueueRoute;
/** For libacl_tdt_channel.so and libacl_tdt_queue.so; since CANN 8.1 or earlier. */
typedef struct acltdtQueueRouteList acltdtQueueRouteList;
/** For libacl_tdt_channel.so and libacl_tdt_queue.so; since CANN 8.1 or earlier. */
typedef struct acltdtQueueRouteQueryInfo acltdtQueueRouteQueryInfo;
/** For libacl_tdt_channel.so and libacl_tdt_queue.so; since CANN 8.1 or earlier. */
typedef struct tagMemQueueAttr tagMemQueueAttr;
/** For libacl_tdt_channel.so and libacl_tdt_queue.so; since CANN 8.1 or earlier. */
typedef void *acltdtBuf;
/** For libacl_tdt_channel.so and libacl_tdt_queue.so; since CANN 8.1 or earlier. */
typedef tagMemQueueAttr acltdtQueueAttr;

/** In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
aclError acltdtAddDataItem(acltdtDataset *dataset, acltdtDataItem *dataItem);
/** In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
aclError acltdtCleanChannel(acltdtChannelHandle *handle);
/** In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
acltdtChannelHandle *acltdtCreateChannel(uint32_t deviceId, const char *name);
/** In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
acltdtChannelHandle *acltdtCreateChannelWithCapacity(uint32_t deviceId, const char *name, size_t capacity);
/** In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
acltdtDataItem *acltdtCreateDataItem(acltdtTensorType tdtType, const int64_t *dims, size_t dimNum, aclDataType dataType, void *data, size_t size);
/** In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
acltdtDataset *acltdtCreateDataset(void);
/** In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
aclError acltdtDestroyChannel(acltdtChannelHandle *handle);
/** In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
aclError acltdtDestroyDataItem(acltdtDataItem *dataItem);
/** In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
aclError acltdtDestroyDataset(acltdtDataset *dataset);
/** In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
void *acltdtGetDataAddrFromItem(const acltdtDataItem *dataItem);
/** In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
acltdtDataItem *acltdtGetDataItem(const acltdtDataset *dataset, size_t index);
/** In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
size_t acltdtGetDataSizeFromItem(const acltdtDataItem *dataItem);
/** In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
aclDataType acltdtGetDataTypeFromItem(const acltdtDataItem *dataItem);
/** In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
const char *acltdtGetDatasetName(const acltdtDataset *dataset);
/** In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
size_t acltdtGetDatasetSize(const acltdtDataset *dataset);
/** In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
size_t acltdtGetDimNumFromItem(const acltdtDataItem *dataItem);
/** In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
aclError acltdtGetDimsFromItem(const acltdtDataItem *dataItem, int64_t *dims, size_t dimNum);
/** In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
aclError acltdtGetSliceInfoFromItem(const acltdtDataItem *dataItem, size_t *sliceNum, size_t *sliceId);
/** In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
acltdtTensorType acltdtGetTensorTypeFromItem(const acltdtDataItem *dataItem);
/** In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
aclError acltdtQueryChannelSize(const acltdtChannelHandle *handle, size_t *size);
/** In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
aclError acltdtReceiveTensor(const acltdtChannelHandle *handle, acltdtDataset *dataset, int32_t timeout);
/** In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
aclError acltdtSendTensor(const acltdtChannelHandle *handle, const acltdtDataset *dataset, int32_t timeout);
/** In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
aclError acltdtStopChannel(acltdtChannelHandle *handle);
/** In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtAddQueueRoute(acltdtQueueRouteList *routeList, const acltdtQueueRoute *route);
/** In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtAllocBuf(size_t size, uint32_t type, acltdtBuf *buf);
/** In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtAppendBufChain(acltdtBuf headBuf, acltdtBuf buf);
/** In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtAttachQueue(uint32_t qid, int32_t timeout, uint32_t *permission);
/** In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtBindQueueRoutes(acltdtQueueRouteList *qRouteList);
/** In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtCopyBufRef(const acltdtBuf buf, acltdtBuf *newBuf);
/** In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtCreateQueue(const acltdtQueueAttr *attr, uint32_t *qid);
/** In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
acltdtQueueAttr *acltdtCreateQueueAttr(void);
/** In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
acltdtQueueRoute *acltdtCreateQueueRoute(uint32_t srcId, uint32_t dstId);
/** In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
acltdtQueueRouteList *acltdtCreateQueueRouteList(void);
/** In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
acltdtQueueRouteQueryInfo *acltdtCreateQueueRouteQueryInfo(void);
/** In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtDequeue(uint32_t qid, acltdtBuf *buf, int32_t timeout);
/** In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtDequeueData(uint32_t qid, void *data, size_t dataSize, size_t *retDataSize, void *userData, size_t userDataSize, int32_t timeout);
/** In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtDestroyQueue(uint32_t qid);
/** In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtDestroyQueueAttr(const acltdtQueueAttr *attr);
/** In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtDestroyQueueRoute(const acltdtQueueRoute *route);
/** In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtDestroyQueueRouteList(const acltdtQueueRouteList *routeList);
/** In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtDestroyQueueRouteQueryInfo(const acltdtQueueRouteQueryInfo *info);
/** In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtEnqueue(uint32_t qid, acltdtBuf buf, int32_t timeout);
/** In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtEnqueueData(uint32_t qid, const void *data, size_t dataSize, const void *userData, size_t userDataSize, int32_t timeout, uint32_t rsv);
/** In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtFreeBuf(acltdtBuf buf);
/** In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtGetBufChainNum(acltdtBuf headBuf, uint32_t *num);
/** In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtGetBufData(const acltdtBuf buf, void **dataPtr, size_t *size);
/** In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtGetBufDataLen(acltdtBuf buf, size_t *len);
/** In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtGetBufFromChain(acltdtBuf headBuf, uint32_t index, acltdtBuf *buf);
/** In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtGetBufUserData(const acltdtBuf buf, void *dataPtr, size_t size, size_t offset);
/** In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtGetQueueAttr(const acltdtQueueAttr *attr, acltdtQueueAttrType type, size_t len, size_t *paramRetSize, void *param);
/** In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtGetQueueRoute(const acltdtQueueRouteList *routeList, size_t index, acltdtQueueRoute *route);
/** In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
size_t acltdtGetQueueRouteNum(const acltdtQueueRouteList *routeList);
/** In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtGetQueueRouteParam(const acltdtQueueRoute *route, acltdtQueueRouteParamType type, size_t len, size_t *paramRetSize, void *param);
/** In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtGrantQueue(uint32_t qid, int32_t pid, uint32_t permission, int32_t timeout);
/** In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtQueryQueueRoutes(const acltdtQueueRouteQueryInfo *queryInfo, acltdtQueueRouteList *qRouteList);
/** In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtSetBufDataLen(acltdtBuf buf, size_t len);
/** In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtSetBufUserData(acltdtBuf buf, const void *dataPtr, size_t size, size_t offset);
/** In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtSetQueueAttr(acltdtQueueAttr *attr, acltdtQueueAttrType type, size_t len, const void *param);
/** In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtSetQueueRouteQueryInfo(acltdtQueueRouteQueryInfo *param, acltdtQueueRouteQueryInfoParamType type, size_t len, const void *value);
/** In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtUnbindQueueRoutes(acltdtQueueRouteList *qRouteList);

#ifdef __cplusplus
}
#endif

#endif
