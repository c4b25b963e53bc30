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

/** Kinds of shared buffers.
 *  For libacl_tdt_channel.so and libacl_tdt_queue.so; since CANN 8.1 or earlier. */
typedef enum acltdtAllocBufType {
    ACL_TDT_NORMAL_MEM = 0,
    ACL_TDT_DVPP_MEM = 1,
} acltdtAllocBufType;

/** Attributes of a queue.
 *  For libacl_tdt_channel.so and libacl_tdt_queue.so; since CANN 8.1 or earlier. */
typedef enum acltdtQueueAttrType {
    ACL_TDT_QUEUE_NAME_PTR = 0,
    ACL_TDT_QUEUE_DEPTH_UINT32 = 1,
} acltdtQueueAttrType;

/** Properties of a route.
 *  For libacl_tdt_channel.so and libacl_tdt_queue.so; since CANN 8.1 or earlier. */
typedef enum acltdtQueueRouteParamType {
    ACL_TDT_QUEUE_ROUTE_SRC_UINT32 = 0,
    ACL_TDT_QUEUE_ROUTE_DST_UINT32 = 1,
    ACL_TDT_QUEUE_ROUTE_STATUS_INT32 = 2,
} acltdtQueueRouteParamType;

/** Parts of a question about routes.
 *  For libacl_tdt_channel.so and libacl_tdt_queue.so; since CANN 8.1 or earlier. */
typedef enum acltdtQueueRouteQueryInfoParamType {
    ACL_TDT_QUEUE_ROUTE_QUERY_MODE_ENUM = 0,
    ACL_TDT_QUEUE_ROUTE_QUERY_SRC_ID_UINT32 = 1,
    ACL_TDT_QUEUE_ROUTE_QUERY_DST_ID_UINT32 = 2,
} acltdtQueueRouteQueryInfoParamType;

/** Which routes are asked for.
 *  For libacl_tdt_channel.so and libacl_tdt_queue.so; since CANN 8.1 or earlier. */
typedef enum acltdtQueueRouteQueryMode {
    ACL_TDT_QUEUE_ROUTE_QUERY_SRC = 0,
    ACL_TDT_QUEUE_ROUTE_QUERY_DST = 1,
    ACL_TDT_QUEUE_ROUTE_QUERY_SRC_AND_DST = 2,
    ACL_TDT_QUEUE_ROUTE_QUERY_ABNORMAL = 100,
} acltdtQueueRouteQueryMode;

/** Whether an item is a tensor or the end of the data.
 *  For libacl_tdt_channel.so and libacl_tdt_queue.so; since CANN 8.1 or earlier. */
typedef enum acltdtTensorType {
    ACL_TENSOR_DATA_UNDEFINED = -1,
    ACL_TENSOR_DATA_TENSOR = 0,
    /** No more data will come. */
    ACL_TENSOR_DATA_END_OF_SEQUENCE = 1,
    /** The data ended in an error. */
    ACL_TENSOR_DATA_ABNORMAL = 2,
    ACL_TENSOR_DATA_SLICE_TENSOR = 3,
    ACL_TENSOR_DATA_END_TENSOR = 4,
} acltdtTensorType;

/** An open channel.
 *  For libacl_tdt_channel.so and libacl_tdt_queue.so; since CANN 8.1 or earlier. */
typedef struct acltdtChannelHandle acltdtChannelHandle;
/** A tensor of a dataset.
 *  For libacl_tdt_channel.so and libacl_tdt_queue.so; since CANN 8.1 or earlier. */
typedef struct acltdtDataItem acltdtDataItem;
/** Tensors that are sent together.
 *  For libacl_tdt_channel.so and libacl_tdt_queue.so; since CANN 8.1 or earlier. */
typedef struct acltdtDataset acltdtDataset;
/** A route from a queue to a queue.
 *  For libacl_tdt_channel.so and libacl_tdt_queue.so; since CANN 8.1 or earlier. */
typedef struct acltdtQueueRoute acltdtQueueRoute;
/** A list of routes.
 *  For libacl_tdt_channel.so and libacl_tdt_queue.so; since CANN 8.1 or earlier. */
typedef struct acltdtQueueRouteList acltdtQueueRouteList;
/** A question about routes.
 *  For libacl_tdt_channel.so and libacl_tdt_queue.so; since CANN 8.1 or earlier. */
typedef struct acltdtQueueRouteQueryInfo acltdtQueueRouteQueryInfo;
/** Attributes of a queue, by their tag.
 *  For libacl_tdt_channel.so and libacl_tdt_queue.so; since CANN 8.1 or earlier. */
typedef struct tagMemQueueAttr tagMemQueueAttr;
/** A buffer that processes share.
 *  For libacl_tdt_channel.so and libacl_tdt_queue.so; since CANN 8.1 or earlier. */
