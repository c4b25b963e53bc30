/* Profiling: every release from CANN 8.1
 * to mid-2026 in one header. Written by tools/acl_header.py; names, numbers and
 * layouts are facts of the interface, the wording is this project's own.
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#ifndef ASCEND_SYS_ACL_PROF_H
#define ASCEND_SYS_ACL_PROF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ascendcl.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ACL_PROF_ACL_API 1
#define ACL_PROF_AICORE_METRICS 4
#define ACL_PROF_AICORE_SHAPE 34359738368
#define ACL_PROF_AICPU 8
#define ACL_PROF_API_STATS 17179869184
#define ACL_PROF_EVENT_ATTR_VERSION 1
#define ACL_PROF_GE_API_L0 512
#define ACL_PROF_GE_API_L1 16777216
#define ACL_PROF_HCCL_TRACE 32
#define ACL_PROF_L2CACHE 16
#define ACL_PROF_MAX_OP_NAME_LEN 257
#define ACL_PROF_MAX_OP_TYPE_LEN 65
#define ACL_PROF_MSPROFTX 128
#define ACL_PROF_OP_ATTR 16384
#define ACL_PROF_RUNTIME_API 256
#define ACL_PROF_TASK_MEMORY 4096
#define ACL_PROF_TASK_TIME 2
#define ACL_PROF_TASK_TIME_L0 2048
#define ACL_PROF_TASK_TIME_L2 8192
#define ACL_PROF_TASK_TIME_L3 32768
#define ACL_PROF_TENSOR_DATA_SHAPE_LEN 8
#define ACL_PROF_TRAINING_TRACE 64

/** Metrics of the cores.
 *  For libmsprofiler.so; since CANN 8.1 or earlier. */
typedef enum aclprofAicoreMetrics {
    ACL_AICORE_ARITHMETIC_UTILIZATION = 0,
    ACL_AICORE_PIPE_UTILIZATION = 1,
    ACL_AICORE_MEMORY_BANDWIDTH = 2,
    ACL_AICORE_L0B_AND_WIDTH = 3,
    ACL_AICORE_RESOURCE_CONFLICT_RATIO = 4,
    ACL_AICORE_MEMORY_UB = 5,
    ACL_AICORE_L2_CACHE = 6,
    ACL_AICORE_PIPE_EXECUTE_UTILIZATION = 7,
    ACL_AICORE_MEMORY_ACCESS = 8,
    ACL_AICORE_NONE = 255,
} aclprofAicoreMetrics;

/** Options of the profiler.
 *  For libmsprofiler.so; since CANN 8.1 or earlier. */
typedef enum aclprofConfigType {
    ACL_PROF_ARGS_MIN = 0,
    ACL_PROF_STORAGE_LIMIT = 1,
    /** In CANN 8.1 alone. */
    ACL_PROF_AIV_METRICS = 2,
    ACL_PROF_SYS_HARDWARE_MEM_FREQ = 3,
    ACL_PROF_LLC_MODE = 4,
    ACL_PROF_SYS_IO_FREQ = 5,
    ACL_PROF_SYS_INTERCONNECTION_FREQ = 6,
    ACL_PROF_DVPP_FREQ = 7,
    ACL_PROF_HOST_SYS = 8,
    ACL_PROF_HOST_SYS_USAGE = 9,
    ACL_PROF_HOST_SYS_USAGE_FREQ = 10,
    /** The end of the list: 11 in CANN 8.1, 15 in 8.5 and 9.0. */
    ACL_PROF_ARGS_MAX = 17,
    /** Since a CANN after 8.1. */
    ACL_PROF_LOW_POWER_FREQ = 11,
    /** Since a CANN after 8.1. */
    ACL_PROF_SYS_MEM_SERVICEFLOW = 12,
    /** Since a CANN after 8.1. */
    ACL_PROF_SYS_CPU_FREQ = 13,
    /** In CANN 8.5 and 9.0 alone, and 14 is ACL_PROF_OPTYPE later.
     *  Since a CANN after 9.1. */
    ACL_PROF_SCALE = 14,
    /** Since a CANN after 8.1. */
    ACL_PROF_OPTYPE = 14,
    /** Since a CANN after 8.1. */
    ACL_PROF_NTS_METRICS = 15,
    /** Since a CANN after 8.1. */
    ACL_PROF_PATH = 16,
} aclprofConfigType;