typedef void *acltdtBuf;
/** Attributes of a queue.
 *  For libacl_tdt_channel.so and libacl_tdt_queue.so; since CANN 8.1 or earlier. */
typedef tagMemQueueAttr acltdtQueueAttr;

/** Appends a tensor to a dataset.
 *  In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
aclError acltdtAddDataItem(acltdtDataset *dataset, acltdtDataItem *dataItem);
/** Drops what a channel holds.
 *  In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
aclError acltdtCleanChannel(acltdtChannelHandle *handle);
/** Opens a channel of a device by its name.
 *  In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
acltdtChannelHandle *acltdtCreateChannel(uint32_t deviceId, const char *name);
/** Opens a channel of a device that holds so many datasets.
 *  In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
acltdtChannelHandle *acltdtCreateChannelWithCapacity(uint32_t deviceId, const char *name, size_t capacity);
/** Makes a tensor for a dataset.
 *  In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
acltdtDataItem *acltdtCreateDataItem(acltdtTensorType tdtType, const int64_t *dims, size_t dimNum, aclDataType dataType, void *data, size_t size);
/** Makes an empty dataset.
 *  In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
acltdtDataset *acltdtCreateDataset(void);
/** Closes a channel.
 *  In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
aclError acltdtDestroyChannel(acltdtChannelHandle *handle);
/** Frees a tensor of a dataset.
 *  In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
aclError acltdtDestroyDataItem(acltdtDataItem *dataItem);
/** Frees a dataset, not the tensors that were added to it.
 *  In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
aclError acltdtDestroyDataset(acltdtDataset *dataset);
/** Gives the address of a tensor's data.
 *  In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
void *acltdtGetDataAddrFromItem(const acltdtDataItem *dataItem);
/** Gives one tensor of a dataset.
 *  In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
acltdtDataItem *acltdtGetDataItem(const acltdtDataset *dataset, size_t index);
/** Gives the bytes of a tensor's data.
 *  In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
size_t acltdtGetDataSizeFromItem(const acltdtDataItem *dataItem);
/** Gives a tensor's element type.
 *  In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
aclDataType acltdtGetDataTypeFromItem(const acltdtDataItem *dataItem);
/** Gives the name that a dataset was sent under.
 *  In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
const char *acltdtGetDatasetName(const acltdtDataset *dataset);
/** Counts the tensors of a dataset.
 *  In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
size_t acltdtGetDatasetSize(const acltdtDataset *dataset);
/** Counts a tensor's dimensions.
 *  In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
size_t acltdtGetDimNumFromItem(const acltdtDataItem *dataItem);
/** Gives a tensor's shape.
 *  In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
aclError acltdtGetDimsFromItem(const acltdtDataItem *dataItem, int64_t *dims, size_t dimNum);
/** Tells which part of a large tensor this is, and of how many.
 *  In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
aclError acltdtGetSliceInfoFromItem(const acltdtDataItem *dataItem, size_t *sliceNum, size_t *sliceId);
/** Tells whether an item is a tensor or the end of the data.
 *  In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
acltdtTensorType acltdtGetTensorTypeFromItem(const acltdtDataItem *dataItem);
/** Counts the datasets in a channel.
 *  In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
aclError acltdtQueryChannelSize(const acltdtChannelHandle *handle, size_t *size);
/** Waits for a dataset from a channel, for a time.
 *  In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
aclError acltdtReceiveTensor(const acltdtChannelHandle *handle, acltdtDataset *dataset, int32_t timeout);
/** Sends a dataset through a channel, for a time.
 *  In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
aclError acltdtSendTensor(const acltdtChannelHandle *handle, const acltdtDataset *dataset, int32_t timeout);
/** Wakes all who wait at a channel.
 *  In libacl_tdt_channel.so; since CANN 8.1 or earlier. */