/** What a range's message holds.
 *  For libmsprofiler.so; since a CANN after 8.1. */
typedef enum aclprofMessageType {
    ACL_PROF_MESSAGE_TYPE_TENSOR_INFO = 0,
} aclprofMessageType;

/** Beginning or end of a step.
 *  For libmsprofiler.so; since CANN 8.1 or earlier. */
typedef enum aclprofStepTag {
    ACL_STEP_START = 0,
    ACL_STEP_END = 1,
} aclprofStepTag;

/** Attributes of an operator record.
 *  For libmsprofiler.so; since a CANN after 8.1. */
typedef enum aclprofSubscribeOpAttri {
    ACL_SUBSCRIBE_ATTRI_THREADID = 0,
    ACL_SUBSCRIBE_ATTRI_NONE = 1,
} aclprofSubscribeOpAttri;

/** What an operator record is about.
 *  For libmsprofiler.so; since a CANN after 8.1. */
typedef enum aclprofSubscribeOpFlag {
    ACL_SUBSCRIBE_OP = 0,
    ACL_SUBSCRIBE_SUBGRAPH = 1,
    ACL_SUBSCRIBE_OP_THREAD = 2,
    ACL_SUBSCRIBE_NONE = 255,
} aclprofSubscribeOpFlag;

/** Events that the cores are to count.
 *  For libmsprofiler.so; since CANN 8.1 or earlier. */
typedef struct aclprofAicoreEvents aclprofAicoreEvents;
/** A profiling configuration.
 *  For libmsprofiler.so; since CANN 8.1 or earlier. */
typedef struct aclprofConfig aclprofConfig;
/** A mark for the steps of a loop.
 *  For libmsprofiler.so; since CANN 8.1 or earlier. */
typedef struct aclprofStepInfo aclprofStepInfo;
/** A configuration for stopping.
 *  For libmsprofiler.so; since CANN 8.1 or earlier. */
typedef struct aclprofStopConfig aclprofStopConfig;
/** A configuration for reading a profile as a model runs.
 *  For libmsprofiler.so; since CANN 8.1 or earlier. */
typedef struct aclprofSubscribeConfig aclprofSubscribeConfig;

/** A tensor as the profile notes it.
 *  For libmsprofiler.so; since a CANN after 8.1. */
typedef struct aclprofTensor {
    uint32_t type;
    uint32_t format;
    uint32_t dataType;
    uint32_t shapeDim;
    uint32_t shape[8];
} aclprofTensor;

/** An operator's tensors as the profile notes them.
 *  For libmsprofiler.so; since a CANN after 8.1. */
typedef struct aclprofTensorInfo {
    uint64_t opNameId;
    uint64_t opTypeId;
    uint32_t resv;
    uint32_t tensorNum;
    uint32_t kernelType;
    uint32_t blockNums;
    void *stream;
    aclprofTensor *tensors;
} aclprofTensorInfo;

/** Attributes of a range.
 *  For libmsprofiler.so; since a CANN after 8.1. */
typedef struct aclprofEventAttributes {
    uint16_t version;
    uint16_t size;
    uint32_t messageType;
    union {
        aclprofTensorInfo *tensorInfo;
    } message;
} aclprofEventAttributes;

/** Makes a profiling configuration: devices, metrics and kinds of data.
 *  In libmsprofiler.so; since CANN 8.1 or earlier. */