aclError acltdtStopChannel(acltdtChannelHandle *handle);
/** Appends a route to a list.
 *  In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtAddQueueRoute(acltdtQueueRouteList *routeList, const acltdtQueueRoute *route);
/** Takes a shared buffer.
 *  In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtAllocBuf(size_t size, uint32_t type, acltdtBuf *buf);
/** Appends a shared buffer to a chain.
 *  In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtAppendBufChain(acltdtBuf headBuf, acltdtBuf buf);
/** Lets this process use a queue that it was granted.
 *  In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtAttachQueue(uint32_t qid, int32_t timeout, uint32_t *permission);
/** Has what comes from queues passed on to others.
 *  In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtBindQueueRoutes(acltdtQueueRouteList *qRouteList);
/** Makes a second handle of the same shared buffer.
 *  In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtCopyBufRef(const acltdtBuf buf, acltdtBuf *newBuf);
/** Makes a queue.
 *  In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtCreateQueue(const acltdtQueueAttr *attr, uint32_t *qid);
/** Makes attributes of a queue, with their defaults.
 *  In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
acltdtQueueAttr *acltdtCreateQueueAttr(void);
/** Makes a route from a queue to a queue.
 *  In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
acltdtQueueRoute *acltdtCreateQueueRoute(uint32_t srcId, uint32_t dstId);
/** Makes an empty list of routes.
 *  In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
acltdtQueueRouteList *acltdtCreateQueueRouteList(void);
/** Makes an empty question about routes.
 *  In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
acltdtQueueRouteQueryInfo *acltdtCreateQueueRouteQueryInfo(void);
/** Takes a shared buffer from a queue, for a time.
 *  In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtDequeue(uint32_t qid, acltdtBuf *buf, int32_t timeout);
/** Takes data from a queue into memory of the caller, for a time.
 *  In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtDequeueData(uint32_t qid, void *data, size_t dataSize, size_t *retDataSize, void *userData, size_t userDataSize, int32_t timeout);
/** Destroys a queue.
 *  In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtDestroyQueue(uint32_t qid);
/** Frees attributes of a queue.
 *  In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtDestroyQueueAttr(const acltdtQueueAttr *attr);
/** Frees a route.
 *  In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtDestroyQueueRoute(const acltdtQueueRoute *route);
/** Frees a list of routes.
 *  In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtDestroyQueueRouteList(const acltdtQueueRouteList *routeList);
/** Frees a question about routes.
 *  In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtDestroyQueueRouteQueryInfo(const acltdtQueueRouteQueryInfo *info);
/** Puts a shared buffer into a queue, for a time.
 *  In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtEnqueue(uint32_t qid, acltdtBuf buf, int32_t timeout);
/** Puts data of the caller into a queue, for a time.
 *  In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtEnqueueData(uint32_t qid, const void *data, size_t dataSize, const void *userData, size_t userDataSize, int32_t timeout, uint32_t rsv);
/** Gives a shared buffer back.
 *  In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtFreeBuf(acltdtBuf buf);
/** Counts the buffers of a chain.
 *  In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtGetBufChainNum(acltdtBuf headBuf, uint32_t *num);
/** Gives address and capacity of a shared buffer.
 *  In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtGetBufData(const acltdtBuf buf, void **dataPtr, size_t *size);
/** Gives how much of a shared buffer holds data.
 *  In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtGetBufDataLen(acltdtBuf buf, size_t *len);
/** Gives one buffer of a chain.
 *  In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtGetBufFromChain(acltdtBuf headBuf, uint32_t index, acltdtBuf *buf);
/** Reads the private bytes of a shared buffer.
 *  In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtGetBufUserData(const acltdtBuf buf, void *dataPtr, size_t size, size_t offset);
/** Gives an attribute of a queue.
 *  In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtGetQueueAttr(const acltdtQueueAttr *attr, acltdtQueueAttrType type, size_t len, size_t *paramRetSize, void *param);
/** Gives one route of a list.
 *  In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtGetQueueRoute(const acltdtQueueRouteList *routeList, size_t index, acltdtQueueRoute *route);
/** Counts the routes of a list.
 *  In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
size_t acltdtGetQueueRouteNum(const acltdtQueueRouteList *routeList);
/** Gives a property of a route.
 *  In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtGetQueueRouteParam(const acltdtQueueRoute *route, acltdtQueueRouteParamType type, size_t len, size_t *paramRetSize, void *param);
/** Lets another process use a queue.
 *  In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtGrantQueue(uint32_t qid, int32_t pid, uint32_t permission, int32_t timeout);
/** Lists the routes that answer a question.
 *  In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtQueryQueueRoutes(const acltdtQueueRouteQueryInfo *queryInfo, acltdtQueueRouteList *qRouteList);
/** Says how much of a shared buffer holds data.
 *  In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtSetBufDataLen(acltdtBuf buf, size_t len);
/** Writes the private bytes of a shared buffer.
 *  In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtSetBufUserData(acltdtBuf buf, const void *dataPtr, size_t size, size_t offset);
/** Sets an attribute of a queue to be made.
 *  In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtSetQueueAttr(acltdtQueueAttr *attr, acltdtQueueAttrType type, size_t len, const void *param);
/** Sets a part of a question about routes.
 *  In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtSetQueueRouteQueryInfo(acltdtQueueRouteQueryInfo *param, acltdtQueueRouteQueryInfoParamType type, size_t len, const void *value);
/** Ends the passing on between queues.
 *  In libacl_tdt_queue.so; since CANN 8.1 or earlier. */
aclError acltdtUnbindQueueRoutes(acltdtQueueRouteList *qRouteList);

#ifdef __cplusplus
}
#endif

#endif