aclprofConfig *aclprofCreateConfig(uint32_t *deviceIdList, uint32_t deviceNums, aclprofAicoreMetrics aicoreMetrics, const aclprofAicoreEvents *aicoreEvents, uint64_t dataTypeConfig);
/** Makes a stamp: an event of the program's own in the profile.
 *  In libmsprofiler.so; since CANN 8.1 or earlier. */
void *aclprofCreateStamp(void);
/** Makes a mark for the steps of a training or inference loop.
 *  In libmsprofiler.so; since CANN 8.1 or earlier. */
aclprofStepInfo *aclprofCreateStepInfo(void);
/** Makes a configuration for reading a model's profile as it runs.
 *  In libmsprofiler.so; since CANN 8.1 or earlier. */
aclprofSubscribeConfig *aclprofCreateSubscribeConfig(int8_t timeInfoSwitch, aclprofAicoreMetrics aicoreMetrics, void *fd);
/** Frees a profiling configuration.
 *  In libmsprofiler.so; since CANN 8.1 or earlier. */
aclError aclprofDestroyConfig(const aclprofConfig *profilerConfig);
/** Frees a stamp.
 *  In libmsprofiler.so; since CANN 8.1 or earlier. */
void aclprofDestroyStamp(void *stamp);
/** Frees a mark for steps.
 *  In libmsprofiler.so; since CANN 8.1 or earlier. */
void aclprofDestroyStepInfo(aclprofStepInfo *stepinfo);
/** Frees a configuration for reading.
 *  In libmsprofiler.so; since CANN 8.1 or earlier. */
aclError aclprofDestroySubscribeConfig(const aclprofSubscribeConfig *profSubscribeConfig);
/** Ends profiling and writes what remains.
 *  In libmsprofiler.so; since CANN 8.1 or earlier. */
aclError aclprofFinalize(void);
/** Gives the model that an operator record belongs to.
 *  In libmsprofiler.so; since CANN 8.1 or earlier. */
size_t aclprofGetModelId(const void *opInfo, size_t opInfoLen, uint32_t index);
/** Gives an attribute of an operator record.
 *  In libmsprofiler.so; since CANN 8.5. */
const char *aclprofGetOpAttriValue(const void *opInfo, size_t opInfoLen, uint32_t index, aclprofSubscribeOpAttri attri);
/** Gives the bytes of one operator record.
 *  In libmsprofiler.so; since CANN 8.1 or earlier. */
aclError aclprofGetOpDescSize(size_t *opDescSize);
/** Gives how long an operator took.
 *  In libmsprofiler.so; since CANN 8.1 or earlier. */
uint64_t aclprofGetOpDuration(const void *opInfo, size_t opInfoLen, uint32_t index);
/** Gives when an operator ended.
 *  In libmsprofiler.so; since CANN 8.1 or earlier. */
uint64_t aclprofGetOpEnd(const void *opInfo, size_t opInfoLen, uint32_t index);
/** Tells whether a record is about an operator, a subgraph or a thread.
 *  In libmsprofiler.so; since CANN 8.5. */
aclprofSubscribeOpFlag aclprofGetOpFlag(const void *opInfo, size_t opInfoLen, uint32_t index);
/** Gives the name of an operator.
 *  In libmsprofiler.so; since CANN 8.1 or earlier. */
aclError aclprofGetOpName(const void *opInfo, size_t opInfoLen, uint32_t index, char *opName, size_t opNameLen);
/** Gives the length of an operator's name.
 *  In libmsprofiler.so; since CANN 8.1 or earlier. */
aclError aclprofGetOpNameLen(const void *opInfo, size_t opInfoLen, uint32_t index, size_t *opNameLen);
/** Counts the operator records of a block of data.
 *  In libmsprofiler.so; since CANN 8.1 or earlier. */
aclError aclprofGetOpNum(const void *opInfo, size_t opInfoLen, uint32_t *opNumber);
/** Gives when an operator began.
 *  In libmsprofiler.so; since CANN 8.1 or earlier. */
uint64_t aclprofGetOpStart(const void *opInfo, size_t opInfoLen, uint32_t index);
/** Gives the type of an operator.
 *  In libmsprofiler.so; since CANN 8.1 or earlier. */
aclError aclprofGetOpType(const void *opInfo, size_t opInfoLen, uint32_t index, char *opType, size_t opTypeLen);
/** Gives the length of an operator's type.
 *  In libmsprofiler.so; since CANN 8.1 or earlier. */
aclError aclprofGetOpTypeLen(const void *opInfo, size_t opInfoLen, uint32_t index, size_t *opTypeLen);
/** Puts the beginning or end of a step into a stream.
 *  In libmsprofiler.so; since CANN 8.1 or earlier. */
aclError aclprofGetStepTimestamp(aclprofStepInfo *stepInfo, aclprofStepTag tag, aclrtStream stream);
/** Begins profiling into a folder.
 *  In libmsprofiler.so; since CANN 8.1 or earlier. */
aclError aclprofInit(const char *profilerResultPath, size_t length);
/** Records a stamp at this moment.
 *  In libmsprofiler.so; since CANN 8.1 or earlier. */
aclError aclprofMark(void *stamp);
/** Puts a message into the profile of a stream.
 *  In libmsprofiler.so; since CANN 8.1 or earlier. */
aclError aclprofMarkEx(const char *msg, size_t msgLen, aclrtStream stream);
/** Begins to read a model's profile as it runs.
 *  In libmsprofiler.so; since CANN 8.1 or earlier. */
aclError aclprofModelSubscribe(uint32_t modelId, const aclprofSubscribeConfig *profSubscribeConfig);
/** Ends the reading of a model's profile.
 *  In libmsprofiler.so; since CANN 8.1 or earlier. */
aclError aclprofModelUnSubscribe(uint32_t modelId);
/** Ends the innermost range of this thread.
 *  In libmsprofiler.so; since CANN 8.1 or earlier. */
aclError aclprofPop(void);
/** Begins a range in this thread.
 *  In libmsprofiler.so; since CANN 8.1 or earlier. */
aclError aclprofPush(void *stamp);
/** Ends the innermost range that was begun with attributes.
 *  In libmsprofiler.so; since CANN 9.0. */
aclError aclprofRangePop(void);
/** Begins a range in this thread, with attributes.
 *  In libmsprofiler.so; since CANN 9.0. */
aclError aclprofRangePushEx(aclprofEventAttributes *attr);
/** Begins a range that any thread may end.
 *  In libmsprofiler.so; since CANN 8.1 or earlier. */
aclError aclprofRangeStart(void *stamp, uint32_t *rangeId);
/** Ends a range by its number.
 *  In libmsprofiler.so; since CANN 8.1 or earlier. */
aclError aclprofRangeStop(uint32_t rangeId);
/** Sets an option of the profiler by name.
 *  In libmsprofiler.so; since CANN 8.1 or earlier. */
aclError aclprofSetConfig(aclprofConfigType configType, const char *config, size_t configLength);
/** Gives a stamp its text.
 *  In libmsprofiler.so; since CANN 8.1 or earlier. */
aclError aclprofSetStampTraceMessage(void *stamp, const char *msg, uint32_t msgLen);
/** Starts collecting by a configuration.
 *  In libmsprofiler.so; since CANN 8.1 or earlier. */
aclError aclprofStart(const aclprofConfig *profilerConfig);
/** Stops collecting by a configuration.
 *  In libmsprofiler.so; since CANN 8.1 or earlier. */
aclError aclprofStop(const aclprofConfig *profilerConfig);
/** Gives the number by which the profile refers to a text.
 *  In libmsprofiler.so; since CANN 9.0. */
uint64_t aclprofStr2Id(const char *message);

#ifdef __cplusplus
}
#endif

#endif
