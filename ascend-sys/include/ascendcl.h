/* The C API of AscendCL as libascendcl.so offers it: every release from CANN 8.1
 * to mid-2026 in one header. Written by tools/acl_header.py; names, numbers and
 * layouts are facts of the interface, the wording is this project's own.
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#ifndef ASCEND_SYS_ASCENDCL_H
#define ASCEND_SYS_ASCENDCL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ACL_ATTR_NAME_DATA_DUMP_ORIGIN_OP_NAMES "_datadump_original_op_names"
#define ACL_COMPILE_FLAG_BIN_SELECTOR 1
#define ACL_CONTINUE_ON_FAILURE 0
#define ACL_DEVICE_FORM_FACTOR_A_K 1
#define ACL_DEVICE_FORM_FACTOR_A_X 2
#define ACL_DEVICE_FORM_FACTOR_PCIE_CARD 3
#define ACL_DEVICE_FORM_FACTOR_POD 0
#define ACL_DEV_FEATURE_NOT_SUPPORT 0
#define ACL_DEV_FEATURE_SUPPORT 1
#define ACL_DIM_ENDPOINTS 2
#define ACL_DYNAMIC_AIPP_NAME "ascend_dynamic_aipp_data"
#define ACL_DYNAMIC_TENSOR_NAME "ascend_mbatch_shape_data"
#define ACL_ERROR_API_NOT_SUPPORT 200001
#define ACL_ERROR_BAD_ALLOC 200000
#define ACL_ERROR_BIN_SELECTOR_ALREADY_REGISTERED 100030
#define ACL_ERROR_BIN_SELECTOR_NOT_REGISTERED 100028
#define ACL_ERROR_COMPILING_STUB_MODE 100039
#define ACL_ERROR_DESERIALIZE_MODEL 100012
#define ACL_ERROR_DRV_FAILURE 500004
#define ACL_ERROR_DUMP_ALREADY_RUN 100044
#define ACL_ERROR_DUMP_NOT_RUN 100045
#define ACL_ERROR_FAILURE 500001
#define ACL_ERROR_FEATURE_UNSUPPORTED 200006
#define ACL_ERROR_FILE_ATTR_INVALID 100008
#define ACL_ERROR_FILE_MISSING_ATTR 100007
#define ACL_ERROR_FORMAT_NOT_MATCH 100027
#define ACL_ERROR_GE_AIPP_BATCH_EMPTY 145014
#define ACL_ERROR_GE_AIPP_MODE_INVALID 145016
#define ACL_ERROR_GE_AIPP_NOT_EXIST 145015
#define ACL_ERROR_GE_COMMAND_HANDLE 545007
#define ACL_ERROR_GE_DATATYPE_INVALID 145022
#define ACL_ERROR_GE_DATA_NOT_ALIGNED 345104
#define ACL_ERROR_GE_DEVICE_MEMORY_OPERATE_FAILED 245002
#define ACL_ERROR_GE_DYNAMIC_BATCH_SIZE_INVALID 145013
#define ACL_ERROR_GE_DYNAMIC_INPUT_ADDR_INVALID 145011
#define ACL_ERROR_GE_DYNAMIC_INPUT_LENGTH_INVALID 145012
#define ACL_ERROR_GE_EXEC_LOAD_KERNEL_PARTITION_FAILED 545005
#define ACL_ERROR_GE_EXEC_LOAD_MODEL_PARTITION_FAILED 545002
#define ACL_ERROR_GE_EXEC_LOAD_MODEL_REPEATED 145009
#define ACL_ERROR_GE_EXEC_LOAD_TASK_PARTITION_FAILED 545004
#define ACL_ERROR_GE_EXEC_LOAD_WEIGHT_PARTITION_FAILED 545003
#define ACL_ERROR_GE_EXEC_MODEL_ADDR_INVALID 145007
#define ACL_ERROR_GE_EXEC_MODEL_DATA_SIZE_INVALID 145006
#define ACL_ERROR_GE_EXEC_MODEL_ID_INVALID 145003
#define ACL_ERROR_GE_EXEC_MODEL_PATH_INVALID 145002
#define ACL_ERROR_GE_EXEC_MODEL_QUEUE_ID_INVALID 145008
#define ACL_ERROR_GE_EXEC_NOT_INIT 145001
#define ACL_ERROR_GE_EXEC_RELEASE_MODEL_DATA 545006
#define ACL_ERROR_GE_FAILURE 500002
#define ACL_ERROR_GE_FORMAT_INVALID 145020
#define ACL_ERROR_GE_GET_TENSOR_INFO 545008
#define ACL_ERROR_GE_INTERNAL_ERROR 545000
#define ACL_ERROR_GE_LOAD_MODEL 545001
#define ACL_ERROR_GE_MEMORY_ALLOCATION 245000
#define ACL_ERROR_GE_MEMORY_OPERATE_FAILED 245001
#define ACL_ERROR_GE_MODEL_EXECUTE_TIMEOUT 545601
#define ACL_ERROR_GE_OP_KERNEL_TYPE_INVALID 145018
#define ACL_ERROR_GE_OP_TASK_TYPE_INVALID 145017
#define ACL_ERROR_GE_PARAM_INVALID 145000
#define ACL_ERROR_GE_PLGMGR_PATH_INVALID 145019
#define ACL_ERROR_GE_REDEPLOYING 545602
#define ACL_ERROR_GE_SHAPE_INVALID 145021
#define ACL_ERROR_GE_SUBHEALTHY 345102
#define ACL_ERROR_GE_UNLOAD_MODEL 545009
#define ACL_ERROR_GE_USER_RAISE_EXCEPTION 345103
#define ACL_ERROR_GROUP_NOT_CREATE 100041
#define ACL_ERROR_GROUP_NOT_SET 100040
#define ACL_ERROR_HOST_MEMORY_ALREADY_REGISTERED 507910
#define ACL_ERROR_HOST_MEMORY_NOT_REGISTERED 507911
#define ACL_ERROR_INTERNAL_ERROR 500000
#define ACL_ERROR_INVALID_BUNDLE_MODEL_ID 148053
#define ACL_ERROR_INVALID_DEVICE 200002
#define ACL_ERROR_INVALID_DUMP_CONFIG 100009
#define ACL_ERROR_INVALID_FILE 100003
#define ACL_ERROR_INVALID_FILE_SIZE 100005
#define ACL_ERROR_INVALID_MAX_OPQUEUE_NUM_CONFIG 148048
#define ACL_ERROR_INVALID_MODEL_ID 100011
#define ACL_ERROR_INVALID_OPP_PATH 148049
#define ACL_ERROR_INVALID_PARAM 100000
#define ACL_ERROR_INVALID_PROFILING_CONFIG 100010
#define ACL_ERROR_INVALID_QUEUE_ID 100032
#define ACL_ERROR_INVALID_RESOURCE_HANDLE 200005
#define ACL_ERROR_KERNEL_ALREADY_REGISTERED 100031
#define ACL_ERROR_KERNEL_NOT_FOUND 100029
#define ACL_ERROR_MEMORY_ADDRESS_UNALIGNED 200003
#define ACL_ERROR_MODEL_INPUT_NOT_MATCH 100017
#define ACL_ERROR_MODEL_MISSING_ATTR 100016
#define ACL_ERROR_MODEL_NOT_DYNAMIC 100019
#define ACL_ERROR_MODEL_OUTPUT_NOT_MATCH 100018
#define ACL_ERROR_MODEL_SIZE_INVALID 100015
#define ACL_ERROR_NONE 0
#define ACL_ERROR_NOT_STATIC_AIPP 100038
#define ACL_ERROR_OP_ATTR_NOT_MATCH 100023
#define ACL_ERROR_OP_INPUT_NOT_MATCH 100021
#define ACL_ERROR_OP_LOAD_FAILED 100025
#define ACL_ERROR_OP_NOT_FOUND 100024
#define ACL_ERROR_OP_OUTPUT_NOT_MATCH 100022
#define ACL_ERROR_OP_TYPE_NOT_MATCH 100020
#define ACL_ERROR_OP_UNSUPPORTED_DYNAMIC 148050
#define ACL_ERROR_PARSE_FILE 100006
#define ACL_ERROR_PARSE_MODEL 100013
#define ACL_ERROR_PROFILING_FAILURE 500005
#define ACL_ERROR_PROF_ALREADY_RUN 100042
#define ACL_ERROR_PROF_API_CONFLICT 148047
#define ACL_ERROR_PROF_MODULES_UNSUPPORTED 200007
#define ACL_ERROR_PROF_NOT_RUN 100043
#define ACL_ERROR_PROF_REPEAT_SUBSCRIBE 148046
#define ACL_ERROR_READ_MODEL_FAILURE 100014
#define ACL_ERROR_RELATIVE_RESOURCE_NOT_CLEARED 148051
#define ACL_ERROR_REPEAT_FINALIZE 100037
#define ACL_ERROR_REPEAT_INITIALIZE 100002
#define ACL_ERROR_REPEAT_SUBSCRIBE 100033
#define ACL_ERROR_RESOURCE_NOT_MATCH 200004
#define ACL_ERROR_RT_ADDR_UNALIGNED 107008
#define ACL_ERROR_RT_AICORE_EXCEPTION 507015
#define ACL_ERROR_RT_AICORE_OVER_FLOW 207003
#define ACL_ERROR_RT_AICORE_TIMEOUT 507014
#define ACL_ERROR_RT_AICORE_TRAP_EXCEPTION 507016
#define ACL_ERROR_RT_AICORE_TRAP_READ_OVERFLOW 507042
#define ACL_ERROR_RT_AICORE_TRAP_WRITE_OVERFLOW 507043
#define ACL_ERROR_RT_AICPU_DATADUMP_RSP_ERR 507019
#define ACL_ERROR_RT_AICPU_EXCEPTION 507018
#define ACL_ERROR_RT_AICPU_INFO_LOAD_RSP_ERR 507902
#define ACL_ERROR_RT_AICPU_INTERNAL_ERROR 507900
#define ACL_ERROR_RT_AICPU_MODEL_RSP_ERR 507020
#define ACL_ERROR_RT_AICPU_TIMEOUT 507017
#define ACL_ERROR_RT_AIVEC_OVER_FLOW 207016
#define ACL_ERROR_RT_CAPTURE_DEPENDENCY 107024
#define ACL_ERROR_RT_CAPTURE_MODE_BLOCK_ASYNC 107041
#define ACL_ERROR_RT_CAPTURE_MODE_NOT_SUPPORT 107030
#define ACL_ERROR_RT_CCU_EXCEPTION 507916
#define ACL_ERROR_RT_CCU_TIMEOUT 507915
#define ACL_ERROR_RT_CDQ_BATCH_ABNORMAL 507037
#define ACL_ERROR_RT_COMM_OP_RETRY_FAIL 507904
#define ACL_ERROR_RT_CONTEXT_NULL 107002
#define ACL_ERROR_RT_CONTEXT_RELEASE_ERROR 507007
#define ACL_ERROR_RT_COPY_DATA 507052
#define ACL_ERROR_RT_DEBUG_REGISTER_FAIL 507029
#define ACL_ERROR_RT_DEBUG_UNREGISTER_FAIL 507030
#define ACL_ERROR_RT_DEVICE_MEM_ERROR 507053
#define ACL_ERROR_RT_DEVICE_OOM 207018
#define ACL_ERROR_RT_DEVICE_TASK_ABORT 107022
#define ACL_ERROR_RT_DEV_SETUP_ERROR 507033
#define ACL_ERROR_RT_DIE_MODE_CHANGE_ERROR 507038
#define ACL_ERROR_RT_DIE_MODE_NOT_SET 507041
#define ACL_ERROR_RT_DIE_SET_ERROR 507039
#define ACL_ERROR_RT_DRV_INTERNAL_ERROR 507899
#define ACL_ERROR_RT_END_OF_SEQUENCE 507005
#define ACL_ERROR_RT_EVENT_CAPTURED 107028
#define ACL_ERROR_RT_EVENT_NOT_COMPLETE 507006
#define ACL_ERROR_RT_EVENT_SYNC_TIMEOUT 507047
#define ACL_ERROR_RT_EVENT_TIMESTAMP_INVALID 107006
#define ACL_ERROR_RT_EVENT_TIMESTAMP_REVERSAL 107007
#define ACL_ERROR_RT_FAILURE 500003
#define ACL_ERROR_RT_FEATURE_NOT_SUPPORT 207000
#define ACL_ERROR_RT_FEATURE_NOT_SUPPORT_UPDATE_OP 207019
#define ACL_ERROR_RT_FFTS_PLUS_EXCEPTION 507049
#define ACL_ERROR_RT_FFTS_PLUS_TIMEOUT 507048
#define ACL_ERROR_RT_FFTS_PLUS_TRAP_EXCEPTION 507050
#define ACL_ERROR_RT_FILE_OPEN 107009
#define ACL_ERROR_RT_FILE_WRITE 107010
#define ACL_ERROR_RT_GROUP_NOT_CREATE 107014
#define ACL_ERROR_RT_GROUP_NOT_SET 107013
#define ACL_ERROR_RT_HBM_MULTI_BIT_ECC_ERROR 507054
#define ACL_ERROR_RT_INSUFFICIENT_INPUT_ARRAY 107039
#define ACL_ERROR_RT_INTERNAL_ERROR 507000
#define ACL_ERROR_RT_INVALID_DEVICEID 107001
#define ACL_ERROR_RT_INVALID_DEVICE_FUNCTION 107044
#define ACL_ERROR_RT_INVALID_DIEID 507040
#define ACL_ERROR_RT_INVALID_HANDLE 107017
#define ACL_ERROR_RT_INVALID_MALLOC_TYPE 107018
#define ACL_ERROR_RT_INVALID_MEMORY_TYPE 107016
#define ACL_ERROR_RT_INVALID_SYMBOL 107043
#define ACL_ERROR_RT_IPC_ERROR 507022
#define ACL_ERROR_RT_KERNEL_DUPLICATE 507028
#define ACL_ERROR_RT_KERNEL_LOOKUP 507027
#define ACL_ERROR_RT_KERNEL_UNREGISTERING 507024
#define ACL_ERROR_RT_L3_PORT_ERROR 507914
#define ACL_ERROR_RT_LABEL_CONTEXT 507031
#define ACL_ERROR_RT_LINK_ERROR 507056
#define ACL_ERROR_RT_LINK_TYPE_NOT_SUPPORTED 207021
#define ACL_ERROR_RT_LOST_HEARTBEAT 507010
#define ACL_ERROR_RT_MEMORY_ALLOCATION 207001
#define ACL_ERROR_RT_MEMORY_FREE 207002
#define ACL_ERROR_RT_MODEL_ABORT_NORMAL 507023
#define ACL_ERROR_RT_MODEL_CAPTURED 107026
#define ACL_ERROR_RT_MODEL_CONTEXT 107004
#define ACL_ERROR_RT_MODEL_EXECUTE 507011
#define ACL_ERROR_RT_MODEL_RUNNING 107037
#define ACL_ERROR_RT_MODEL_UPDATE_FAILED 107040
#define ACL_ERROR_RT_NO_CDQ_RESOURCE 207011
#define ACL_ERROR_RT_NO_DEVICE 207004
#define ACL_ERROR_RT_NO_EVENT_RESOURCE 207007
#define ACL_ERROR_RT_NO_MODEL_RESOURCE 207010
#define ACL_ERROR_RT_NO_NOTIFY_RESOURCE 207009
#define ACL_ERROR_RT_NO_PERMISSION 207006
#define ACL_ERROR_RT_NO_STREAM_RESOURCE 207008
#define ACL_ERROR_RT_OVER_FLOW 207017
#define ACL_ERROR_RT_OVER_LIMIT 207012
#define ACL_ERROR_RT_PARAM_INVALID 107000
#define ACL_ERROR_RT_PROFILING_ERROR 507021
#define ACL_ERROR_RT_PROGRAM_USE_OUT 507032
#define ACL_ERROR_RT_QUEUE_EMPTY 207013
#define ACL_ERROR_RT_QUEUE_FULL 207014
#define ACL_ERROR_RT_REPEATED_INIT 207015
#define ACL_ERROR_RT_REPORT_TIMEOUT 507012
#define ACL_ERROR_RT_RESOURCE_ALLOC_FAIL 207005
#define ACL_ERROR_RT_RINGBUFFER_NOT_INIT 507025
#define ACL_ERROR_RT_RINGBUFFER_NO_DATA 507026
#define ACL_ERROR_RT_SEND_MSG 507051
#define ACL_ERROR_RT_SOCKET_CLOSE 507901
#define ACL_ERROR_RT_SOC_VERSION 507008
#define ACL_ERROR_RT_STREAM_ABORT 107023
#define ACL_ERROR_RT_STREAM_CAPTURED 107027
#define ACL_ERROR_RT_STREAM_CAPTURE_IMPLICIT 107031
#define ACL_ERROR_RT_STREAM_CAPTURE_INVALIDATED 507903
#define ACL_ERROR_RT_STREAM_CAPTURE_UNMATCHED 107036
#define ACL_ERROR_RT_STREAM_CAPTURE_WRONG_THREAD 107038
#define ACL_ERROR_RT_STREAM_CONTEXT 107003
#define ACL_ERROR_RT_STREAM_MODEL 107005
#define ACL_ERROR_RT_STREAM_NOT_CAPTURED 107029
#define ACL_ERROR_RT_STREAM_NOT_COMPLETE 507004
#define ACL_ERROR_RT_STREAM_NOT_SUPPORT_OPERA 107045
#define ACL_ERROR_RT_STREAM_NO_CB_REG 107015
#define ACL_ERROR_RT_STREAM_SUBSCRIBE 107011
#define ACL_ERROR_RT_STREAM_SYNC_TIMEOUT 507046
#define ACL_ERROR_RT_STREAM_TASK_EMPTY 507003
#define ACL_ERROR_RT_STREAM_TASK_FULL 507002
#define ACL_ERROR_RT_STREAM_UNJOINED 107025
/** 107046 in some headers. */
#define ACL_ERROR_RT_SUB_ACLGRAPH_IS_CAPTURING 107045
#define ACL_ERROR_RT_SUSPECT_DEVICE_MEM_ERROR 507055
#define ACL_ERROR_RT_SUSPECT_REMOTE_ERROR 507057
#define ACL_ERROR_RT_SYMBOL_NOT_FOUND 107042
#define ACL_ERROR_RT_SYSPARAMOPT_NOT_SET 107021
#define ACL_ERROR_RT_SYS_DMA 507013
#define ACL_ERROR_RT_TASK_ABORT_STOP 107035
#define ACL_ERROR_RT_TASK_TIMEOUT 107020
#define ACL_ERROR_RT_TASK_TYPE_NOT_SUPPORT 507009
#define ACL_ERROR_RT_THREAD_SUBSCRIBE 107012
#define ACL_ERROR_RT_TIMEOUT 207020
#define ACL_ERROR_RT_TS_ERROR 507001
#define ACL_ERROR_RT_VECTOR_CORE_EXCEPTION 507035
#define ACL_ERROR_RT_VECTOR_CORE_TIMEOUT 507034
#define ACL_ERROR_RT_VECTOR_CORE_TRAP_EXCEPTION 507036
#define ACL_ERROR_RT_VECTOR_CORE_TRAP_READ_OVERFLOW 507044
#define ACL_ERROR_RT_VECTOR_CORE_TRAP_WRITE_OVERFLOW 507045
#define ACL_ERROR_RT_WAIT_TIMEOUT 107019
#define ACL_ERROR_SNAPSHOT_BACKUP_FAILED 507908
#define ACL_ERROR_SNAPSHOT_CALLBACK_FAILED 507912
#define ACL_ERROR_SNAPSHOT_LOCK_FAILED 507906
#define ACL_ERROR_SNAPSHOT_LOCK_TIMEOUT 507905
#define ACL_ERROR_SNAPSHOT_REGISTER_CALLBACK_FAILED 507913
#define ACL_ERROR_SNAPSHOT_RESTORE_FAILED 507909
#define ACL_ERROR_SNAPSHOT_UNLOCK_FAILED 507907
#define ACL_ERROR_STORAGE_OVER_LIMIT 300000
#define ACL_ERROR_STREAM_CAPTURE_CONFLICT 107032
#define ACL_ERROR_STREAM_NOT_SUBSCRIBE 100034
#define ACL_ERROR_STREAM_TASK_GROUP_INTR 107034
#define ACL_ERROR_STREAM_TASK_GROUP_STATUS 107033
#define ACL_ERROR_THREAD_NOT_SUBSCRIBE 100035
#define ACL_ERROR_UNINITIALIZE 100001
#define ACL_ERROR_UNSUPPORTED_DATA_TYPE 100026
#define ACL_ERROR_UNSUPPORTED_JPEG 148052
#define ACL_ERROR_WAIT_CALLBACK_TIMEOUT 100036
#define ACL_ERROR_WRITE_FILE 100004
#define ACL_EVENT_CAPTURE_STREAM_PROGRESS 2
#define ACL_EVENT_DEVICE_USE_ONLY 16
#define ACL_EVENT_EXTERNAL 32
#define ACL_EVENT_IPC 64
#define ACL_EVENT_RECORD_DEFAULT 0
#define ACL_EVENT_RECORD_EXTERNAL 1
#define ACL_EVENT_SYNC 1
#define ACL_EVENT_TIME_LINE 8
#define ACL_EVENT_WAIT_DEFAULT 0
#define ACL_EVENT_WAIT_EXTERNAL 1
#define ACL_HOST_DEVICE_CONNECT_TYPE_HCCS 1
#define ACL_HOST_DEVICE_CONNECT_TYPE_PCIE 0
#define ACL_HOST_DEVICE_CONNECT_TYPE_UB 2
#define ACL_HOST_REG_IOMEMORY 4
#define ACL_HOST_REG_MAPPED 2
#define ACL_HOST_REG_PINNED 268435456
#define ACL_HOST_REG_READONLY 8
#define ACL_INVALID_NODE_INDEX 4294967295
#define ACL_IPC_EVENT_HANDLE_SIZE 64
#define ACL_MAJOR_VERSION 1
#define ACL_MAX_BATCH_NUM 128
#define ACL_MAX_DIM_CNT 128
#define ACL_MAX_HW_NUM 128
#define ACL_MAX_SHAPE_COUNT 128
#define ACL_MAX_TENSOR_NAME_LEN 128
#define ACL_MDLRI_DEBUG_JSON_PRINT_SUMMARY 0
#define ACL_MDLRI_DEBUG_JSON_PRINT_VERBOSE 1
#define ACL_MDL_LOAD_FROM_FILE 1
#define ACL_MDL_LOAD_FROM_FILE_WITH_MEM 2
#define ACL_MDL_LOAD_FROM_FILE_WITH_Q 5
#define ACL_MDL_LOAD_FROM_MEM 3
#define ACL_MDL_LOAD_FROM_MEM_WITH_MEM 4
#define ACL_MDL_LOAD_FROM_MEM_WITH_Q 6
/** 13 in CANN 8.1, 16 in 8.5. */
#define ACL_MINOR_VERSION 17
#define ACL_MODEL_STREAM_FLAG_DEFAULT 2147483647
#define ACL_MODEL_STREAM_FLAG_HEAD 0
#define ACL_NOTIFY_DEFAULT 0
#define ACL_NOTIFY_DEVICE_USE_ONLY 1
#define ACL_PATCH_VERSION 0
#define ACL_PKG_VERSION_MAX_SIZE 128
#define ACL_PKG_VERSION_PARTS_MAX_SIZE 64
#define ACL_RT_BINARY_MAGIC_ELF_AICORE 1129660997
#define ACL_RT_BINARY_MAGIC_ELF_CUBE_CORE 1095320387
#define ACL_RT_BINARY_MAGIC_ELF_VECTOR_CORE 1094799942
#define ACL_RT_CMO_MAX_BARRIER_NUM 6
#define ACL_RT_DEVS_TOPOLOGY_HCCS 1
#define ACL_RT_DEVS_TOPOLOGY_HCCS_SW 64
#define ACL_RT_DEVS_TOPOLOGY_PHB 8
#define ACL_RT_DEVS_TOPOLOGY_PIB 4
#define ACL_RT_DEVS_TOPOLOGY_PIX 2
#define ACL_RT_DEVS_TOPOLOGY_SIO 32
#define ACL_RT_DEVS_TOPOLOGY_SYS 16
#define ACL_RT_IPC_MEM_ATTR_ACCESS_LINK_HCCS 1
#define ACL_RT_IPC_MEM_ATTR_ACCESS_LINK_SIO 0
#define ACL_RT_IPC_MEM_ATTR_ACCESS_LINK_UB_MULTI_PORT_PATH 3
#define ACL_RT_IPC_MEM_ATTR_ACCESS_LINK_UB_ONE_PORT_PATH 2
#define ACL_RT_IPC_MEM_EXPORT_FLAG_DEFAULT 0
#define ACL_RT_IPC_MEM_EXPORT_FLAG_DISABLE_PID_VALIDATION 1
#define ACL_RT_IPC_MEM_IMPORT_FLAG_DEFAULT 0
#define ACL_RT_IPC_MEM_IMPORT_FLAG_ENABLE_PEER_ACCESS 1
#define ACL_RT_MAX_RECORD_PA_NUM_PER_DEV 20
#define ACL_RT_MEM_ATTACH_GLOBAL 1
#define ACL_RT_MEM_LINK_IDX_0 0
#define ACL_RT_MEM_LINK_IDX_1 1
#define ACL_RT_MEM_TYPE_DEV 2
#define ACL_RT_MEM_TYPE_DVPP 8
#define ACL_RT_MEM_TYPE_RSVD 16
#define ACL_RT_MEM_UCE_INFO_MAX_NUM 20
#define ACL_RT_NOTIFY_EXPORT_FLAG_DEFAULT 0
#define ACL_RT_NOTIFY_EXPORT_FLAG_DISABLE_PID_VALIDATION 2
#define ACL_RT_NOTIFY_IMPORT_FLAG_DEFAULT 0
#define ACL_RT_NOTIFY_IMPORT_FLAG_ENABLE_PEER_ACCESS 2
#define ACL_RT_SUCCESS 0
#define ACL_RT_VMM_EXPORT_FLAG_DEFAULT 0
#define ACL_RT_VMM_EXPORT_FLAG_DISABLE_PID_VALIDATION 1
#define ACL_STOP_ON_FAILURE 1
#define ACL_STREAM_CPU_SCHEDULE 16
#define ACL_STREAM_DEVICE_USE_ONLY 32
#define ACL_STREAM_FAST_LAUNCH 1
#define ACL_STREAM_FAST_SYNC 2
#define ACL_STREAM_HUGE 8
#define ACL_STREAM_PERSISTENT 4
#define ACL_STREAM_WAIT_VALUE_AND 2
#define ACL_STREAM_WAIT_VALUE_EQ 1
#define ACL_STREAM_WAIT_VALUE_GEQ 0
#define ACL_STREAM_WAIT_VALUE_NOR 3
#define ACL_SUCCESS 0
#define ACL_TENSOR_SHAPE_RANGE_NUM 2
#define ACL_TENSOR_VALUE_RANGE_NUM 2
#define ACL_UNKNOWN_RANK 18446744073709551614
#define ACL_WORKSPACE_MEM_OPTIMIZE_DEFAULT 0
#define ACL_WORKSPACE_MEM_OPTIMIZE_INPUTOUTPUT 1
#define MAX_MEM_UCE_INFO_ARRAY_SIZE 128
#define UCE_INFO_RESERVED_SIZE 14

/** Pixel formats of preprocessing.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef enum aclAippInputFormat {
    ACL_YUV420SP_U8 = 1,
    ACL_XRGB8888_U8 = 2,
    ACL_RGB888_U8 = 3,
    ACL_YUV400_U8 = 4,
    ACL_NC1HWC0DI_FP16 = 5,
    ACL_NC1HWC0DI_S8 = 6,
    ACL_ARGB8888_U8 = 7,
    ACL_YUYV_U8 = 8,
    ACL_YUV422SP_U8 = 9,
    ACL_AYUV444_U8 = 10,
    ACL_RAW10 = 11,
    ACL_RAW12 = 12,
    ACL_RAW16 = 13,
    ACL_RAW24 = 14,
    ACL_AIPP_RESERVED = 65535,
} aclAippInputFormat;

/** Packages that have a version.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef enum aclCANNPackageName {
    ACL_PKG_NAME_CANN = 0,
    ACL_PKG_NAME_RUNTIME = 1,
    ACL_PKG_NAME_COMPILER = 2,
    ACL_PKG_NAME_HCCL = 3,
    ACL_PKG_NAME_TOOLKIT = 4,
    ACL_PKG_NAME_OPP = 5,
    ACL_PKG_NAME_OPP_KERNEL = 6,
    ACL_PKG_NAME_DRIVER = 7,
} aclCANNPackageName;

/** Features of the software.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef enum aclCannAttr {
    ACL_CANN_ATTR_UNDEFINED = -1,
    ACL_CANN_ATTR_INF_NAN = 0,
    ACL_CANN_ATTR_BF16 = 1,
    ACL_CANN_ATTR_JIT_COMPILE = 2,
} aclCannAttr;

/** Types of elements.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef enum aclDataType {
    ACL_DT_UNDEFINED = -1,
    ACL_FLOAT = 0,
    ACL_FLOAT16 = 1,
    ACL_INT8 = 2,
    ACL_INT32 = 3,
    ACL_UINT8 = 4,
    ACL_INT16 = 6,
    ACL_UINT16 = 7,
    ACL_UINT32 = 8,
    ACL_INT64 = 9,
    ACL_UINT64 = 10,
    ACL_DOUBLE = 11,
    ACL_BOOL = 12,
    ACL_STRING = 13,
    ACL_COMPLEX64 = 16,
    ACL_COMPLEX128 = 17,
    /** Half precision with the exponent of single precision. */
    ACL_BF16 = 27,
    /** Two to a byte. */
    ACL_INT4 = 29,
    /** Eight to a byte. */
    ACL_UINT1 = 30,
    ACL_COMPLEX32 = 33,
    /** Eight bits whose exponent takes more or fewer of them.
     *  Since a CANN after 8.1. */
    ACL_HIFLOAT8 = 34,
    /** Since a CANN after 8.1. */
    ACL_FLOAT8_E5M2 = 35,
    /** Since a CANN after 8.1. */
    ACL_FLOAT8_E4M3FN = 36,
    /** A power of two, as a scale.
     *  Since a CANN after 8.1. */
    ACL_FLOAT8_E8M0 = 37,
    /** Since a CANN after 8.1. */
    ACL_FLOAT6_E3M2 = 38,
    /** Since a CANN after 8.1. */
    ACL_FLOAT6_E2M3 = 39,
    /** Since a CANN after 8.1. */
    ACL_FLOAT4_E2M1 = 40,
    /** Since a CANN after 8.1. */
    ACL_FLOAT4_E1M2 = 41,
    /** In CANN 9.0 alone.
     *  Since a CANN after 9.1. */
    ACL_HIFLOAT4 = 42,
} aclDataType;

/** Numbers about a device.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef enum aclDeviceInfo {
    ACL_DEVICE_INFO_UNDEFINED = -1,
    ACL_DEVICE_INFO_AI_CORE_NUM = 0,
    ACL_DEVICE_INFO_VECTOR_CORE_NUM = 1,
    ACL_DEVICE_INFO_L2_SIZE = 2,
} aclDeviceInfo;

/** Parts of the chip that operators run on.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef enum aclEngineType {
    ACL_ENGINE_SYS = 0,
    ACL_ENGINE_AICORE = 1,
    ACL_ENGINE_VECTOR = 2,
} aclEngineType;

/** Formats: the order in which a tensor's elements lie.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef enum aclFormat {
    ACL_FORMAT_UNDEFINED = -1,
    ACL_FORMAT_NCHW = 0,
    ACL_FORMAT_NHWC = 1,
    /** Any number of dimensions, in their order. */
    ACL_FORMAT_ND = 2,
    /** Channels in groups that fill a row of the matrix unit. */
    ACL_FORMAT_NC1HWC0 = 3,
    /** Weights of a convolution in blocks of the matrix unit. */
    ACL_FORMAT_FRACTAL_Z = 4,
    ACL_FORMAT_NC1HWC0_C04 = 12,
    ACL_FORMAT_HWCN = 16,
    ACL_FORMAT_NDHWC = 27,
    /** Matrices in blocks of the matrix unit. */
    ACL_FORMAT_FRACTAL_NZ = 29,
    ACL_FORMAT_NCDHW = 30,
    ACL_FORMAT_NDC1HWC0 = 32,
    ACL_FRACTAL_Z_3D = 33,
    ACL_FORMAT_NC = 35,
    ACL_FORMAT_NCL = 47,
    /** Since a CANN after 8.1. */
    ACL_FORMAT_FRACTAL_NZ_C0_16 = 50,
    /** Since a CANN after 8.1. */
    ACL_FORMAT_FRACTAL_NZ_C0_32 = 51,
    /** Since a CANN after 8.1. */
    ACL_FORMAT_FRACTAL_NZ_C0_2 = 52,
    /** Since a CANN after 8.1. */
    ACL_FORMAT_FRACTAL_NZ_C0_4 = 53,
    /** Since a CANN after 8.1. */
    ACL_FORMAT_FRACTAL_NZ_C0_8 = 54,
} aclFormat;

/** Levels of the log.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef enum aclLogLevel {
    ACL_DEBUG = 0,
    ACL_INFO = 1,
    ACL_WARNING = 2,
    ACL_ERROR = 3,
} aclLogLevel;

/** Where a tensor lies.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef enum aclMemType {
    ACL_MEMTYPE_DEVICE = 0,
    ACL_MEMTYPE_HOST = 1,
    ACL_MEMTYPE_HOST_COMPILE_INDEPENDENT = 2,
} aclMemType;

/** Parts of the software that a function for aclInit or aclFinalize belongs to.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclRegisterCallbackType {
    ACL_REG_TYPE_ACL_MODEL = 0,
    ACL_REG_TYPE_ACL_OP_EXECUTOR = 1,
    ACL_REG_TYPE_ACL_OP_CBLAS = 2,
    ACL_REG_TYPE_ACL_OP_COMPILER = 3,
    ACL_REG_TYPE_ACL_TDT_CHANNEL = 4,
    ACL_REG_TYPE_ACL_TDT_QUEUE = 5,
    ACL_REG_TYPE_ACL_DVPP = 6,
    ACL_REG_TYPE_ACL_RETR = 7,
    ACL_REG_TYPE_OTHER = 65535,
} aclRegisterCallbackType;

/** Settings of a process or context.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef enum aclSysParamOpt {
    ACL_OPT_DETERMINISTIC = 0,
    ACL_OPT_ENABLE_DEBUG_KERNEL = 1,
    /** Since a CANN after 8.1. */
    ACL_OPT_STRONG_CONSISTENCY = 2,
    /** In CANN 9.0 alone.
     *  Since a CANN after 9.1. */
    ACL_OPT_EARLY_START = 3,
    /** Since a CANN after 8.1. */
    ACL_OPT_ENABLE_KERNEL_EARLY_START = 3,
} aclSysParamOpt;

/** Attributes of a loaded model.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclmdlAttr {
    ACL_MDL_ATTR_PRIORITY_INT32 = 0,
} aclmdlAttr;

/** Options for loading a model.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef enum aclmdlConfigAttr {
    ACL_MDL_PRIORITY_INT32 = 0,
    /** Where the model comes from, and in whose memory it lies. */
    ACL_MDL_LOAD_TYPE_SIZET = 1,
    /** The path of the model file. */
    ACL_MDL_PATH_PTR = 2,
    ACL_MDL_MEM_ADDR_PTR = 3,
    ACL_MDL_MEM_SIZET = 4,
    ACL_MDL_WEIGHT_ADDR_PTR = 5,
    ACL_MDL_WEIGHT_SIZET = 6,
    ACL_MDL_WORKSPACE_ADDR_PTR = 7,
    ACL_MDL_WORKSPACE_SIZET = 8,
    ACL_MDL_INPUTQ_NUM_SIZET = 9,
    ACL_MDL_INPUTQ_ADDR_PTR = 10,
    ACL_MDL_OUTPUTQ_NUM_SIZET = 11,
    ACL_MDL_OUTPUTQ_ADDR_PTR = 12,
    /** Whether models share their working memory. */
    ACL_MDL_WORKSPACE_MEM_OPTIMIZE = 13,
    /** The folder of the weights that are outside the file. */
    ACL_MDL_WEIGHT_PATH_PTR = 14,
    ACL_MDL_MODEL_DESC_PTR = 15,
    ACL_MDL_MODEL_DESC_SIZET = 16,
    ACL_MDL_KERNEL_PTR = 17,
    ACL_MDL_KERNEL_SIZET = 18,
    ACL_MDL_KERNEL_ARGS_PTR = 19,
    ACL_MDL_KERNEL_ARGS_SIZET = 20,
    ACL_MDL_STATIC_TASK_PTR = 21,
    ACL_MDL_STATIC_TASK_SIZET = 22,
    ACL_MDL_DYNAMIC_TASK_PTR = 23,
    ACL_MDL_DYNAMIC_TASK_SIZET = 24,
    ACL_MDL_MEM_MALLOC_POLICY_SIZET = 25,
    ACL_MDL_FIFO_PTR = 26,
    ACL_MDL_FIFO_SIZET = 27,
    /** Since a CANN after 8.1. */
    ACL_MDL_WITHOUT_GRAPH_INT32 = 28,
    /** Since a CANN after 8.1. */
    ACL_NPU_PERF_MODE = 29,
    /** Since a CANN after 8.1. */
    ACL_MDL_RESERVED = 65535,
} aclmdlConfigAttr;

/** Options for running a model.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef enum aclmdlExecConfigAttr {
    /** Milliseconds to wait for the stream. */
    ACL_MDL_STREAM_SYNC_TIMEOUT = 0,
    /** Milliseconds to wait for events. */
    ACL_MDL_EVENT_SYNC_TIMEOUT = 1,
    ACL_MDL_WORK_ADDR_PTR = 2,
    ACL_MDL_WORK_SIZET = 3,
    ACL_MDL_MPAIMID_SIZET = 4,
    ACL_MDL_AICQOS_SIZET = 5,
    ACL_MDL_AICOST_SIZET = 6,
    ACL_MDL_MEC_TIMETHR_SIZET = 7,
    /** Since a CANN after 8.1. */
    ACL_MDL_EXEC_PRIORITY_INT32 = 8,
    /** Since a CANN after 8.1. */
    ACL_MDL_NPU_PERF_MODE = 9,
} aclmdlExecConfigAttr;

/** Kinds of preprocessing that an input may have.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef enum aclmdlInputAippType {
    ACL_DATA_WITHOUT_AIPP = 0,
    ACL_DATA_WITH_STATIC_AIPP = 1,
    ACL_DATA_WITH_DYNAMIC_AIPP = 2,
    /** The input that takes the setting of dynamic preprocessing. */
    ACL_DYNAMIC_AIPP_NODE = 3,
} aclmdlInputAippType;

/** Which calls are refused while a stream records.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef enum aclmdlRICaptureMode {
    /** Refuses unsafe calls of all threads. */
    ACL_MODEL_RI_CAPTURE_MODE_GLOBAL = 0,
    /** Refuses unsafe calls of this thread. */
    ACL_MODEL_RI_CAPTURE_MODE_THREAD_LOCAL = 1,
    /** Refuses none. */
    ACL_MODEL_RI_CAPTURE_MODE_RELAXED = 2,
} aclmdlRICaptureMode;

/** Whether a stream records.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef enum aclmdlRICaptureStatus {
    ACL_MODEL_RI_CAPTURE_STATUS_NONE = 0,
    ACL_MODEL_RI_CAPTURE_STATUS_ACTIVE = 1,
    /** A refused call has spoilt the recording. */
    ACL_MODEL_RI_CAPTURE_STATUS_INVALIDATED = 2,
} aclmdlRICaptureStatus;

/** Whether a condition's value is set anew for each run.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclmdlRICondHandleFlag {
    ACL_MODEL_RI_COND_HANDLE_ASSIGN_DEFAULT = 1,
} aclmdlRICondHandleFlag;

/** Kinds of conditional tasks.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclmdlRICondTaskType {
    ACL_MODEL_RI_COND_TYPE_IF = 0,
    ACL_MODEL_RI_COND_TYPE_WHILE = 1,
    ACL_MODEL_RI_COND_TYPE_SWITCH = 2,
} aclmdlRICondTaskType;

/** Kinds of tasks of a graph.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclmdlRITaskType {
    ACL_MODEL_RI_TASK_DEFAULT = 0,
    ACL_MODEL_RI_TASK_KERNEL = 1,
    ACL_MODEL_RI_TASK_EVENT_RECORD = 2,
    ACL_MODEL_RI_TASK_EVENT_WAIT = 3,
    ACL_MODEL_RI_TASK_EVENT_RESET = 4,
    ACL_MODEL_RI_TASK_VALUE_WRITE = 5,
    ACL_MODEL_RI_TASK_VALUE_WAIT = 6,
} aclmdlRITaskType;

/** Kinds of failures of a core.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclrtAicoreErrorType {
    ACL_RT_AICORE_ERROR_UNKNOWN = 0,
    ACL_RT_AICORE_ERROR_SW = 1,
    ACL_RT_AICORE_ERROR_HW_LOCAL = 2,
} aclrtAicoreErrorType;

/** Atomic operations.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclrtAtomicOperation {
    ACL_RT_ATOMIC_OPERATION_INTEGER_ADD = 0,
    ACL_RT_ATOMIC_OPERATION_INTEGER_MIN = 1,
    ACL_RT_ATOMIC_OPERATION_INTEGER_MAX = 2,
    ACL_RT_ATOMIC_OPERATION_INTEGER_INCREMENT = 3,
    ACL_RT_ATOMIC_OPERATION_INTEGER_DECREMENT = 4,
    ACL_RT_ATOMIC_OPERATION_AND = 5,
    ACL_RT_ATOMIC_OPERATION_OR = 6,
    ACL_RT_ATOMIC_OPERATION_XOR = 7,
    ACL_RT_ATOMIC_OPERATION_EXCHANGE = 8,
    ACL_RT_ATOMIC_OPERATION_CAS = 9,
    ACL_RT_ATOMIC_OPERATION_FLOAT_ADD = 10,
    ACL_RT_ATOMIC_OPERATION_FLOAT_MIN = 11,
    ACL_RT_ATOMIC_OPERATION_FLOAT_MAX = 12,
    ACL_RT_ATOMIC_OPERATION_DMA_ADD = 30,
    ACL_RT_ATOMIC_OPERATION_DMA_MIN = 31,
    ACL_RT_ATOMIC_OPERATION_DMA_MAX = 32,
    ACL_RT_ATOMIC_OPERATION_SIMD_SCALAR_ADD = 40,
    ACL_RT_ATOMIC_OPERATION_SIMD_SCALAR_MIN = 41,
    ACL_RT_ATOMIC_OPERATION_SIMD_SCALAR_MAX = 42,
    ACL_RT_ATOMIC_OPERATION_SIMD_SCALAR_CAS = 43,
    ACL_RT_ATOMIC_OPERATION_SIMD_SCALAR_EXCH = 44,
} aclrtAtomicOperation;

/** Types that an atomic operation can take.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclrtAtomicOperationCapability {
    ACL_RT_ATOMIC_CAPABILITY_SIGNED = 1,
    ACL_RT_ATOMIC_CAPABILITY_UNSIGNED = 2,
    /** The older spelling. */
    ACL_RT_ATOMIC_CAPABILITY_REDUCATION = 4,
    ACL_RT_ATOMIC_CAPABILITY_SCALAR8 = 8,
    ACL_RT_ATOMIC_CAPABILITY_SCALAR16 = 16,
    ACL_RT_ATOMIC_CAPABILITY_SCALAR32 = 32,
    ACL_RT_ATOMIC_CAPABILITY_SCALAR64 = 64,
    ACL_RT_ATOMIC_CAPABILITY_SCALAR128 = 128,
    ACL_RT_ATOMIC_CAPABILITY_VECTOR32X4 = 256,
    ACL_RT_ATOMIC_CAPABILITY_REDUCTION = 4,
} aclrtAtomicOperationCapability;

/** Options for loading a kernel binary.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef enum aclrtBinaryLoadOptionType {
    ACL_RT_BINARY_LOAD_OPT_LAZY_LOAD = 1,
    ACL_RT_BINARY_LOAD_OPT_LAZY_MAGIC = 2,
    /** Since a CANN after 8.1. */
    ACL_RT_BINARY_LOAD_OPT_MAGIC = 2,
    /** Since a CANN after 8.1. */
    ACL_RT_BINARY_LOAD_OPT_CPU_KERNEL_MODE = 3,
} aclrtBinaryLoadOptionType;

/** Whether a stream waits for a callback to end.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef enum aclrtCallbackBlockType {
    /** The stream goes on meanwhile. */
    ACL_CALLBACK_NO_BLOCK = 0,
    /** The stream waits for the callback to end. */
    ACL_CALLBACK_BLOCK = 1,
} aclrtCallbackBlockType;

/** Cache operations.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef enum aclrtCmoType {
    /** Reads into the cache ahead. */
    ACL_RT_CMO_TYPE_PREFETCH = 0,
    /** Writes the cache back and keeps it. */
    ACL_RT_CMO_TYPE_WRITEBACK = 1,
    /** Drops what is cached. */
    ACL_RT_CMO_TYPE_INVALID = 2,
    /** Writes the cache back and drops it. */
    ACL_RT_CMO_TYPE_FLUSH = 3,
} aclrtCmoType;

/** Ways to change a count.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclrtCntNotifyRecordMode {
    ACL_RT_CNT_NOTIFY_RECORD_SET_VALUE_MODE = 0,
    ACL_RT_CNT_NOTIFY_RECORD_ADD_MODE = 1,
    ACL_RT_CNT_NOTIFY_RECORD_BIT_OR_MODE = 2,
    ACL_RT_CNT_NOTIFY_RECORD_BIT_AND_MODE = 4,
} aclrtCntNotifyRecordMode;

/** Ways to compare a count.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclrtCntNotifyWaitMode {
    ACL_RT_CNT_NOTIFY_WAIT_LESS_MODE = 0,
    ACL_RT_CNT_NOTIFY_WAIT_EQUAL_MODE = 1,
    ACL_RT_CNT_NOTIFY_WAIT_BIGGER_MODE = 2,
    ACL_RT_CNT_NOTIFY_WAIT_BIGGER_OR_EQUAL_MODE = 3,
    ACL_RT_CNT_NOTIFY_WAIT_EQUAL_WITH_BITMASK_MODE = 4,
} aclrtCntNotifyWaitMode;

/** Types of compared values.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclrtCompareDataType {
    ACL_RT_SWITCH_INT32 = 0,
    ACL_RT_SWITCH_INT64 = 1,
} aclrtCompareDataType;

/** Ways to compare values.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclrtCondition {
    ACL_RT_EQUAL = 0,
    ACL_RT_NOT_EQUAL = 1,
    ACL_RT_GREATER = 2,
    ACL_RT_GREATER_OR_EQUAL = 3,
    ACL_RT_LESS = 4,
    ACL_RT_LESS_OR_EQUAL = 5,
} aclrtCondition;

/** Numbers about a device.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclrtDevAttr {
    ACL_DEV_ATTR_AICPU_CORE_NUM = 1,
    ACL_DEV_ATTR_AICORE_CORE_NUM = 101,
    ACL_DEV_ATTR_CUBE_CORE_NUM = 102,
    ACL_DEV_ATTR_VECTOR_CORE_NUM = 201,
    ACL_DEV_ATTR_WARP_SIZE = 202,
    ACL_DEV_ATTR_MAX_THREAD_PER_VECTOR_CORE = 203,
    ACL_DEV_ATTR_LOCAL_MEM_PER_VECTOR_CORE = 204,
    ACL_DEV_ATTR_TOTAL_GLOBAL_MEM_SIZE = 301,
    ACL_DEV_ATTR_L2_CACHE_SIZE = 302,
    ACL_DEV_ATTR_SMP_ID = 401,
    ACL_DEV_ATTR_PHY_CHIP_ID = 402,
    ACL_DEV_ATTR_SUPER_POD_DEVIDE_ID = 403,
    ACL_DEV_ATTR_SUPER_POD_SERVER_ID = 404,
    ACL_DEV_ATTR_SUPER_POD_ID = 405,
    ACL_DEV_ATTR_CUST_OP_PRIVILEGE = 406,
    ACL_DEV_ATTR_MAINBOARD_ID = 407,
    ACL_DEV_ATTR_IS_VIRTUAL = 501,
    ACL_DEV_ATTR_UBUF_PER_VECTOR_CORE = 204,
    ACL_DEV_ATTR_SUPER_POD_DEVICE_ID = 403,
    ACL_DEV_ATTR_MAX_GRID_DIM_X = 205,
    ACL_DEV_ATTR_MAX_GRID_DIM_Y = 206,
    ACL_DEV_ATTR_MAX_GRID_DIM_Z = 207,
    ACL_DEV_ATTR_MAX_BLOCK_PER_GRID = 208,
    ACL_DEV_ATTR_MAX_THREADS_PER_BLOCK = 209,
    ACL_DEV_ATTR_MAX_BLOCK_DIM_X = 210,
    ACL_DEV_ATTR_MAX_BLOCK_DIM_Y = 211,
    ACL_DEV_ATTR_MAX_BLOCK_DIM_Z = 212,
    ACL_DEV_ATTR_HD_CONNECT_TYPE = 408,
    ACL_DEV_ATTR_NPU_ARCH = 601,
    ACL_DEV_ATTR_DEVICE_FORM_FACTOR = 409,
} aclrtDevAttr;

/** Features of a device.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclrtDevFeatureType {
    ACL_FEATURE_TSCPU_TASK_UPDATE_SUPPORT_AIC_AIV = 1,
    ACL_FEATURE_SYSTEM_MEMQ_EVENT_CROSS_DEV = 21,
} aclrtDevFeatureType;

/** Kinds of cores whose number can be limited.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclrtDevResLimitType {
    ACL_RT_DEV_RES_CUBE_CORE = 0,
    ACL_RT_DEV_RES_VECTOR_CORE = 1,
} aclrtDevResLimitType;

/** Limits of a device.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclrtDeviceLimit {
    ACL_RT_DEV_LIMIT_SIMT_STACK_SIZE = 0,
    ACL_RT_DEV_LIMIT_SIMT_DVG_WARP_STACK_SIZE = 1,
    ACL_RT_DEV_LIMIT_SIMD_STACK_SIZE = 2,
    ACL_RT_DEV_LIMIT_SIMD_PRINTF_FIFO_SIZE_PER_CORE = 3,
    ACL_RT_DEV_LIMIT_SIMT_PRINTF_FIFO_SIZE = 4,
} aclrtDeviceLimit;

/** When a function is called about a device.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclrtDeviceState {
    ACL_RT_DEVICE_STATE_SET_PRE = 0,
    ACL_RT_DEVICE_STATE_SET_POST = 1,
    ACL_RT_DEVICE_STATE_RESET_PRE = 2,
    ACL_RT_DEVICE_STATE_RESET_POST = 3,
} aclrtDeviceState;

/** Whether a device is well.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef enum aclrtDeviceStatus {
    ACL_RT_DEVICE_STATUS_NORMAL = 0,
    ACL_RT_DEVICE_STATUS_ABNORMAL = 1,
    ACL_RT_DEVICE_STATUS_END = 65535,
} aclrtDeviceStatus;

/** Before or after an abort.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclrtDeviceTaskAbortStage {
    ACL_RT_DEVICE_TASK_ABORT_PRE = 0,
    ACL_RT_DEVICE_TASK_ABORT_POST = 1,
} aclrtDeviceTaskAbortStage;

/** Kinds of cores that a kernel runs on.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclrtEngineType {
    ACL_RT_ENGINE_TYPE_AIC = 0,
    ACL_RT_ENGINE_TYPE_AIV = 1,
} aclrtEngineType;

/** Kinds of failures of a device.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclrtErrorType {
    ACL_RT_NO_ERROR = 0,
    ACL_RT_ERROR_MEMORY = 1,
    ACL_RT_ERROR_L2 = 2,
    ACL_RT_ERROR_AICORE = 3,
    ACL_RT_ERROR_LINK = 4,
    ACL_RT_ERROR_OTHERS = 65535,
    ACL_RT_ERROR_L3_PORT = 5,
} aclrtErrorType;

/** Whether an event's recorded work is done.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef enum aclrtEventRecordedStatus {
    /** The work before the record is not done. */
    ACL_EVENT_RECORDED_STATUS_NOT_READY = 0,
    ACL_EVENT_RECORDED_STATUS_COMPLETE = 1,
} aclrtEventRecordedStatus;

/** Whether an event was reached.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef enum aclrtEventStatus {
    ACL_EVENT_STATUS_COMPLETE = 0,
    ACL_EVENT_STATUS_NOT_READY = 1,
    ACL_EVENT_STATUS_RESERVED = 2,
} aclrtEventStatus;

/** Whether those who waited for an event have gone on.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef enum aclrtEventWaitStatus {
    ACL_EVENT_WAIT_STATUS_COMPLETE = 0,
    /** Somebody still waits. */
    ACL_EVENT_WAIT_STATUS_NOT_READY = 1,
    ACL_EVENT_WAIT_STATUS_RESERVED = 65535,
} aclrtEventWaitStatus;

/** What happens when a floating-point result overflows.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef enum aclrtFloatOverflowMode {
    /** The largest number stands for what is beyond it. */
    ACL_RT_OVERFLOW_MODE_SATURATION = 0,
    /** Infinity and NaN, as IEEE 754 has them. */
    ACL_RT_OVERFLOW_MODE_INFNAN = 1,
    ACL_RT_OVERFLOW_MODE_UNDEF = 2,
} aclrtFloatOverflowMode;

/** Properties of a kernel.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclrtFuncAttribute {
    ACL_FUNC_ATTR_KERNEL_TYPE = 1,
    ACL_FUNC_ATTR_KERNEL_RATIO = 2,
    ACL_FUNC_ATTR_KERNEL_SCHED_MODE = 3,
} aclrtFuncAttribute;

/** Properties of a group of cores.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef enum aclrtGroupAttr {
    ACL_GROUP_AICORE_INT = 0,
    ACL_GROUP_AIV_INT = 1,
    ACL_GROUP_AIC_INT = 2,
    ACL_GROUP_SDMANUM_INT = 3,
    ACL_GROUP_ASQNUM_INT = 4,
    ACL_GROUP_GROUPID_INT = 5,
} aclrtGroupAttr;

/** Engines that may reach host memory.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclrtHacType {
    ACL_RT_HAC_TYPE_STARS = 0,
    ACL_RT_HAC_TYPE_AICPU = 1,
    ACL_RT_HAC_TYPE_AIC = 2,
    ACL_RT_HAC_TYPE_AIV = 3,
    ACL_RT_HAC_TYPE_PCIEDMA = 4,
    ACL_RT_HAC_TYPE_RDMA = 5,
    ACL_RT_HAC_TYPE_SDMA = 6,
    ACL_RT_HAC_TYPE_DVPP = 7,
    ACL_RT_HAC_TYPE_UDMA = 8,
    ACL_RT_HAC_TYPE_CCU = 9,
} aclrtHacType;

/** Whether an engine can reach host memory.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclrtHostMemMapCapability {
    ACL_RT_HOST_MEM_MAP_NOT_SUPPORTED = 0,
    ACL_RT_HOST_MEM_MAP_SUPPORTED = 1,
} aclrtHostMemMapCapability;

/** How host memory is registered.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef enum aclrtHostRegisterType {
    ACL_HOST_REGISTER_MAPPED = 0,
    /** Since a CANN after 8.1. */
    ACL_HOST_REGISTER_IOMEMORY = 4,
    /** Since a CANN after 8.1. */
    ACL_HOST_REGISTER_READONLY = 8,
} aclrtHostRegisterType;

/** Attributes of shared memory.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclrtIpcMemAttrType {
    ACL_RT_IPC_MEM_ATTR_ACCESS_LINK = 0,
} aclrtIpcMemAttrType;

/** Kinds of kernels.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclrtKernelType {
    ACL_KERNEL_TYPE_AICORE = 0,
    ACL_KERNEL_TYPE_CUBE = 1,
    ACL_KERNEL_TYPE_VECTOR = 2,
    ACL_KERNEL_TYPE_MIX = 3,
    ACL_KERNEL_TYPE_AICPU = 100,
} aclrtKernelType;

/** Whose latest error is meant.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef enum aclrtLastErrLevel {
    ACL_RT_THREAD_LEVEL = 0,
} aclrtLastErrLevel;

/** Attributes of a launch.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef enum aclrtLaunchKernelAttrId {
    ACL_RT_LAUNCH_KERNEL_ATTR_SCHEM_MODE = 1,
    /** Since a CANN after 8.1. */
    ACL_RT_LAUNCH_KERNEL_ATTR_LOCAL_MEMORY_SIZE = 2,
    /** Since a CANN after 8.1. */
    ACL_RT_LAUNCH_KERNEL_ATTR_ENGINE_TYPE = 3,
    /** Since a CANN after 8.1. */
    ACL_RT_LAUNCH_KERNEL_ATTR_BLOCKDIM_OFFSET = 4,
    /** Since a CANN after 8.1. */
    ACL_RT_LAUNCH_KERNEL_ATTR_BLOCK_TASK_PREFETCH = 5,
    /** Since a CANN after 8.1. */
    ACL_RT_LAUNCH_KERNEL_ATTR_DATA_DUMP = 6,
    /** Since a CANN after 8.1. */
    ACL_RT_LAUNCH_KERNEL_ATTR_TIMEOUT = 7,
    /** Since a CANN after 8.1. */
    ACL_RT_LAUNCH_KERNEL_ATTR_TIMEOUT_US = 8,
    /** Since a CANN after 8.1. */
    ACL_RT_LAUNCH_KERNEL_ATTR_DYN_UBUF_SIZE = 2,
    /** Since a CANN after 8.1. */
    ACL_RT_LAUNCH_KERNEL_ATTR_ENABLE_PROFILING = 9,
} aclrtLaunchKernelAttrId;

/** Attributes of an allocation.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef enum aclrtMallocAttrType {
    ACL_RT_MEM_ATTR_RSV = 0,
    ACL_RT_MEM_ATTR_MODULE_ID = 1,
    ACL_RT_MEM_ATTR_DEVICE_ID = 2,
    /** Since a CANN after 8.1. */
    ACL_RT_MEM_ATTR_VA_FLAG = 3,
} aclrtMallocAttrType;

/** What may be done with memory.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclrtMemAccessFlags {
    ACL_RT_MEM_ACCESS_FLAGS_NONE = 0,
    ACL_RT_MEM_ACCESS_FLAGS_READ = 1,
    ACL_RT_MEM_ACCESS_FLAGS_READWRITE = 3,
} aclrtMemAccessFlags;

/** Kinds of physical memory.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef enum aclrtMemAllocationType {
    ACL_MEM_ALLOCATION_TYPE_PINNED = 0,
} aclrtMemAllocationType;

/** Kinds of memory and pages.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef enum aclrtMemAttr {
    ACL_DDR_MEM = 0,
    ACL_HBM_MEM = 1,
    ACL_DDR_MEM_HUGE = 2,
    ACL_DDR_MEM_NORMAL = 3,
    ACL_HBM_MEM_HUGE = 4,
    ACL_HBM_MEM_NORMAL = 5,
    ACL_DDR_MEM_P2P_HUGE = 6,
    ACL_DDR_MEM_P2P_NORMAL = 7,
    ACL_HBM_MEM_P2P_HUGE = 8,
    ACL_HBM_MEM_P2P_NORMAL = 9,
    ACL_HBM_MEM_HUGE1G = 10,
    ACL_HBM_MEM_P2P_HUGE1G = 11,
    /** Since a CANN after 8.1. */
    ACL_MEM_NORMAL = 12,
    /** Since a CANN after 8.1. */
    ACL_MEM_HUGE = 13,
    /** Since a CANN after 8.1. */
    ACL_MEM_HUGE1G = 14,
    /** Since a CANN after 8.1. */
    ACL_MEM_P2P_NORMAL = 15,
    /** Since a CANN after 8.1. */
    ACL_MEM_P2P_HUGE = 16,
    /** Since a CANN after 8.1. */
    ACL_MEM_P2P_HUGE1G = 17,
} aclrtMemAttr;

/** Which unit of size is meant.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef enum aclrtMemGranularityOptions {
    ACL_RT_MEM_ALLOC_GRANULARITY_MINIMUM = 0,
    ACL_RT_MEM_ALLOC_GRANULARITY_RECOMMENDED = 1,
    ACL_RT_MEM_ALLOC_GRANULARITY_UNDEF = 65535,
} aclrtMemGranularityOptions;

/** Kinds of handles to physical memory.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef enum aclrtMemHandleType {
    ACL_MEM_HANDLE_TYPE_NONE = 0,
    /** Since a CANN after 8.1. */
    ACL_MEM_HANDLE_TYPE_POSIX = 2,
} aclrtMemHandleType;

/** Links by which memory is reached.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclrtMemLinkType {
    ACL_RT_MEM_ACCESS_LINK_SIO = 0,
    ACL_RT_MEM_ACCESS_LINK_HCCS = 1,
    ACL_RT_MEM_ACCESS_UB_ONE_PORT_PATH = 2,
    ACL_RT_MEM_ACCESS_UB_MULTI_PORT_PATH = 3,
} aclrtMemLinkType;

/** Places of memory.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef enum aclrtMemLocationType {
    ACL_MEM_LOCATION_TYPE_HOST = 0,
    ACL_MEM_LOCATION_TYPE_DEVICE = 1,
    /** Since a CANN after 8.1. */
    ACL_MEM_LOCATION_TYPE_UNREGISTERED = 2,
    /** Since a CANN after 8.1. */
    ACL_MEM_LOCATION_TYPE_HOST_NUMA = 4,
    /** Since a CANN after 8.1. */
    ACL_MEM_LOCATION_TYPE_MANAGED = 3,
} aclrtMemLocationType;

/** Policies for the size of pages.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef enum aclrtMemMallocPolicy {
    /** Huge pages if there are any, and else normal ones. */
    ACL_MEM_MALLOC_HUGE_FIRST = 0,
    /** Huge pages or nothing. */
    ACL_MEM_MALLOC_HUGE_ONLY = 1,
    /** Normal pages. */
    ACL_MEM_MALLOC_NORMAL_ONLY = 2,
    /** As above, and reachable for other devices. */
    ACL_MEM_MALLOC_HUGE_FIRST_P2P = 3,
    /** As above, and reachable for other devices. */
    ACL_MEM_MALLOC_HUGE_ONLY_P2P = 4,
    /** As above, and reachable for other devices. */
    ACL_MEM_MALLOC_NORMAL_ONLY_P2P = 5,
    /** Pages of a gigabyte or nothing. */
    ACL_MEM_MALLOC_HUGE1G_ONLY = 6,
    ACL_MEM_MALLOC_HUGE1G_ONLY_P2P = 7,
    ACL_MEM_TYPE_LOW_BAND_WIDTH = 256,
    ACL_MEM_TYPE_HIGH_BAND_WIDTH = 4096,
    ACL_MEM_ACCESS_USER_SPACE_READONLY = 1048576,
} aclrtMemMallocPolicy;

/** Ways that managed memory will be used.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclrtMemManagedAdviseType {
    ACL_MEM_ADVISE_SET_READ_MOSTLY = 0,
    ACL_MEM_ADVISE_UNSET_READ_MOSTLY = 1,
    ACL_MEM_ADVISE_SET_PREFERRED_LOCATION = 2,
    ACL_MEM_ADVISE_UNSET_PREFERRED_LOCATION = 3,
    ACL_MEM_ADVISE_SET_ACCESSED_BY = 4,
    ACL_MEM_ADVISE_UNSET_ACCESSED_BY = 5,
} aclrtMemManagedAdviseType;

/** Places of managed memory.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclrtMemManagedLocationType {
    ACL_MEM_LOCATIONTYPE_INVALID = 0,
    ACL_MEM_LOCATIONTYPE_DEVICE = 1,
    ACL_MEM_LOCATIONTYPE_HOST = 2,
    ACL_MEM_LOCATIONTYPE_HOST_NUMA = 3,
    ACL_MEM_LOCATIONTYPE_HOST_NUMA_CURRENT = 4,
} aclrtMemManagedLocationType;

/** Attributes of a range of managed memory.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclrtMemManagedRangeAttribute {
    ACL_MEM_RANGE_ATTRIBUTE_READ_MOSTLY = 1,
    ACL_MEM_RANGE_ATTRIBUTE_PREFERRED_LOCATION = 2,
    ACL_MEM_RANGE_ATTRIBUTE_ACCESSED_BY = 3,
    ACL_MEM_RANGE_ATTRIBUTE_PREFERRED_LOCATION_TYPE = 4,
    ACL_MEM_RANGE_ATTRIBUTE_PREFERRED_LOCATION_ID = 5,
    ACL_MEM_RANGE_ATTRIBUTE_LAST_PREFETCH_LOCATION = 6,
    ACL_MEM_RANGE_ATTRIBUTE_LAST_PREFETCH_LOCATION_TYPE = 7,
    ACL_MEM_RANGE_ATTRIBUTE_LAST_PREFETCH_LOCATION_ID = 8,
} aclrtMemManagedRangeAttribute;

/** Sizes of pages.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclrtMemPgType {
    NORMAL_PAGE_TYPE = 0,
    HUGE_PAGE_TYPE = 1,
    HUGE1G_PAGE_TYPE = 2,
} aclrtMemPgType;

/** Attributes of a pool.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclrtMemPoolAttr {
    ACL_RT_MEM_POOL_REUSE_FOLLOW_EVENT_DEPENDENCIES = 1,
    ACL_RT_MEM_POOL_REUSE_ALLOW_OPPORTUNISTIC = 2,
    ACL_RT_MEM_POOL_REUSE_ALLOW_INTERNAL_DEPENDENCIES = 3,
    ACL_RT_MEM_POOL_ATTR_RELEASE_THRESHOLD = 4,
    ACL_RT_MEM_POOL_ATTR_RESERVED_MEM_CURRENT = 5,
    ACL_RT_MEM_POOL_ATTR_RESERVED_MEM_HIGH = 6,
    ACL_RT_MEM_POOL_ATTR_USED_MEM_CURRENT = 7,
    ACL_RT_MEM_POOL_ATTR_USED_MEM_HIGH = 8,
} aclrtMemPoolAttr;

/** Kinds of handles for sharing.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclrtMemSharedHandleType {
    ACL_MEM_SHARE_HANDLE_TYPE_DEFAULT = 1,
    ACL_MEM_SHARE_HANDLE_TYPE_FABRIC = 2,
} aclrtMemSharedHandleType;

/** Kinds of device memory.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclrtMemType {
    HBM_TYPE = 0,
    DDR_TYPE = 1,
    P2P_HBM_TYPE = 2,
    P2P_DDR_TYPE = 3,
} aclrtMemType;

/** From which side to which side a copy goes.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef enum aclrtMemcpyKind {
    ACL_MEMCPY_HOST_TO_HOST = 0,
    ACL_MEMCPY_HOST_TO_DEVICE = 1,
    ACL_MEMCPY_DEVICE_TO_HOST = 2,
    ACL_MEMCPY_DEVICE_TO_DEVICE = 3,
    /** The sides are told by the addresses. */
    ACL_MEMCPY_DEFAULT = 4,
    /** The host memory is copied first, and may change afterwards. */
    ACL_MEMCPY_HOST_TO_BUF_TO_DEVICE = 5,
    /** Within one device. */
    ACL_MEMCPY_INNER_DEVICE_TO_DEVICE = 6,
    /** Between two devices. */
    ACL_MEMCPY_INTER_DEVICE_TO_DEVICE = 7,
} aclrtMemcpyKind;

/** Whether a process is locked for a snapshot.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclrtProcessState {
    ACL_RT_PROCESS_STATE_RUNNING = 0,
    ACL_RT_PROCESS_STATE_LOCKED = 1,
} aclrtProcessState;

/** Kinds of random numbers.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclrtRandomNumFuncType {
    ACL_RT_RANDOM_NUM_FUNC_TYPE_DROPOUT_BITMASK = 0,
    ACL_RT_RANDOM_NUM_FUNC_TYPE_UNIFORM_DIS = 1,
    ACL_RT_RANDOM_NUM_FUNC_TYPE_NORMAL_DIS = 2,
    ACL_RT_RANDOM_NUM_FUNC_TYPE_TRUNCATED_NORMAL_DIS = 3,
} aclrtRandomNumFuncType;

/** Ways to combine with what is there.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclrtReduceKind {
    ACL_RT_MEMCPY_SDMA_AUTOMATIC_SUM = 10,
    ACL_RT_MEMCPY_SDMA_AUTOMATIC_MAX = 11,
    ACL_RT_MEMCPY_SDMA_AUTOMATIC_MIN = 12,
    ACL_RT_MEMCPY_SDMA_AUTOMATIC_EQUAL = 13,
} aclrtReduceKind;

/** Where the program runs.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef enum aclrtRunMode {
    /** The program runs on the device's own processor, and shares its memory. */
    ACL_DEVICE = 0,
    /** The program runs on the host. */
    ACL_HOST = 1,
} aclrtRunMode;

/** Stages of a snapshot.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclrtSnapShotStage {
    ACL_RT_SNAPSHOT_LOCK_PRE = 0,
    ACL_RT_SNAPSHOT_BACKUP_PRE = 1,
    ACL_RT_SNAPSHOT_BACKUP_POST = 2,
    ACL_RT_SNAPSHOT_RESTORE_PRE = 3,
    ACL_RT_SNAPSHOT_RESTORE_POST = 4,
    ACL_RT_SNAPSHOT_UNLOCK_POST = 5,
} aclrtSnapShotStage;

/** Attributes of a stream.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclrtStreamAttr {
    /** Whether the stream goes on after a failed task. */
    ACL_STREAM_ATTR_FAILURE_MODE = 1,
    ACL_STREAM_ATTR_FLOAT_OVERFLOW_CHECK = 2,
    /** A number of the program's own. */
    ACL_STREAM_ATTR_USER_CUSTOM_TAG = 3,
    ACL_STREAM_ATTR_CACHE_OP_INFO = 4,
    ACL_STREAM_ATTR_PRIORITY = 5,
} aclrtStreamAttr;

/** Options of a stream's configuration.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef enum aclrtStreamConfigAttr {
    ACL_RT_STREAM_WORK_ADDR_PTR = 0,
    ACL_RT_STREAM_WORK_SIZE = 1,
    ACL_RT_STREAM_FLAG = 2,
    ACL_RT_STREAM_PRIORITY = 3,
} aclrtStreamConfigAttr;

/** When a function is called about a stream.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclrtStreamState {
    ACL_RT_STREAM_STATE_CREATE_POST = 1,
    ACL_RT_STREAM_STATE_DESTROY_PRE = 2,
} aclrtStreamState;

/** Whether a stream's work is done.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef enum aclrtStreamStatus {
    ACL_STREAM_STATUS_COMPLETE = 0,
    ACL_STREAM_STATUS_NOT_READY = 1,
    ACL_STREAM_STATUS_RESERVED = 65535,
} aclrtStreamStatus;

/** Task schedulers.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef enum aclrtTsId {
    ACL_TS_ID_AICORE = 0,
    ACL_TS_ID_AIVECTOR = 1,
    ACL_TS_ID_RESERVED = 2,
} aclrtTsId;

/** Kinds of tasks that can be changed.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef enum aclrtUpdateTaskAttrId {
    ACL_RT_UPDATE_RANDOM_TASK = 1,
    ACL_RT_UPDATE_AIC_AIV_TASK = 2,
} aclrtUpdateTaskAttrId;

/** Further information on preprocessing, which the caller does not see into.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef struct aclAippExtendInfo aclAippExtendInfo;
/** An address and a size.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef struct aclDataBuffer aclDataBuffer;
/** A description of a tensor.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef struct aclTensorDesc aclTensorDesc;
/** A setting of dynamic preprocessing.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef struct aclmdlAIPP aclmdlAIPP;
/** What is known of a bundle.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct aclmdlBundleQueryInfo aclmdlBundleQueryInfo;
/** A configuration for loading a model.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef struct aclmdlConfigHandle aclmdlConfigHandle;
/** The buffers of a model's inputs or outputs.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef struct aclmdlDataset aclmdlDataset;
/** A description of a model.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef struct aclmdlDesc aclmdlDesc;
/** A configuration for running a model.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef struct aclmdlExecConfigHandle aclmdlExecConfigHandle;
/** Attributes of an operator.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef struct aclopAttr aclopAttr;
/** A prepared operator.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef struct aclopHandle aclopHandle;
/** The kernel that a compile function chooses.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef struct aclopKernelDesc aclopKernelDesc;
/** Further information on how busy a device is.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef struct aclrtUtilizationExtendInfo aclrtUtilizationExtendInfo;
/** What is known of a failed task, by its tag.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef struct rtExceptionInfo rtExceptionInfo;
/** What is known of the groups of cores, by its tag.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef struct tagRtGroupInfo tagRtGroupInfo;
/** An opened model.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef void *aclmdlModel;
/** A graph of tasks that can be run again and again.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef void *aclmdlRI;
/** The value by which a conditional task decides.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef void *aclmdlRICondHandle;
/** A task of a graph.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef void *aclmdlRITask;
/** An allocator of the program's own.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef void *aclrtAllocator;
/** An address near which to allocate.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef void *aclrtAllocatorAddr;
/** A block of an allocator of the program's own.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef void *aclrtAllocatorBlock;
/** A description of an allocator.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef void *aclrtAllocatorDesc;
/** A list of a kernel's arguments.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef void *aclrtArgsHandle;
/** A loaded kernel binary.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef void *aclrtBinHandle;
/** A kernel binary in host memory.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef void *aclrtBinary;
/** A notify that counts.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef void *aclrtCntNotify;
/** A context: a device's streams, events and settings as one thread sees them.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef void *aclrtContext;
/** Physical memory.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef void *aclrtDrvMemHandle;
/** An event: a point in a stream.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef void *aclrtEvent;
/** A kernel of a loaded binary.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef void *aclrtFuncHandle;
/** A place in a model's streams to jump to.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef void *aclrtLabel;
/** Labels for a jump by index.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef void *aclrtLabelList;
/** A buffer that processes share.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef void *aclrtMbuf;
/** A pool of device memory.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef void *aclrtMemPool;
/** A signal that one wait uses up.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef void *aclrtNotify;
/** An argument of a list.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef void *aclrtParamHandle;
/** A stream: work that is done in order.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef void *aclrtStream;
/** A group of recorded tasks.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef void *aclrtTaskGrp;
/** What a function answers: 0, or the number of an error.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef int aclError;
/** The bits of a half-precision number.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef uint16_t aclFloat16;
/** Parameters of a conditional task.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct tagAclmdlRICondTaskParams aclmdlRICondTaskParams;
/** Which part of the chip an operator runs on.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef aclEngineType aclopEngineType;
/** What is known of a failed task.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef rtExceptionInfo aclrtExceptionInfo;
/** What is known of the groups of cores.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef tagRtGroupInfo aclrtGroupInfo;
/** Frees the kernel binary that it was given with.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef void (*aclDataDeallocator)(void *, size_t);
/** Is called at aclFinalize, with the caller's own pointer.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef aclError (*aclFinalizeCallbackFunc)(void *);
/** Is called at aclInit, with the configuration and the caller's own pointer.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef aclError (*aclInitCallbackFunc)(const char *, size_t, void *);
/** Chooses an operator's kernel by the shapes of its tensors.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef aclError (*aclopCompileFunc)(int, const aclTensorDesc *const *, int, const aclTensorDesc *const *, const aclopAttr *, aclopKernelDesc *);
/** Allocates a block near an address.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef void *(*aclrtAllocatorAllocAdviseFunc)(aclrtAllocator, size_t, aclrtAllocatorAddr);
/** Allocates a block.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef void *(*aclrtAllocatorAllocFunc)(aclrtAllocator, size_t);
/** Frees a block.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef void (*aclrtAllocatorFreeFunc)(aclrtAllocator, aclrtAllocatorBlock);
/** Gives the address of a block.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef void *(*aclrtAllocatorGetAddrFromBlockFunc)(aclrtAllocatorBlock);
/** Is called when its turn comes in a stream, with the caller's own pointer.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef void (*aclrtCallback)(void *);
/** Is called when a device is set or reset.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef void (*aclrtDeviceStateCallback)(int32_t, aclrtDeviceState, void *);
/** Is called before and after an abort.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef int32_t (*aclrtDeviceTaskAbortCallback)(int32_t, aclrtDeviceTaskAbortStage, uint32_t, void *);
/** Is called when a task fails.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef void (*aclrtExceptionInfoCallback)(aclrtExceptionInfo *);
/** Is called when its turn comes in a stream, on a thread of the runtime.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef void (*aclrtHostFunc)(void *);
/** Is called when a kernel of a binary fails.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef void (*aclrtOpExceptionCallback)(aclrtExceptionInfo *, void *);
/** Is called at a stage of a snapshot.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef uint32_t (*aclrtSnapShotCallBack)(int32_t, void *);
/** Is called when a stream is made or destroyed.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef void (*aclrtStreamStateCallback)(aclrtStream, aclrtStreamState, void *);

/** How an attribute of memory maps to a page type and a memory type.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct MemAttrMapping {
    uint32_t pgType;
    uint32_t memType;
    bool isHostAlloc;
    aclrtMemAttr memAttr;
} MemAttrMapping;

/** The name and shape of an input or output.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef struct aclmdlIODims {
    /** The tensor's name, which may be cut off. */
    char name[128];
    /** How many of the dims count. */
    size_t dimCount;
    /** The shape, with -1 for what is dynamic. */
    int64_t dims[128];
} aclmdlIODims;

/** Shape of an input before and after preprocessing.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef struct aclAippDims {
    aclmdlIODims srcDims;
    size_t srcSize;
    aclmdlIODims aippOutdims;
    size_t aippOutSize;
} aclAippDims;

/** The settings of an input's static preprocessing.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef struct aclAippInfo {
    aclAippInputFormat inputFormat;
    int32_t srcImageSizeW;
    int32_t srcImageSizeH;
    int8_t cropSwitch;
    int32_t loadStartPosW;
    int32_t loadStartPosH;
    int32_t cropSizeW;
    int32_t cropSizeH;
    int8_t resizeSwitch;
    int32_t resizeOutputW;
    int32_t resizeOutputH;
    int8_t paddingSwitch;
    int32_t leftPaddingSize;
    int32_t rightPaddingSize;
    int32_t topPaddingSize;
    int32_t bottomPaddingSize;
    int8_t cscSwitch;
    int8_t rbuvSwapSwitch;
    int8_t axSwapSwitch;
    int8_t singleLineMode;
    int32_t matrixR0C0;
    int32_t matrixR0C1;
    int32_t matrixR0C2;
    int32_t matrixR1C0;
    int32_t matrixR1C1;
    int32_t matrixR1C2;
    int32_t matrixR2C0;
    int32_t matrixR2C1;
    int32_t matrixR2C2;
    int32_t outputBias0;
    int32_t outputBias1;
    int32_t outputBias2;
    int32_t inputBias0;
    int32_t inputBias1;
    int32_t inputBias2;
    int32_t meanChn0;
    int32_t meanChn1;
    int32_t meanChn2;
    int32_t meanChn3;
    float minChn0;
    float minChn1;
    float minChn2;
    float minChn3;
    float varReciChn0;
    float varReciChn1;
    float varReciChn2;
    float varReciChn3;
    aclFormat srcFormat;
    aclDataType srcDatatype;
    size_t srcDimNum;
    size_t shapeCount;
    aclAippDims outDims[128];
    aclAippExtendInfo *aippExtend;
} aclAippInfo;

/** The version of an installed package.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef struct aclCANNPackageVersion {
    char version[128];
    char majorVersion[64];
    char minorVersion[64];
    char releaseVersion[64];
    char patchVersion[64];
    char reserved[128];
} aclCANNPackageVersion;

/** The value of a model's attribute.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef union aclmdlAttrValue_t {
    uint32_t mdlPriority;
    uint32_t reserved[8];
} aclmdlAttrValue_t;

/** The batch sizes that a model was made for.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef struct aclmdlBatch {
    /** How many of the batch sizes count. */
    size_t batchCount;
    uint64_t batch[128];
} aclmdlBatch;

/** The sizes of the parts of an executable model file.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef struct aclmdlExeOMDesc {
    size_t workSize;
    size_t weightSize;
    size_t modelDescSize;
    size_t kernelSize;
    size_t kernelArgsSize;
    size_t staticTaskSize;
    size_t dynamicTaskSize;
    size_t fifoTaskSize;
    size_t reserved[8];
} aclmdlExeOMDesc;

/** The picture sizes that a model was made for.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef struct aclmdlHW {
    /** How many of the sizes count. */
    size_t hwCount;
    /** Height and width of each. */
    uint64_t hw[128][2];
} aclmdlHW;

/** The range of each dimension of an input.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef struct aclmdlIODimsRange {
    size_t rangeCount;
    int64_t range[128][2];
} aclmdlIODimsRange;

/** Parameters of a task that records an event.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct aclmdlRIEventRecordTaskParams {
    aclrtEvent event;
    uint32_t eventFlag;
    uint32_t recordFlag;
} aclmdlRIEventRecordTaskParams;

/** Parameters of a task that resets an event.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct aclmdlRIEventResetTaskParams {
    aclrtEvent event;
    uint32_t eventFlag;
    uint32_t resetFlag;
} aclmdlRIEventResetTaskParams;

/** Parameters of a task that waits for an event.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct aclmdlRIEventWaitTaskParams {
    aclrtEvent event;
    uint32_t eventFlag;
    uint32_t waitFlag;
} aclmdlRIEventWaitTaskParams;

/** A time in microseconds, in two halves.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct aclrtTimeoutUs {
    uint32_t timeoutLow;
    uint32_t timeoutHigh;
} aclrtTimeoutUs;

/** The value of an attribute of a launch.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef union aclrtLaunchKernelAttrValue {
    uint8_t schemMode;
    uint32_t localMemorySize;
    /** Since a CANN after 8.1. */
    uint32_t dynUBufSize;
    /** Since a CANN after 8.1. */
    aclrtEngineType engineType;
    /** Since a CANN after 8.1. */
    uint32_t blockDimOffset;
    /** Since a CANN after 8.1. */
    uint8_t isBlockTaskPrefetch;
    /** Since a CANN after 8.1. */
    uint8_t isDataDump;
    /** Since a CANN after 8.1. */
    uint16_t timeout;
    /** Since a CANN after 8.1. */
    aclrtTimeoutUs timeoutUs;
    /** Since a CANN after 8.1. */
    uint8_t enableProfiling;
    uint32_t rsv[4];
} aclrtLaunchKernelAttrValue;

/** An attribute of a launch.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef struct aclrtLaunchKernelAttr {
    aclrtLaunchKernelAttrId id;
    aclrtLaunchKernelAttrValue value;
} aclrtLaunchKernelAttr;

/** Attributes of a launch.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef struct aclrtLaunchKernelCfg {
    aclrtLaunchKernelAttr *attrs;
    size_t numAttrs;
} aclrtLaunchKernelCfg;

/** Parameters of a kernel task.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct aclmdlRIKernelTaskParams {
    aclrtFuncHandle funcHandle;
    aclrtLaunchKernelCfg *cfg;
    void *args;
    uint32_t isHostArgs;
    size_t argsSize;
    uint32_t numBlocks;
    uint32_t rsv[10];
} aclmdlRIKernelTaskParams;

/** Parameters of a task that writes a value.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct aclmdlRIValueWriteTaskParams {
    void *devAddr;
    uint64_t value;
} aclmdlRIValueWriteTaskParams;

/** Parameters of a task that waits for a value.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct aclmdlRIValueWaitTaskParams {
    void *devAddr;
    uint64_t value;
    uint32_t flag;
} aclmdlRIValueWaitTaskParams;

/** Parameters of a task, by its kind.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct aclmdlRITaskParams {
    aclmdlRITaskType type;
    uint32_t rsv0[3];
    aclrtTaskGrp taskGrp;
    void *opInfoPtr;
    size_t opInfoSize;
    uint8_t rsv1[32];
    __extension__ union {
        uint8_t rsv2[128];
        aclmdlRIKernelTaskParams kernelTaskParams;
        aclmdlRIEventRecordTaskParams eventRecordTaskParams;
        aclmdlRIEventWaitTaskParams eventWaitTaskParams;
        aclmdlRIEventResetTaskParams eventResetTaskParams;
        aclmdlRIValueWriteTaskParams valueWriteTaskParams;
        aclmdlRIValueWaitTaskParams valueWaitTaskParams;
    };
} aclmdlRITaskParams;

/** New parameters of a kernel task.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct aclrtAicAivTaskUpdateAttr {
    void *binHandle;
    void *funcEntryAddr;
    void *blockDimAddr;
    uint32_t rsv[4];
} aclrtAicAivTaskUpdateAttr;

/** A cache operation and its barrier.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct aclrtBarrierCmoInfo {
    aclrtCmoType cmoType;
    uint32_t barrierId;
} aclrtBarrierCmoInfo;

/** The cache operations that a barrier waits for.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct aclrtBarrierTaskInfo {
    size_t barrierNum;
    aclrtBarrierCmoInfo cmoInfo[6];
} aclrtBarrierTaskInfo;

/** The value of an option for loading a kernel binary.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef union aclrtBinaryLoadOptionValue {
    uint32_t isLazyLoad;
    uint32_t magic;
    /** Since a CANN after 8.1. */
    int32_t cpuKernelMode;
    uint32_t rsv[4];
} aclrtBinaryLoadOptionValue;

/** An option for loading a kernel binary.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef struct aclrtBinaryLoadOption {
    aclrtBinaryLoadOptionType type;
    aclrtBinaryLoadOptionValue value;
} aclrtBinaryLoadOption;

/** Options for loading a kernel binary.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef struct aclrtBinaryLoadOptions {
    aclrtBinaryLoadOption *options;
    size_t numOpt;
} aclrtBinaryLoadOptions;

/** How a count is changed.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct aclrtCntNotifyRecordInfo {
    aclrtCntNotifyRecordMode mode;
    uint32_t value;
} aclrtCntNotifyRecordInfo;

/** What a count is waited to be.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct aclrtCntNotifyWaitInfo {
    aclrtCntNotifyWaitMode mode;
    uint32_t value;
    /** Seconds. */
    uint32_t timeout;
    /** Whether the count is set to zero after the wait, and a bool in CANN 8.5. */
    uint8_t isClear;
    uint8_t rsv[3];
} aclrtCntNotifyWaitInfo;

/** A parameter of random numbers: a value or its address.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct aclrtRandomParaInfo {
    uint8_t isAddr;
    uint8_t valueOrAddr[8];
    uint8_t size;
    uint8_t rsv[6];
} aclrtRandomParaInfo;

/** Parameters of a random mask.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct aclrtDropoutBitmaskInfo {
    aclrtRandomParaInfo dropoutRation;
} aclrtDropoutBitmaskInfo;

/** A range of memory that cannot be read any more.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef struct aclrtMemUceInfo {
    void *addr;
    size_t len;
    size_t reserved[14];
} aclrtMemUceInfo;

/** Ranges of memory that cannot be read any more.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct aclrtMemUceInfoArray {
    size_t arraySize;
    aclrtMemUceInfo memUceInfoArray[20];
} aclrtMemUceInfoArray;

/** The details of a failure, by its kind.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef union aclrtErrorInfoDetail {
    aclrtMemUceInfoArray uceInfo;
    aclrtAicoreErrorType aicoreErrType;
} aclrtErrorInfoDetail;

/** What is known of a device's failure.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct aclrtErrorInfo {
    uint8_t tryRepair;
    uint8_t hasDetail;
    uint8_t reserved[2];
    aclrtErrorType errorType;
    aclrtErrorInfoDetail detail;
} aclrtErrorInfo;

/** A handle by which another process opens an event.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct aclrtIpcEventHandle {
    char reserved[64];
} aclrtIpcEventHandle;

/** The value of an attribute of an allocation.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef union aclrtMallocAttrValue {
    uint16_t moduleId;
    uint32_t deviceId;
    /** Since a CANN after 8.1. */
    uint32_t vaFlag;
    uint8_t rsv[8];
} aclrtMallocAttrValue;

/** An attribute of an allocation.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef struct aclrtMallocAttribute {
    aclrtMallocAttrType attr;
    aclrtMallocAttrValue value;
} aclrtMallocAttribute;

/** Attributes of an allocation.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef struct aclrtMallocConfig {
    aclrtMallocAttribute *attrs;
    size_t numAttrs;
} aclrtMallocConfig;

/** A place of memory: host or device.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef struct aclrtMemLocation {
    uint32_t id;
    aclrtMemLocationType type;
} aclrtMemLocation;

/** What a place may do with memory.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct aclrtMemAccessDesc {
    aclrtMemAccessFlags flags;
    aclrtMemLocation location;
    uint8_t rsv[12];
} aclrtMemAccessDesc;

/** A handle to physical memory that holds beyond one server.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct aclrtMemFabricHandle {
    uint8_t data[128];
} aclrtMemFabricHandle;

/** A place of managed memory.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct aclrtMemManagedLocation {
    aclrtMemManagedLocationType type;
    int32_t id;
} aclrtMemManagedLocation;

/** Properties of a pool.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct aclrtMemPoolProps {
    aclrtMemAllocationType allocType;
    aclrtMemHandleType handleType;
    aclrtMemLocation location;
    size_t maxSize;
    unsigned char reserved[32];
} aclrtMemPoolProps;

/** How much memory a part of the software holds.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct aclrtMemUsageInfo {
    char name[32];
    uint64_t curMemSize;
    uint64_t memPeakSize;
    size_t reserved[8];
} aclrtMemUsageInfo;

/** From which place to which place copies go.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct aclrtMemcpyBatchAttr {
    aclrtMemLocation dstLoc;
    aclrtMemLocation srcLoc;
    uint8_t rsv[16];
} aclrtMemcpyBatchAttr;

/** Parameters of normally distributed random numbers.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct aclrtNormalDisInfo {
    aclrtRandomParaInfo mean;
    aclrtRandomParaInfo stddev;
} aclrtNormalDisInfo;

/** Properties of physical memory.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef struct aclrtPhysicalMemProp {
    aclrtMemHandleType handleType;
    aclrtMemAllocationType allocationType;
    aclrtMemAttr memAttr;
    aclrtMemLocation location;
    /** Zero. */
    uint64_t reserve;
} aclrtPhysicalMemProp;

/** Where in a kernel's arguments an address into them stands.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct aclrtPlaceHolderInfo {
    uint32_t addrOffset;
    uint32_t dataOffset;
} aclrtPlaceHolderInfo;

/** What kind of memory an address is in.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef struct aclrtPtrAttributes {
    aclrtMemLocation location;
    uint32_t pageSize;
    uint32_t rsv[4];
} aclrtPtrAttributes;

/** Parameters of evenly distributed random numbers.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct aclrtUniformDisInfo {
    aclrtRandomParaInfo min;
    aclrtRandomParaInfo max;
} aclrtUniformDisInfo;

/** Which random numbers are made, with parameters.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct aclrtRandomNumFuncParaInfo {
    aclrtRandomNumFuncType funcType;
    union {
        aclrtDropoutBitmaskInfo dropoutBitmaskInfo;
        aclrtUniformDisInfo uniformDisInfo;
        aclrtNormalDisInfo normalDisInfo;
    } paramInfo;
} aclrtRandomNumFuncParaInfo;

/** A task that makes random numbers.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct aclrtRandomNumTaskInfo {
    aclDataType dataType;
    aclrtRandomNumFuncParaInfo randomNumFuncParaInfo;
    void *randomParaAddr;
    void *randomResultAddr;
    void *randomCounterAddr;
    aclrtRandomParaInfo randomSeed;
    aclrtRandomParaInfo randomNum;
    uint8_t rsv[8];
} aclrtRandomNumTaskInfo;

/** New parameters of a task that makes random numbers.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct aclrtRandomTaskUpdateAttr {
    void *srcAddr;
    size_t size;
    uint32_t rsv[4];
} aclrtRandomTaskUpdateAttr;

/** Processes of a server.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct aclrtServerPid {
    uint32_t sdid;
    int32_t *pid;
    size_t num;
} aclrtServerPid;

/** Arguments for saving a process's state.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct aclrtSnapShotBackupArgs {
    uint32_t backupFlags;
    char reserved[60];
} aclrtSnapShotBackupArgs;

/** Arguments for restoring a process's state.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct aclrtSnapShotRestoreArgs {
    uint32_t restoreFlags;
    char reserved[60];
} aclrtSnapShotRestoreArgs;

/** The value of a stream's attribute.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef union aclrtStreamAttrValue {
    uint64_t failureMode;
    uint32_t overflowSwitch;
    uint32_t userCustomTag;
    uint32_t cacheOpInfoSwitch;
    uint32_t streamPriority;
    uint32_t reserve[4];
} aclrtStreamAttrValue;

/** A configuration of a stream.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef struct aclrtStreamConfigHandle {
    void *workptr;
    size_t workSize;
    size_t flag;
    uint32_t priority;
} aclrtStreamConfigHandle;

/** The new parameters of a task, by its kind.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef union aclrtUpdateTaskAttrVal {
    aclrtRandomTaskUpdateAttr randomTaskAttr;
    aclrtAicAivTaskUpdateAttr aicAivTaskAttr;
} aclrtUpdateTaskAttrVal;

/** The kind of a task and its new parameters.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct aclrtTaskUpdateInfo {
    aclrtUpdateTaskAttrId id;
    aclrtUpdateTaskAttrVal val;
} aclrtTaskUpdateInfo;

/** How busy the parts of a device are.
 *  For libascendcl.so; since CANN 8.1 or earlier. */
typedef struct aclrtUtilizationInfo {
    int32_t cubeUtilization;
    int32_t vectorUtilization;
    int32_t aicpuUtilization;
    int32_t memoryUtilization;
    aclrtUtilizationExtendInfo *utilizationExtend;
} aclrtUtilizationInfo;

/** A unique identifier.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct aclrtUuid {
    char bytes[16];
} aclrtUuid;

/** Three extents.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct dim3 {
    uint32_t x;
    uint32_t y;
    uint32_t z;
} dim3;

/** Parameters of a conditional task, by their tag.
 *  For libascendcl.so; since a CANN after 8.1. */
typedef struct tagAclmdlRICondTaskParams {
    aclmdlRICondHandle handle;
    aclmdlRICondTaskType type;
    uint32_t size;
    aclmdlRI *modelRIArray;
} tagAclmdlRICondTaskParams;

/** Makes a description of a tensor: data type, shape and format.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclTensorDesc *aclCreateTensorDesc(aclDataType dataType, int numDims, const int64_t *dims, aclFormat format);
/** Frees a tensor description.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
void aclDestroyTensorDesc(const aclTensorDesc *desc);
/** Gives the address of the first of several descriptions in one block.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
void *aclGetTensorDescAddress(const aclTensorDesc *desc);
/** Gives one of several descriptions in one block.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclTensorDesc *aclGetTensorDescByIndex(aclTensorDesc *desc, size_t index);
/** Gives the extent of one dimension, or -1 on a bad index.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier, deprecated. */
int64_t aclGetTensorDescDim(const aclTensorDesc *desc, size_t index);
/** Gives the range that a dynamic dimension may take.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclGetTensorDescDimRange(const aclTensorDesc *desc, size_t index, size_t dimRangeNum, int64_t *dimRange);
/** Gives the extent of one dimension through a pointer.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclGetTensorDescDimV2(const aclTensorDesc *desc, size_t index, int64_t *dimSize);
/** Counts the elements of the described tensor.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
size_t aclGetTensorDescElementCount(const aclTensorDesc *desc);
/** Gives the format of the described tensor.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclFormat aclGetTensorDescFormat(const aclTensorDesc *desc);
/** Gives the name of the described tensor.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
const char *aclGetTensorDescName(aclTensorDesc *desc);
/** Counts the dimensions of the described tensor.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
size_t aclGetTensorDescNumDims(const aclTensorDesc *desc);
/** Gives the bytes that the described tensor takes.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
size_t aclGetTensorDescSize(const aclTensorDesc *desc);
/** Gives the element type of the described tensor.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclDataType aclGetTensorDescType(const aclTensorDesc *desc);
/** Marks a tensor as constant and hands over its values.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclSetTensorConst(aclTensorDesc *desc, void *dataBuffer, size_t length);
/** Names the described tensor.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
void aclSetTensorDescName(aclTensorDesc *desc, const char *name);
/** Names the dynamic input group that a tensor belongs to.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclSetTensorDynamicInput(aclTensorDesc *desc, const char *dynamicInputName);
/** Sets the format in which the tensor is stored.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclSetTensorFormat(aclTensorDesc *desc, aclFormat format);
/** Sets the format that the tensor had before it was rearranged.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclSetTensorOriginFormat(aclTensorDesc *desc, aclFormat format);
/** Sets the shape that the tensor had before it was rearranged.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclSetTensorOriginShape(aclTensorDesc *desc, int numDims, const int64_t *dims);
/** Says whether the tensor lies in device or host memory.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclSetTensorPlaceMent(aclTensorDesc *desc, aclMemType memType);
/** Sets the shape in which the tensor is stored.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclSetTensorShape(aclTensorDesc *desc, int numDims, const int64_t *dims);
/** Sets the range of each dynamic dimension.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclSetTensorShapeRange(aclTensorDesc *desc, size_t dimsCount, int64_t dimsRange[][2]);
/** Sets the storage format, in the older way.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier, deprecated. */
aclError aclSetTensorStorageFormat(aclTensorDesc *desc, aclFormat format);
/** Sets the storage shape, in the older way.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier, deprecated. */
aclError aclSetTensorStorageShape(aclTensorDesc *desc, int numDims, const int64_t *dims);
/** Sets the range that the tensor's values may take.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclSetTensorValueRange(aclTensorDesc *desc, size_t valueCount, int64_t valueRange[][2]);
/** Makes a description of the same tensor in another format.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclTransTensorDescFormat(const aclTensorDesc *srcDesc, aclFormat dstFormat, aclTensorDesc **dstDesc);
/** Wraps an address and a size as a data buffer, without owning the memory.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclDataBuffer *aclCreateDataBuffer(void *data, size_t size);
/** Frees the wrapper, not the memory that it names.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclDestroyDataBuffer(const aclDataBuffer *dataBuffer);
/** Gives the address that a data buffer names.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
void *aclGetDataBufferAddr(const aclDataBuffer *dataBuffer);
/** Gives the size of a data buffer in 32 bits.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier, deprecated. */
uint32_t aclGetDataBufferSize(const aclDataBuffer *dataBuffer);
/** Gives the size of a data buffer.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
size_t aclGetDataBufferSizeV2(const aclDataBuffer *dataBuffer);
/** Points a data buffer to other memory.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclUpdateDataBuffer(aclDataBuffer *dataBuffer, void *data, size_t size);
/** Gives the bytes of one element of a data type.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
size_t aclDataTypeSize(aclDataType dataType);
/** Widens a half-precision number.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
float aclFloat16ToFloat(aclFloat16 value);
/** Narrows a number to half precision.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclFloat16 aclFloatToFloat16(float value);
/** Writes a formatted line to the log of CANN.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
void aclAppLog(aclLogLevel logLevel, const char *func, const char *file, uint32_t line, const char *fmt, ...);
/** Tells whether the software has a feature.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclGetCannAttribute(aclCannAttr cannAttr, int32_t *value);
/** Lists the features that the software has.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclGetCannAttributeList(const aclCannAttr **cannAttrList, size_t *num);
/** Gives a number about a device, such as its core count.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclGetDeviceCapability(uint32_t deviceId, aclDeviceInfo deviceInfo, int64_t *value);
/** Names the chip.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
const char *aclrtGetSocName(void);
/** Begins to write the arguments of operators to files.
 *  In libascendcl.so or libascend_dump.so; since CANN 8.1 or earlier. */
aclError aclopStartDumpArgs(uint32_t dumpType, const char *path);
/** Ends the writing of arguments.
 *  In libascendcl.so or libascend_dump.so; since CANN 8.1 or earlier. */
aclError aclopStopDumpArgs(uint32_t dumpType);
/** Resumes the collective communication of a device after a failure.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.5. */
aclError aclRecoverAllHcclTasks(int32_t deviceId);
/** Runs a model and waits for its outputs.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlExecute(uint32_t modelId, const aclmdlDataset *input, aclmdlDataset *output);
/** Puts a run of a model into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlExecuteAsync(uint32_t modelId, const aclmdlDataset *input, aclmdlDataset *output, aclrtStream stream);
/** Puts a run of a model into a stream, with a configuration.
 *  In the small C runtime only (lib64/c/libascendcl.so); since CANN 8.1 or earlier. */
aclError aclmdlExecuteAsyncV2(uint32_t modelId, const aclmdlDataset *input, aclmdlDataset *output, aclrtStream stream, const aclmdlExecConfigHandle *handle);
/** Runs a model on a stream with a configuration, and waits.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlExecuteV2(uint32_t modelId, const aclmdlDataset *input, aclmdlDataset *output, aclrtStream stream, const aclmdlExecConfigHandle *handle);
/** Loads a model file into memory that the runtime manages.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlLoadFromFile(const char *modelPath, uint32_t *modelId);
/** Loads a model file into memory of the caller.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlLoadFromFileWithMem(const char *modelPath, uint32_t *modelId, void *workPtr, size_t workSize, void *weightPtr, size_t weightSize);
/** Loads a model file that takes its data from queues.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlLoadFromFileWithQ(const char *modelPath, uint32_t *modelId, const uint32_t *inputQ, size_t inputQNum, const uint32_t *outputQ, size_t outputQNum);
/** Loads a model from host memory into memory that the runtime manages.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlLoadFromMem(const void *model, size_t modelSize, uint32_t *modelId);
/** Loads a model from host memory into memory of the caller.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlLoadFromMemWithMem(const void *model, size_t modelSize, uint32_t *modelId, void *workPtr, size_t workSize, void *weightPtr, size_t weightSize);
/** Loads a model from host memory that takes its data from queues.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlLoadFromMemWithQ(const void *model, size_t modelSize, uint32_t *modelId, const uint32_t *inputQ, size_t inputQNum, const uint32_t *outputQ, size_t outputQNum);
/** Loads a model from an opened model.
 *  In the small C runtime only (lib64/c/libascendcl.so); since CANN 9.1. */
aclError aclmdlLoadFromModel(const aclmdlModel *model, const aclmdlConfigHandle *handle, uint32_t *modelId);
/** Gives the sizes of the parts of an executable model file.
 *  In the small C runtime only (lib64/c/libascendcl.so); since CANN 8.1 or earlier. */
aclError aclmdlQueryExeOMDesc(const char *fileName, aclmdlExeOMDesc *mdlPartitionSize);
/** Gives the working and weight memory that a model file needs.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlQuerySize(const char *fileName, size_t *workSize, size_t *weightSize);
/** Gives the working and weight memory that a model in host memory needs.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlQuerySizeFromMem(const void *model, size_t modelSize, size_t *workSize, size_t *weightSize);
/** Sets an attribute of a loaded model.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 9.1. */
aclError aclmdlSetAttribute(uint32_t modelId, aclmdlAttr attr, aclmdlAttrValue_t *attrValue);
/** Gives the device address of a weight file to a configuration.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.5. */
aclError aclmdlSetExternalWeightAddress(aclmdlConfigHandle *handle, const char *weightFileName, void *devPtr, size_t size);
/** Unloads a model.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlUnload(uint32_t modelId);
/** Makes a setting of dynamic preprocessing for a batch size.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclmdlAIPP *aclmdlCreateAIPP(uint64_t batchSize);
/** Frees a setting of preprocessing.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlDestroyAIPP(const aclmdlAIPP *aippParmsSet);
/** Gives the bytes that a setting of preprocessing for a batch size takes.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlGetAippDataSize(uint64_t batchSize, size_t *size);
/** Tells what kind of preprocessing an input has.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlGetAippType(uint32_t modelId, size_t index, aclmdlInputAippType *type, size_t *dynamicAttachedDataIndex);
/** Gives the settings of an input's static preprocessing.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlGetFirstAippInfo(uint32_t modelId, size_t index, aclAippInfo *aippInfo);
/** Sets whether the alpha channel comes first.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlSetAIPPAxSwapSwitch(aclmdlAIPP *aippParmsSet, int8_t axSwapSwitch);
/** Applies a setting of preprocessing to an input.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlSetAIPPByInputIndex(uint32_t modelId, aclmdlDataset *dataset, size_t index, const aclmdlAIPP *aippParmsSet);
/** Sets the cut-out of one picture of the batch.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlSetAIPPCropParams(aclmdlAIPP *aippParmsSet, int8_t cropSwitch, int32_t cropStartPosW, int32_t cropStartPosH, int32_t cropSizeW, int32_t cropSizeH, uint64_t batchIndex);
/** Sets the matrix and offsets of the colour conversion.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlSetAIPPCscParams(aclmdlAIPP *aippParmsSet, int8_t cscSwitch, int16_t cscMatrixR0C0, int16_t cscMatrixR0C1, int16_t cscMatrixR0C2, int16_t cscMatrixR1C0, int16_t cscMatrixR1C1, int16_t cscMatrixR1C2, int16_t cscMatrixR2C0, int16_t cscMatrixR2C1, int16_t cscMatrixR2C2, uint8_t cscOutputBiasR0, uint8_t cscOutputBiasR1, uint8_t cscOutputBiasR2, uint8_t cscInputBiasR0, uint8_t cscInputBiasR1, uint8_t cscInputBiasR2);
/** Sets the mean that is subtracted from each channel.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlSetAIPPDtcPixelMean(aclmdlAIPP *aippParmsSet, int16_t dtcPixelMeanChn0, int16_t dtcPixelMeanChn1, int16_t dtcPixelMeanChn2, int16_t dtcPixelMeanChn3, uint64_t batchIndex);
/** Sets the minimum that is subtracted from each channel.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlSetAIPPDtcPixelMin(aclmdlAIPP *aippParmsSet, float dtcPixelMinChn0, float dtcPixelMinChn1, float dtcPixelMinChn2, float dtcPixelMinChn3, uint64_t batchIndex);
/** Sets the pixel format of the source pictures.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlSetAIPPInputFormat(aclmdlAIPP *aippParmsSet, aclAippInputFormat inputFormat);
/** Sets the borders that are added to one picture of the batch.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlSetAIPPPaddingParams(aclmdlAIPP *aippParmsSet, int8_t paddingSwitch, int32_t paddingSizeTop, int32_t paddingSizeBottom, int32_t paddingSizeLeft, int32_t paddingSizeRight, uint64_t batchIndex);
/** Sets the factor by which each channel is multiplied.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlSetAIPPPixelVarReci(aclmdlAIPP *aippParmsSet, float dtcPixelVarReciChn0, float dtcPixelVarReciChn1, float dtcPixelVarReciChn2, float dtcPixelVarReciChn3, uint64_t batchIndex);
/** Sets whether red and blue, or U and V, change places.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlSetAIPPRbuvSwapSwitch(aclmdlAIPP *aippParmsSet, int8_t rbuvSwapSwitch);
/** Sets the scaling of one picture of the batch.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlSetAIPPScfParams(aclmdlAIPP *aippParmsSet, int8_t scfSwitch, int32_t scfInputSizeW, int32_t scfInputSizeH, int32_t scfOutputSizeW, int32_t scfOutputSizeH, uint64_t batchIndex);
/** Sets width and height of the source pictures.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlSetAIPPSrcImageSize(aclmdlAIPP *aippParmsSet, int32_t srcImageSizeW, int32_t srcImageSizeH);
/** Applies a setting of preprocessing to the preprocessing input itself.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlSetInputAIPP(uint32_t modelId, aclmdlDataset *dataset, size_t index, const aclmdlAIPP *aippParmsSet);
/** Makes an empty answer for questions about a bundle.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 9.0. */
aclmdlBundleQueryInfo *aclmdlBundleCreateQueryInfo(void);
/** Frees the answer about a bundle.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 9.0. */
aclError aclmdlBundleDestroyQueryInfo(aclmdlBundleQueryInfo *queryInfo);
/** Gives the identifier of one loaded model of a bundle.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlBundleGetModelId(uint32_t bundleId, size_t index, uint32_t *modelId);
/** Counts the models of a loaded bundle.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlBundleGetModelNum(uint32_t bundleId, size_t *modelNum);
/** Counts the models of a queried bundle.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 9.0. */
aclError aclmdlBundleGetQueryModelNum(const aclmdlBundleQueryInfo *queryInfo, size_t *modelNum);
/** Gives the working and weight memory of one model of a queried bundle.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 9.0. */
aclError aclmdlBundleGetSize(const aclmdlBundleQueryInfo *queryInfo, size_t index, size_t *workSize, size_t *constWeightSize);
/** Gives the memory that the models of a bundle share for variables.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 9.0. */
aclError aclmdlBundleGetVarWeightSize(const aclmdlBundleQueryInfo *queryInfo, size_t *variableWeightSize);
/** Opens a bundle file without loading its models.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 9.0. */
aclError aclmdlBundleInitFromFile(const char *modelPath, void *varWeightPtr, size_t varWeightSize, uint32_t *bundleId);
/** Opens a bundle in host memory without loading its models.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 9.0. */
aclError aclmdlBundleInitFromMem(const void *model, size_t modelSize, void *varWeightPtr, size_t varWeightSize, uint32_t *bundleId);
/** Loads all models of a bundle file.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlBundleLoadFromFile(const char *modelPath, uint32_t *bundleId);
/** Loads all models of a bundle in host memory.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlBundleLoadFromMem(const void *model, size_t modelSize, uint32_t *bundleId);
/** Loads one model of an opened bundle.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 9.0. */
aclError aclmdlBundleLoadModel(uint32_t bundleId, size_t index, uint32_t *modelId);
/** Loads one model of an opened bundle into memory of the caller.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 9.0. */
aclError aclmdlBundleLoadModelWithMem(uint32_t bundleId, size_t index, void *workPtr, size_t workSize, void *weightPtr, size_t weightSize, uint32_t *modelId);
/** Reads what a bundle file holds.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 9.0. */
aclError aclmdlBundleQueryInfoFromFile(const char *fileName, aclmdlBundleQueryInfo *queryInfo);
/** Reads what a bundle in host memory holds.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 9.0. */
aclError aclmdlBundleQueryInfoFromMem(const void *model, size_t modelSize, aclmdlBundleQueryInfo *queryInfo);
/** Unloads a bundle with its models.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlBundleUnload(uint32_t bundleId);
/** Unloads one model of a bundle.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 9.0. */
aclError aclmdlBundleUnloadModel(uint32_t bundleId, uint32_t modelId);
/** Loads one model of an opened bundle by a configuration.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 9.0. */
aclError aclmdlBundleLoadModelWithConfig(uint32_t bundleId, size_t index, aclmdlConfigHandle *handle, uint32_t *modelId);
/** Makes an empty configuration for loading.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclmdlConfigHandle *aclmdlCreateConfigHandle(void);
/** Makes an empty configuration for running.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclmdlExecConfigHandle *aclmdlCreateExecConfigHandle(void);
/** Frees a configuration for loading.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlDestroyConfigHandle(aclmdlConfigHandle *handle);
/** Frees a configuration for running.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlDestroyExecConfigHandle(const aclmdlExecConfigHandle *handle);
/** Loads a model by a configuration.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlLoadWithConfig(const aclmdlConfigHandle *handle, uint32_t *modelId);
/** Sets an option of a configuration for loading.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlSetConfigOpt(aclmdlConfigHandle *handle, aclmdlConfigAttr attr, const void *attrValue, size_t valueSize);
/** Sets an option of a configuration for running.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlSetExecConfigOpt(aclmdlExecConfigHandle *handle, aclmdlExecConfigAttr attr, const void *attrValue, size_t valueSize);
/** Appends a data buffer to a dataset.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlAddDatasetBuffer(aclmdlDataset *dataset, aclDataBuffer *dataBuffer);
/** Makes an empty dataset: the buffers of a model's inputs or outputs.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclmdlDataset *aclmdlCreateDataset(void);
/** Frees a dataset, not its buffers.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlDestroyDataset(const aclmdlDataset *dataset);
/** Gives one buffer of a dataset.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclDataBuffer *aclmdlGetDatasetBuffer(const aclmdlDataset *dataset, size_t index);
/** Counts the buffers of a dataset.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
size_t aclmdlGetDatasetNumBuffers(const aclmdlDataset *dataset);
/** Gives the tensor description of one buffer of a dataset.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclTensorDesc *aclmdlGetDatasetTensorDesc(const aclmdlDataset *dataset, size_t index);
/** Says what tensor one buffer of a dataset holds.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlSetDatasetTensorDesc(aclmdlDataset *dataset, aclTensorDesc *tensorDesc, size_t index);
/** Describes an operator of a model by stream and task.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlCreateAndGetOpDesc(uint32_t deviceId, uint32_t streamId, uint32_t taskId, char *opName, size_t opNameLen, aclTensorDesc **inputDesc, size_t *numInputs, aclTensorDesc **outputDesc, size_t *numOutputs);
/** Makes an empty model description.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclmdlDesc *aclmdlCreateDesc(void);
/** Frees a model description.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlDestroyDesc(aclmdlDesc *modelDesc);
/** Gives an attribute of a loaded model.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 9.1. */
aclError aclmdlGetAttribute(uint32_t modelId, aclmdlAttr attr, aclmdlAttrValue_t *attrValue);
/** Gives an output's shape for the gear that was set last.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlGetCurOutputDims(const aclmdlDesc *modelDesc, size_t index, aclmdlIODims *dims);
/** Fills a description from a loaded model.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlGetDesc(aclmdlDesc *modelDesc, uint32_t modelId);
/** Fills a description from a model file.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlGetDescFromFile(aclmdlDesc *modelDesc, const char *modelPath);
/** Fills a description from a model in host memory.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlGetDescFromMem(aclmdlDesc *modelDesc, const void *model, size_t modelSize);
/** Gives the batch sizes that a model was made for.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlGetDynamicBatch(const aclmdlDesc *modelDesc, aclmdlBatch *batch);
/** Gives the picture sizes that a model was made for.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlGetDynamicHW(const aclmdlDesc *modelDesc, size_t index, aclmdlHW *hw);
/** Gives the element type of an input.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclDataType aclmdlGetInputDataType(const aclmdlDesc *modelDesc, size_t index);
/** Gives the shape of an input, with -1 for what is dynamic.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlGetInputDims(const aclmdlDesc *modelDesc, size_t index, aclmdlIODims *dims);
/** Gives the range of each dimension of an input.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlGetInputDimsRange(const aclmdlDesc *modelDesc, size_t index, aclmdlIODimsRange *dimsRange);
/** Gives the shape of an input as static preprocessing wants it.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlGetInputDimsV2(const aclmdlDesc *modelDesc, size_t index, aclmdlIODims *dims);
/** Gives the combinations of dimensions that a model was made for.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlGetInputDynamicDims(const aclmdlDesc *modelDesc, size_t index, aclmdlIODims *dims, size_t gearCount);
/** Counts the combinations of dimensions that a model was made for.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlGetInputDynamicGearCount(const aclmdlDesc *modelDesc, size_t index, size_t *gearCount);
/** Gives the format of an input.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclFormat aclmdlGetInputFormat(const aclmdlDesc *modelDesc, size_t index);
/** Finds an input by its name.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlGetInputIndexByName(const aclmdlDesc *modelDesc, const char *name, size_t *index);
/** Names an input.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
const char *aclmdlGetInputNameByIndex(const aclmdlDesc *modelDesc, size_t index);
/** Gives the bytes of an input.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
size_t aclmdlGetInputSizeByIndex(aclmdlDesc *modelDesc, size_t index);
/** Counts the inputs of a model.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
size_t aclmdlGetNumInputs(aclmdlDesc *modelDesc);
/** Counts the outputs of a model.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
size_t aclmdlGetNumOutputs(aclmdlDesc *modelDesc);
/** Gives an attribute of an operator of the model.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
const char *aclmdlGetOpAttr(aclmdlDesc *modelDesc, const char *opName, const char *attr);
/** Gives the element type of an output.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclDataType aclmdlGetOutputDataType(const aclmdlDesc *modelDesc, size_t index);
/** Gives the shape of an output.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlGetOutputDims(const aclmdlDesc *modelDesc, size_t index, aclmdlIODims *dims);
/** Gives the format of an output.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclFormat aclmdlGetOutputFormat(const aclmdlDesc *modelDesc, size_t index);
/** Finds an output by its name.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlGetOutputIndexByName(const aclmdlDesc *modelDesc, const char *name, size_t *index);
/** Names an output.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
const char *aclmdlGetOutputNameByIndex(const aclmdlDesc *modelDesc, size_t index);
/** Gives the bytes of an output.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
size_t aclmdlGetOutputSizeByIndex(aclmdlDesc *modelDesc, size_t index);
/** Gives the name that a tensor had in the source model.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
const char *aclmdlGetTensorRealName(const aclmdlDesc *modelDesc, const char *name);
/** Chooses the batch size of the next run.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlSetDynamicBatchSize(uint32_t modelId, aclmdlDataset *dataset, size_t index, uint64_t batchSize);
/** Chooses the picture size of the next run.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlSetDynamicHWSize(uint32_t modelId, aclmdlDataset *dataset, size_t index, uint64_t height, uint64_t width);
/** Chooses the combination of dimensions of the next run.
 *  In libascendcl.so, from 8.5 on also libacl_mdl.so; since CANN 8.1 or earlier. */
aclError aclmdlSetInputDynamicDims(uint32_t modelId, aclmdlDataset *dataset, size_t index, const aclmdlIODims *dims);
/** Puts a conversion of a tensor's element type into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_op_executor.so; since CANN 8.1 or earlier. */
aclError aclopCast(const aclTensorDesc *srcDesc, const aclDataBuffer *srcBuffer, const aclTensorDesc *dstDesc, aclDataBuffer *dstBuffer, uint8_t truncate, aclrtStream stream);
/** Makes an empty set of operator attributes.
 *  In libascendcl.so, from 8.5 on also libacl_op_executor.so; since CANN 8.1 or earlier. */
aclopAttr *aclopCreateAttr(void);
/** Prepares an operator for many runs.
 *  In libascendcl.so, from 8.5 on also libacl_op_executor.so; since CANN 8.1 or earlier. */
aclError aclopCreateHandle(const char *opType, int numInputs, const aclTensorDesc *const inputDesc[], int numOutputs, const aclTensorDesc *const outputDesc[], const aclopAttr *opAttr, aclopHandle **handle);
/** Prepares a conversion of element types for many runs.
 *  In libascendcl.so, from 8.5 on also libacl_op_executor.so; since CANN 8.1 or earlier. */
aclError aclopCreateHandleForCast(aclTensorDesc *srcDesc, aclTensorDesc *dstDesc, uint8_t truncate, aclopHandle **handle);
/** Makes a kernel from a binary, inside a compile function.
 *  In libascendcl.so, from 8.5 on also libacl_op_executor.so; since CANN 8.1 or earlier. */
aclError aclopCreateKernel(const char *opType, const char *kernelId, const char *kernelName, void *binData, int binSize, aclopEngineType enginetype, aclDataDeallocator deallocator);
/** Frees a set of attributes.
 *  In libascendcl.so, from 8.5 on also libacl_op_executor.so; since CANN 8.1 or earlier. */
void aclopDestroyAttr(const aclopAttr *attr);
/** Frees a prepared operator.
 *  In libascendcl.so, from 8.5 on also libacl_op_executor.so; since CANN 8.1 or earlier. */
void aclopDestroyHandle(aclopHandle *handle);
/** Puts a prepared operator into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_op_executor.so; since CANN 8.1 or earlier. */
aclError aclopExecWithHandle(aclopHandle *handle, int numInputs, const aclDataBuffer *const inputs[], int numOutputs, aclDataBuffer *const outputs[], aclrtStream stream);
/** Puts a single operator into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_op_executor.so; since CANN 8.1 or earlier, deprecated. */
aclError aclopExecute(const char *opType, int numInputs, const aclTensorDesc *const inputDesc[], const aclDataBuffer *const inputs[], int numOutputs, const aclTensorDesc *const outputDesc[], aclDataBuffer *const outputs[], const aclopAttr *attr, aclrtStream stream);
/** Puts a single operator into a stream and tells the shapes of its outputs.
 *  In libascendcl.so, from 8.5 on also libacl_op_executor.so; since CANN 8.1 or earlier. */
aclError aclopExecuteV2(const char *opType, int numInputs, aclTensorDesc * inputDesc[], aclDataBuffer * inputs[], int numOutputs, aclTensorDesc * outputDesc[], aclDataBuffer * outputs[], aclopAttr *attr, aclrtStream stream);
/** Works out the shapes of an operator's outputs.
 *  In libascendcl.so, from 8.5 on also libacl_op_executor.so; since CANN 8.1 or earlier. */
aclError aclopInferShape(const char *opType, int numInputs, aclTensorDesc * inputDesc[], aclDataBuffer * inputs[], int numOutputs, aclTensorDesc * outputDesc[], aclopAttr *attr);
/** Loads a single-operator model from host memory.
 *  In libascendcl.so, from 8.5 on also libacl_op_executor.so; since CANN 8.1 or earlier. */
aclError aclopLoad(const void *model, size_t modelSize);
/** Registers the function that chooses an operator's kernel by shape.
 *  In libascendcl.so, from 8.5 on also libacl_op_executor.so; since CANN 8.1 or earlier. */
aclError aclopRegisterCompileFunc(const char *opType, aclopCompileFunc func);
/** Sets an attribute that is true or false.
 *  In libascendcl.so, from 8.5 on also libacl_op_executor.so; since CANN 8.1 or earlier. */
aclError aclopSetAttrBool(aclopAttr *attr, const char *attrName, uint8_t attrValue);
/** Sets an attribute that is a data type.
 *  In libascendcl.so, from 8.5 on also libacl_op_executor.so; since CANN 8.1 or earlier. */
aclError aclopSetAttrDataType(aclopAttr *attr, const char *attrName, aclDataType attrValue);
/** Sets an attribute that is a number with a fraction.
 *  In libascendcl.so, from 8.5 on also libacl_op_executor.so; since CANN 8.1 or earlier. */
aclError aclopSetAttrFloat(aclopAttr *attr, const char *attrName, float attrValue);
/** Sets an attribute that is an integer.
 *  In libascendcl.so, from 8.5 on also libacl_op_executor.so; since CANN 8.1 or earlier. */
aclError aclopSetAttrInt(aclopAttr *attr, const char *attrName, int64_t attrValue);
/** Sets an attribute that lists truth values.
 *  In libascendcl.so, from 8.5 on also libacl_op_executor.so; since CANN 8.1 or earlier. */
aclError aclopSetAttrListBool(aclopAttr *attr, const char *attrName, int numValues, const uint8_t *values);
/** Sets an attribute that lists data types.
 *  In libascendcl.so, from 8.5 on also libacl_op_executor.so; since CANN 8.1 or earlier. */
aclError aclopSetAttrListDataType(aclopAttr *attr, const char *attrName, int numValues, const aclDataType values[]);
/** Sets an attribute that lists numbers with a fraction.
 *  In libascendcl.so, from 8.5 on also libacl_op_executor.so; since CANN 8.1 or earlier. */
aclError aclopSetAttrListFloat(aclopAttr *attr, const char *attrName, int numValues, const float *values);
/** Sets an attribute that lists integers.
 *  In libascendcl.so, from 8.5 on also libacl_op_executor.so; since CANN 8.1 or earlier. */
aclError aclopSetAttrListInt(aclopAttr *attr, const char *attrName, int numValues, const int64_t *values);
/** Sets an attribute that lists lists of integers.
 *  In libascendcl.so, from 8.5 on also libacl_op_executor.so; since CANN 8.1 or earlier. */
aclError aclopSetAttrListListInt(aclopAttr *attr, const char *attrName, int numLists, const int *numValues, const int64_t *const values[]);
/** Sets an attribute that lists texts.
 *  In libascendcl.so, from 8.5 on also libacl_op_executor.so; since CANN 8.1 or earlier. */
aclError aclopSetAttrListString(aclopAttr *attr, const char *attrName, int numValues, const char **values);
/** Sets an attribute that is a text.
 *  In libascendcl.so, from 8.5 on also libacl_op_executor.so; since CANN 8.1 or earlier. */
aclError aclopSetAttrString(aclopAttr *attr, const char *attrName, const char *attrValue);
/** Sets the arguments of a kernel, inside a compile function.
 *  In libascendcl.so, from 8.5 on also libacl_op_executor.so; since CANN 8.1 or earlier. */
aclError aclopSetKernelArgs(aclopKernelDesc *kernelDesc, const char *kernelId, uint32_t blockDim, const void *args, uint32_t argSize);
/** Sets the sizes of a kernel's workspaces, inside a compile function.
 *  In libascendcl.so, from 8.5 on also libacl_op_executor.so; since CANN 8.1 or earlier. */
aclError aclopSetKernelWorkspaceSizes(aclopKernelDesc *kernelDesc, int numWorkspaces, size_t *workspaceSizes);
/** Limits how many compiled operators are kept.
 *  In libascendcl.so, from 8.5 on also libacl_op_executor.so; since CANN 8.1 or earlier. */
aclError aclopSetMaxOpQueueNum(uint64_t maxOpNum);
/** Names the folder of single-operator models and reads it.
 *  In libascendcl.so, from 8.5 on also libacl_op_executor.so; since CANN 8.1 or earlier. */
aclError aclopSetModelDir(const char *modelDir);
/** Takes back the function that chooses an operator's kernel.
 *  In libascendcl.so, from 8.5 on also libacl_op_executor.so; since CANN 8.1 or earlier. */
aclError aclopUnregisterCompileFunc(const char *opType);
/** Has an operator's compile function choose again for these tensors.
 *  In libascendcl.so, from 8.5 on also libacl_op_executor.so; since CANN 8.1 or earlier. */
aclError aclopUpdateParams(const char *opType, int numInputs, const aclTensorDesc *const inputDesc[], int numOutputs, const aclTensorDesc *const outputDesc[], const aclopAttr *attr);
/** Runs the host functions that wait for this thread.
 *  In the small C runtime only (lib64/c/libascendcl.so); since CANN 8.1 or earlier. */
aclError aclrtProcessHostFunc(int32_t timeout);
/** Waits for a callback of the subscribed streams and runs it in this thread.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtProcessReport(int32_t timeout);
/** Has a function called when a device is set or reset.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtRegDeviceStateCallback(const char *regName, aclrtDeviceStateCallback callback, void *args);
/** Has a function called when a stream is made or destroyed.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtRegStreamStateCallback(const char *regName, aclrtStreamStateCallback callback, void *args);
/** Has the host functions of a stream run by a thread.
 *  In the small C runtime only (lib64/c/libascendcl.so); since CANN 8.1 or earlier. */
aclError aclrtSubscribeHostFunc(uint64_t hostFuncThreadId, aclrtStream exeStream);
/** Has the callbacks of a stream run by a thread.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtSubscribeReport(uint64_t threadId, aclrtStream stream);
/** Ends the running of a stream's host functions by a thread.
 *  In the small C runtime only (lib64/c/libascendcl.so); since CANN 8.1 or earlier. */
aclError aclrtUnSubscribeHostFunc(uint64_t hostFuncThreadId, aclrtStream exeStream);
/** Ends the running of a stream's callbacks by a thread.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtUnSubscribeReport(uint64_t threadId, aclrtStream stream);
/** Makes a context of a device and makes it this thread's current one.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtCreateContext(aclrtContext *context, int32_t deviceId);
/** Gives the default stream of the current context.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtCtxGetCurrentDefaultStream(aclrtStream *stream);
/** Gives a setting of the current context.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtCtxGetSysParamOpt(aclSysParamOpt opt, int64_t *value);
/** Sets a setting of the current context.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtCtxSetSysParamOpt(aclSysParamOpt opt, int64_t value);
/** Destroys a context.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtDestroyContext(aclrtContext context);
/** Gives this thread's current context.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtGetCurrentContext(aclrtContext *context);
/** Tells whether a device's primary context is there.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtGetPrimaryCtxState(int32_t deviceId, uint32_t *flags, int32_t *active);
/** Makes a context this thread's current one.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtSetCurrentContext(aclrtContext context);
/** Tells whether a device can reach another's memory.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtDeviceCanAccessPeer(int32_t *canAccessPeer, int32_t deviceId, int32_t peerDeviceId);
/** Ends the current device's access to another's memory.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtDeviceDisablePeerAccess(int32_t peerDeviceId);
/** Lets the current device reach another's memory.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtDeviceEnablePeerAccess(int32_t peerDeviceId, uint32_t flags);
/** Gives this process's number as the host outside of containers sees it.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtDeviceGetBareTgid(int32_t *pid);
/** Finds a device by its PCI address.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since a CANN after 9.1. */
aclError aclrtDeviceGetByPCIBusId(const char *pciBusId, int32_t *deviceId);
/** Tells what atomic operations a device can do on host memory.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclrtDeviceGetHostAtomicCapabilities(uint32_t *capabilities, const aclrtAtomicOperation *operations, const uint32_t count, int32_t deviceId);
/** Gives a limit of a device, such as its stack size.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since a CANN after 9.1. */
aclError aclrtDeviceGetLimit(aclrtDeviceLimit limit, size_t *value);
/** Tells what atomic operations a device can do on another's memory.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclrtDeviceGetP2PAtomicCapabilities(uint32_t *capabilities, const aclrtAtomicOperation *operations, const uint32_t count, int32_t srcDeviceId, int32_t dstDeviceId);
/** Gives the PCI address of a device.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since a CANN after 9.1. */
aclError aclrtDeviceGetPCIBusId(int32_t deviceId, char *pciBusId, int32_t len);
/** Gives the unique identifier of a device.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtDeviceGetUuid(int32_t deviceId, aclrtUuid *uuid);
/** Writes a device's level 2 cache back to memory.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since a CANN after 9.1. */
aclError aclrtDeviceL2CacheFlush(void *rsv);
/** Tells whether access between two devices is on.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtDevicePeerAccessStatus(int32_t deviceId, int32_t peerDeviceId, int32_t *status);
/** Sets a limit of a device.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since a CANN after 9.1. */
aclError aclrtDeviceSetLimit(aclrtDeviceLimit limit, size_t value);
/** Gives this thread's current device.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtGetDevice(int32_t *deviceId);
/** Tells whether a device has a feature.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtGetDeviceCapability(int32_t deviceId, aclrtDevFeatureType devFeatureType, int32_t *value);
/** Counts the devices that this process may use.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtGetDeviceCount(uint32_t *count);
/** Gives a number about a device.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtGetDeviceInfo(uint32_t deviceId, aclrtDevAttr attr, int64_t *value);
/** Gives how many cores of a kind this process may use.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtGetDeviceResLimit(int32_t deviceId, aclrtDevResLimitType type, uint32_t *value);
/** Gives what happens when a floating-point result overflows.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtGetDeviceSatMode(aclrtFloatOverflowMode *mode);
/** Gives how busy the parts of a device are.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtGetDeviceUtilizationRate(int32_t deviceId, aclrtUtilizationInfo *utilizationInfo);
/** Tells how two devices are connected.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtGetDevicesTopo(uint32_t deviceId, uint32_t otherDeviceId, uint64_t *value);
/** Turns a physical device number into a logical one.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtGetLogicDevIdByPhyDevId(const int32_t phyDevId, int32_t *const logicDevId);
/** Turns a device number of this process into a logical one.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtGetLogicDevIdByUserDevId(const int32_t userDevid, int32_t *const logicDevId);
/** Turns a logical device number into a physical one.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtGetPhyDevIdByLogicDevId(const int32_t logicDevId, int32_t *const phyDevId);
/** Turns a device number of this process into a physical one.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclrtGetPhyDevIdByUserDevId(const int32_t userDevId, int32_t *const phyDevId);
/** Gives how many cores of a kind this thread's kernels use.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtGetResInCurrentThread(aclrtDevResLimitType type, uint32_t *value);
/** Tells whether the program runs on the host or on the device's own processor.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtGetRunMode(aclrtRunMode *runMode);
/** Turns a logical device number into that of this process.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtGetUserDevIdByLogicDevId(const int32_t logicDevId, int32_t *const userDevid);
/** Turns a physical device number into that of this process.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclrtGetUserDevIdByPhyDevId(const int32_t phyDevId, int32_t *const userDevId);
/** Tells whether a device is well.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtQueryDeviceStatus(int32_t deviceId, aclrtDeviceStatus *deviceStatus);
/** Gives a device back, with all that hangs on it when nobody else has it set.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtResetDevice(int32_t deviceId);
/** Gives a device back however often it was set.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtResetDeviceForce(int32_t deviceId);
/** Lifts the limits on the cores of a device.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtResetDeviceResLimit(int32_t deviceId);
/** Puts a clearing of the overflow state into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtResetOverflowStatus(aclrtStream stream);
/** Makes a device this thread's current one, with its primary context.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtSetDevice(int32_t deviceId);
/** Limits how many cores of a kind this process may use.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtSetDeviceResLimit(int32_t deviceId, aclrtDevResLimitType type, uint32_t value);
/** Sets what happens when a floating-point result overflows.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtSetDeviceSatMode(aclrtFloatOverflowMode mode);
/** Chooses the task scheduler that this thread uses.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtSetTsDevice(aclrtTsId tsId);
/** Waits for all work of the current device.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtSynchronizeDevice(void);
/** Waits for all work of the current device, for a time.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtSynchronizeDeviceWithTimeout(int32_t timeout);
/** Ends the dumping of models.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclmdlFinalizeDump(void);
/** Begins the dumping of models.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclmdlInitDump(void);
/** Sets what is dumped from a JSON file.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclmdlSetDump(const char *dumpCfgPath);
/** Gives and clears this thread's latest error text.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
const char *aclGetRecentErrMsg(void);
/** Has a function called when a kernel of a binary fails.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.0. */
aclError aclrtBinarySetExceptionCallback(aclrtBinHandle binHandle, aclrtOpExceptionCallback callback, void *userData);
/** Aborts the work of a device.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtDeviceTaskAbort(int32_t deviceId, uint32_t timeout);
/** Adds a function that is called when a task fails.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since a CANN after 9.1. */
aclError aclrtExceptionInfoCallbackRegister(aclrtExceptionInfoCallback callback);
/** Takes back such a function by its name.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since a CANN after 9.1. */
aclError aclrtExceptionInfoCallbackUnregister(aclrtExceptionInfoCallback callback);
/** Gives the arguments of the failed task.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.0. */
aclError aclrtGetArgsFromExceptionInfo(const aclrtExceptionInfo *info, void **devArgsPtr, uint32_t *devArgsLen);
/** Gives the device of the failed task.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
uint32_t aclrtGetDeviceIdFromExceptionInfo(const aclrtExceptionInfo *info);
/** Gives the error code of the failed task.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
uint32_t aclrtGetErrorCodeFromExceptionInfo(const aclrtExceptionInfo *info);
/** Gives the details of a device's failure.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtGetErrorVerbose(int32_t deviceId, aclrtErrorInfo *errorInfo);
/** Gives the kernel of the failed task.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.0. */
aclError aclrtGetFuncHandleFromExceptionInfo(const aclrtExceptionInfo *info, aclrtFuncHandle *func);
/** Gives and clears this thread's latest error code.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtGetLastError(aclrtLastErrLevel level);
/** Lists the ranges of memory that cannot be read any more.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtGetMemUceInfo(int32_t deviceId, aclrtMemUceInfo *memUceInfoArray, size_t arraySize, size_t *retSize);
/** Puts a reading of the overflow state into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtGetOverflowStatus(void *outputAddr, size_t outputSize, aclrtStream stream);
/** Gives the stream of the failed task.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
uint32_t aclrtGetStreamIdFromExceptionInfo(const aclrtExceptionInfo *info);
/** Gives the number of the failed task.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
uint32_t aclrtGetTaskIdFromExceptionInfo(const aclrtExceptionInfo *info);
/** Gives the thread that submitted the failed task.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
uint32_t aclrtGetThreadIdFromExceptionInfo(const aclrtExceptionInfo *info);
/** Repairs ranges of memory that could not be read.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtMemUceRepair(int32_t deviceId, aclrtMemUceInfo *memUceInfoArray, size_t arraySize);
/** Puts a clearing of the chip's overflow state into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtNpuClearFloatOverFlowStatus(uint32_t checkMode, aclrtStream stream);
/** Puts a reading of the chip's overflow state into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtNpuGetFloatOverFlowStatus(void *outputAddr, uint64_t outputSize, uint32_t checkMode, aclrtStream stream);
/** Gives this thread's latest error code and keeps it.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtPeekAtLastError(aclrtLastErrLevel level);
/** Repairs a failure that aclrtGetErrorVerbose told of.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtRepairError(int32_t deviceId, const aclrtErrorInfo *errorInfo);
/** Has a function called before and after an abort.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtSetDeviceTaskAbortCallback(const char *regName, aclrtDeviceTaskAbortCallback callback, void *args);
/** Sets the function that is called when a task fails.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier, deprecated. */
aclError aclrtSetExceptionInfoCallback(aclrtExceptionInfoCallback callback);
/** Drops the work of a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtStreamAbort(aclrtStream stream);
/** Makes an event.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtCreateEvent(aclrtEvent *event);
/** Makes an event with uses beyond those of aclrtCreateEventWithFlag.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtCreateEventExWithFlag(aclrtEvent *event, uint32_t flag);
/** Makes an event for the uses that the flags name.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtCreateEventWithFlag(aclrtEvent *event, uint32_t flag);
/** Destroys an event.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtDestroyEvent(aclrtEvent event);
/** Gives the milliseconds between two recorded events.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtEventElapsedTime(float *ms, aclrtEvent startEvent, aclrtEvent endEvent);
/** Gives when an event was reached, in microseconds.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtEventGetTimestamp(aclrtEvent event, uint64_t *timestamp);
/** Counts the events that can still be made.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtGetEventAvailNum(uint32_t *eventCount);
/** Gives the number of an event.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtGetEventId(aclrtEvent event, uint32_t *eventId);
/** Gives a handle by which another process opens an event.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtIpcGetEventHandle(aclrtEvent event, aclrtIpcEventHandle *handle);
/** Opens an event of another process.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtIpcOpenEventHandle(aclrtIpcEventHandle handle, aclrtEvent *event);
/** Tells whether an event was reached, in the older way.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier, deprecated. */
aclError aclrtQueryEvent(aclrtEvent event, aclrtEventStatus *status);
/** Tells whether the recorded work is done.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtQueryEventStatus(aclrtEvent event, aclrtEventRecordedStatus *status);
/** Tells whether those who waited for an event have gone on.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtQueryEventWaitStatus(aclrtEvent event, aclrtEventWaitStatus *status);
/** Puts an event into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtRecordEvent(aclrtEvent event, aclrtStream stream);
/** Puts an event into a stream, with flags.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since a CANN after 9.1. */
aclError aclrtRecordEventWithFlag(aclrtEvent event, aclrtStream stream, uint32_t flag);
/** Puts the resetting of an event into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtResetEvent(aclrtEvent event, aclrtStream stream);
/** Has a stream wait for an event.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtStreamWaitEvent(aclrtStream stream, aclrtEvent event);
/** Has a stream wait for an event, with flags.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since a CANN after 9.1. */
aclError aclrtStreamWaitEventWithFlag(aclrtStream stream, aclrtEvent event, uint32_t timeout, uint32_t flag);
/** Has a stream wait for an event, for a time.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtStreamWaitEventWithTimeout(aclrtStream stream, aclrtEvent event, int32_t timeout);
/** Waits for an event.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtSynchronizeEvent(aclrtEvent event);
/** Waits for an event, for a time.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtSynchronizeEventWithTimeout(aclrtEvent event, int32_t timeout);
/** Makes room for what is known of the groups of cores.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclrtGroupInfo *aclrtCreateGroupInfo(void);
/** Frees that room.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtDestroyGroupInfo(aclrtGroupInfo *groupInfo);
/** Reads what is known of the groups of cores.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtGetAllGroupInfo(aclrtGroupInfo *groupInfo);
/** Counts the groups of cores.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtGetGroupCount(uint32_t *count);
/** Gives one property of a group of cores.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtGetGroupInfoDetail(const aclrtGroupInfo *groupInfo, int32_t groupIndex, aclrtGroupAttr attr, void *attrValue, size_t valueLen, size_t *paramRetSize);
/** Chooses the group of cores of this context.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtSetGroup(int32_t groupId);
/** Ends the use of AscendCL in this process.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclFinalize(void);
/** Has a function called at aclFinalize.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclFinalizeCallbackRegister(aclRegisterCallbackType type, aclFinalizeCallbackFunc cbFunc, void *userData);
/** Takes back a function for aclFinalize.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclFinalizeCallbackUnRegister(aclRegisterCallbackType type, aclFinalizeCallbackFunc cbFunc);
/** Takes back one of several aclInit, and ends the use at the last.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclFinalizeReference(uint64_t *refCount);
/** Begins the use of AscendCL, with a JSON configuration if one is named.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclInit(const char *configPath);
/** Has a function called at aclInit.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclInitCallbackRegister(aclRegisterCallbackType type, aclInitCallbackFunc cbFunc, void *userData);
/** Takes back a function for aclInit.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclInitCallbackUnRegister(aclRegisterCallbackType type, aclInitCallbackFunc cbFunc);
/** Gives where on the device a kernel binary lies.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtBinaryGetDevAddress(const aclrtBinHandle binHandle, void **binAddr, size_t *binSize);
/** Finds a kernel of a binary by its name.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtBinaryGetFunction(const aclrtBinHandle binHandle, const char *kernelName, aclrtFuncHandle *funcHandle);
/** Finds a kernel of a binary by its number.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtBinaryGetFunctionByEntry(aclrtBinHandle binHandle, uint64_t funcEntry, aclrtFuncHandle *funcHandle);
/** Finds a global variable of a binary.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclrtBinaryGetGlobal(aclrtBinHandle binHandle, const char *name, void **dptr, size_t *size);
/** Loads a kernel binary to the device.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtBinaryLoad(const aclrtBinary binary, aclrtBinHandle *binHandle);
/** Loads a kernel binary from host memory, with options.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtBinaryLoadFromData(const void *data, size_t length, const aclrtBinaryLoadOptions *options, aclrtBinHandle *binHandle);
/** Loads a kernel binary from a file, with options.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtBinaryLoadFromFile(const char *binPath, aclrtBinaryLoadOptions *options, aclrtBinHandle *binHandle);
/** Unloads a kernel binary.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtBinaryUnLoad(aclrtBinHandle binHandle);
/** Tells whether code for a chip runs on this one.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtCheckArchCompatibility(const char *socVersion, int32_t *canCompatible);
/** Wraps a kernel binary in host memory.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclrtBinary aclrtCreateBinary(const void *data, size_t dataLen);
/** Gives where the device notes an overflow of the context.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtCtxGetFloatOverflowAddr(void **overflowAddr);
/** Frees the wrapper of a kernel binary.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtDestroyBinary(aclrtBinary binary);
/** Gives the on-chip buffer that is left for a block of a kernel.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclrtFunctionGetAvailDynUbufPerBlock(void *func, uint32_t flags, size_t *dynamicUbufSize);
/** Gives the binary that a kernel is from.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclrtFunctionGetBinary(const aclrtFuncHandle funcHandle, aclrtBinHandle *binHandle);
/** Counts the parameters of a kernel.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclrtFunctionGetParamCount(const void *func, size_t *paramCount);
/** Gives offset and size of a kernel's parameter.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclrtFunctionGetParamInfo(const void *func, size_t paramIndex, size_t *paramOffset, size_t *paramSize);
/** Puts a reading of the context's overflow state into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtGetFloatOverflowStatus(void *outputAddr, uint64_t outputSize, aclrtStream stream);
/** Finds the kernel that a host symbol stands for.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclrtGetFuncBySymbol(const void *symbol, aclrtFuncHandle *funcHandle);
/** Gives where on the device a kernel's two parts lie.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtGetFunctionAddr(aclrtFuncHandle funcHandle, void **aicAddr, void **aivAddr);
/** Gives a property of a kernel.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtGetFunctionAttribute(aclrtFuncHandle funcHandle, aclrtFuncAttribute attrType, int64_t *attrValue);
/** Names a kernel.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtGetFunctionName(aclrtFuncHandle funcHandle, uint32_t maxLen, char *name);
/** Gives the bytes of a kernel's two parts.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclrtGetFunctionSize(aclrtFuncHandle funcHandle, size_t *aicSize, size_t *aivSize);
/** Gives the address by which cores keep step.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtGetHardwareSyncAddr(void **addr);
/** Gives where on the device the variable of a host symbol lies.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclrtGetSymbolAddress(const void *symbol, void **devPtr);
/** Gives the bytes of the variable of a host symbol.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclrtGetSymbolSize(const void *symbol, size_t *size);
/** Appends an argument to a list.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtKernelArgsAppend(aclrtArgsHandle argsHandle, void *param, size_t paramSize, aclrtParamHandle *paramHandle);
/** Appends an argument that will point into the list itself.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtKernelArgsAppendPlaceHolder(aclrtArgsHandle argsHandle, aclrtParamHandle *paramHandle);
/** Closes a list of arguments.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtKernelArgsFinalize(aclrtArgsHandle argsHandle);
/** Gives the bytes that the handle of a list takes.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtKernelArgsGetHandleMemSize(aclrtFuncHandle funcHandle, size_t *memSize);
/** Gives the bytes that a list of arguments takes.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtKernelArgsGetMemSize(aclrtFuncHandle funcHandle, size_t userArgsSize, size_t *actualArgsSize);
/** Gives the room in the list that a placeholder points to.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtKernelArgsGetPlaceHolderBuffer(aclrtArgsHandle argsHandle, aclrtParamHandle paramHandle, size_t dataSize, void **bufferAddr);
/** Opens a list of arguments for a kernel.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtKernelArgsInit(aclrtFuncHandle funcHandle, aclrtArgsHandle *argsHandle);
/** Opens a list of arguments in memory of the caller.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtKernelArgsInitByUserMem(aclrtFuncHandle funcHandle, aclrtArgsHandle argsHandle, void *userHostMem, size_t actualArgsSize);
/** Replaces an argument of a list.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtKernelArgsParaUpdate(aclrtArgsHandle argsHandle, aclrtParamHandle paramHandle, void *param, size_t paramSize);
/** Puts a callback into a stream, which a subscribed thread runs.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtLaunchCallback(aclrtCallback fn, void *userData, aclrtCallbackBlockType blockType, aclrtStream stream);
/** Puts a host function into a stream, which a thread of the runtime runs.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtLaunchHostFunc(aclrtStream stream, aclrtHostFunc fn, void *args);
/** Puts a kernel into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtLaunchKernel(aclrtFuncHandle funcHandle, uint32_t numBlocks, const void *argsData, size_t argsSize, aclrtStream stream);
/** Puts a kernel into a stream, with a configuration and plain arguments.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtLaunchKernelV2(aclrtFuncHandle funcHandle, uint32_t numBlocks, const void *argsData, size_t argsSize, aclrtLaunchKernelCfg *cfg, aclrtStream stream);
/** Puts a kernel into a stream, with an array of pointers to arguments.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclrtLaunchKernelWithArgsArray(void *func, uint32_t numBlocks, aclrtStream stream, aclrtLaunchKernelCfg *cfg, void **args);
/** Puts a kernel into a stream, with a configuration and a list of arguments.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtLaunchKernelWithConfig(aclrtFuncHandle funcHandle, uint32_t numBlocks, aclrtStream stream, aclrtLaunchKernelCfg *cfg, aclrtArgsHandle argsHandle, void *reserve);
/** Puts a kernel into a stream, with arguments in host memory.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtLaunchKernelWithHostArgs(aclrtFuncHandle funcHandle, uint32_t numBlocks, aclrtStream stream, aclrtLaunchKernelCfg *cfg, void *hostArgs, size_t argsSize, aclrtPlaceHolderInfo *placeHolderArray, size_t placeHolderNum);
/** Puts a kernel of many threads into a stream, with pointers to arguments.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since a CANN after 9.1. */
aclError aclrtLaunchSIMTKernelWithArgsArray(void *func, dim3 gridDim, dim3 blockDim, size_t dynUbufSize, aclrtStream stream, aclrtLaunchKernelCfg *cfg, void **args);
/** Puts a kernel of many threads into a stream, with arguments in host memory.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since a CANN after 9.1. */
aclError aclrtLaunchSIMTKernelWithHostArgs(void *func, dim3 gridDim, dim3 blockDim, size_t dynUbufSize, aclrtStream stream, aclrtLaunchKernelCfg *cfg, void *hostArgs, size_t argsSize, aclrtPlaceHolderInfo *placeHolderArray, size_t placeHolderNum);
/** Names a function of a library for the device's own processor.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtRegisterCpuFunc(const aclrtBinHandle handle, const char *funcName, const char *kernelName, aclrtFuncHandle *funcHandle);
/** Puts a clearing of the context's overflow state into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtResetFloatOverflowStatus(aclrtStream stream);
/** Makes a label: a place in a model's streams to jump to.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtCreateLabel(aclrtLabel *label);
/** Gathers labels for a jump by index.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtCreateLabelList(aclrtLabel *labels, size_t num, aclrtLabelList *labelList);
/** Destroys a label.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtDestroyLabel(aclrtLabel label);
/** Destroys a list of labels.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtDestroyLabelList(aclrtLabelList labelList);
/** Puts a label at this place of a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtSetLabel(aclrtLabel label, aclrtStream stream);
/** Puts a jump to one of the labels into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtSwitchLabelByIndex(void *ptr, uint32_t maxValue, aclrtLabelList labelList, aclrtStream stream);
/** Takes a shared buffer.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtAllocBuf(aclrtMbuf *buf, size_t size);
/** Appends a shared buffer to a chain.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtAppendBufChain(aclrtMbuf headBuf, aclrtMbuf buf);
/** Makes a second handle of the same shared buffer.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtCopyBufRef(const aclrtMbuf buf, aclrtMbuf *newBuf);
/** Counts the buffers of a chain.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtGetBufChainNum(aclrtMbuf headBuf, uint32_t *num);
/** Gives address and capacity of a shared buffer.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtGetBufData(const aclrtMbuf buf, void **dataPtr, size_t *size);
/** Gives how much of a shared buffer holds data.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtGetBufDataLen(aclrtMbuf buf, size_t *len);
/** Gives one buffer of a chain.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtGetBufFromChain(aclrtMbuf headBuf, uint32_t index, aclrtMbuf *buf);
/** Reads the private bytes of a shared buffer.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtGetBufUserData(const aclrtMbuf buf, void *dataPtr, size_t size, size_t offset);
/** Says how much of a shared buffer holds data.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtSetBufDataLen(aclrtMbuf buf, size_t len);
/** Writes the private bytes of a shared buffer.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtSetBufUserData(aclrtMbuf buf, const void *dataPtr, size_t size, size_t offset);
/** Tells whether all of some addresses are of these kinds of memory.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtCheckMemType(void **addrList, uint32_t size, uint32_t memType, uint32_t *checkResult, uint32_t reserve);
/** Puts a cache operation on a range into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtCmoAsync(void *src, size_t size, aclrtCmoType cmoType, aclrtStream stream);
/** Puts a cache operation with a barrier's number into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtCmoAsyncWithBarrier(void *src, size_t size, aclrtCmoType cmoType, uint32_t barrierId, aclrtStream stream);
/** Puts a cache operation by a descriptor into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtCmoAsyncWithDesc(void *cmoDesc, aclrtCmoType cmoType, aclrtStream stream, const void *reserve);
/** Gives the bytes of a cache operation's descriptor.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtCmoGetDescSize(size_t *size);
/** Fills a cache operation's descriptor.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtCmoSetDesc(void *cmoDesc, void *src, size_t size);
/** Has a stream wait for cache operations by their barriers.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtCmoWaitBarrier(aclrtBarrierTaskInfo *taskInfo, aclrtStream stream, uint32_t flag);
/** Frees device memory, without waiting for those who use it.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtFree(void *devPtr);
/** Gives a shared buffer back.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtFreeBuf(aclrtMbuf buf);
/** Frees page-locked host memory.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtFreeHost(void *hostPtr);
/** Frees page-locked host memory when the device is done.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtFreeHostWithDevSync(void *hostPtr);
/** Frees physical memory.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtFreePhysical(aclrtDrvMemHandle handle);
/** Frees device memory when the device is done.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtFreeWithDevSync(void *devPtr);
/** Gives free and total memory of a kind on the current device.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtGetMemInfo(aclrtMemAttr attr, size_t *free, size_t *total);
/** Lists how much memory each part of the software holds.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtGetMemUsageInfo(int32_t deviceId, aclrtMemUsageInfo *memUsageInfo, size_t inputNum, size_t *outputNum);
/** Gives the bytes of a copy's descriptor.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtGetMemcpyDescSize(aclrtMemcpyKind kind, size_t *descSize);
/** Gives the device's address of registered host memory.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtHostGetDevicePointer(void *pHost, void **pDevice, uint32_t flag);
/** Tells whether an engine can reach registered host memory.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.0. */
aclError aclrtHostMemMapCapabilities(uint32_t deviceId, aclrtHacType hacType, aclrtHostMemMapCapability *capabilities);
/** Makes host memory reachable for the device.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtHostRegister(void *ptr, uint64_t size, aclrtHostRegisterType type, void **devPtr);
/** Makes host memory reachable for the device, with flags.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtHostRegisterV2(void *ptr, uint64_t size, uint32_t flag);
/** Takes back the registration of host memory.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtHostUnregister(void *ptr);
/** Closes memory shared between processes.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtIpcMemClose(const char *key);
/** Gives a key by which another process reaches device memory.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtIpcMemGetExportKey(void *devPtr, size_t size, char *key, size_t len, uint64_t flags);
/** Opens another process's device memory.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtIpcMemImportByKey(void **devPtr, const char *key, uint64_t flags);
/** Says which processes of other servers may open shared memory.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtIpcMemImportPidInterServer(const char *key, aclrtServerPid *serverPids, size_t num);
/** Sets an attribute of shared memory.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtIpcMemSetAttr(const char *key, aclrtIpcMemAttrType type, uint64_t attr);
/** Says which processes may open shared memory.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtIpcMemSetImportPid(const char *key, int32_t *pid, size_t num);
/** Allocates device memory, with a policy for the size of pages.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtMalloc(void **devPtr, size_t size, aclrtMemMallocPolicy policy);
/** Allocates device memory without the extra room behind it.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtMallocAlign32(void **devPtr, size_t size, aclrtMemMallocPolicy policy);
/** Allocates device memory that is cached.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtMallocCached(void **devPtr, size_t size, aclrtMemMallocPolicy policy);
/** Allocates memory that the task scheduler can reach.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtMallocForTaskScheduler(void **devPtr, size_t size, aclrtMemMallocPolicy policy, aclrtMallocConfig *cfg);
/** Allocates page-locked host memory.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtMallocHost(void **hostPtr, size_t size);
/** Allocates page-locked host memory, with attributes.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtMallocHostWithCfg(void **ptr, uint64_t size, aclrtMallocConfig *cfg);
/** Allocates physical memory without an address.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtMallocPhysical(aclrtDrvMemHandle *handle, size_t size, const aclrtPhysicalMemProp *prop, uint64_t flags);
/** Allocates device memory, with attributes.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtMallocWithCfg(void **devPtr, size_t size, aclrtMemMallocPolicy policy, aclrtMallocConfig *cfg);
/** Maps physical memory to reserved addresses.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtMapMem(void *virPtr, size_t size, size_t offset, aclrtDrvMemHandle handle, uint64_t flags);
/** Allocates memory that host and device reach by the same address.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.0. */
aclError aclrtMemAllocManaged(void **ptr, uint64_t size, uint32_t flag);
/** Gives a handle by which another process reaches physical memory.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtMemExportToShareableHandle(aclrtDrvMemHandle handle, aclrtMemHandleType handleType, uint64_t flags, uint64_t *shareableHandle);
/** Gives a handle, of a chosen kind, to physical memory.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtMemExportToShareableHandleV2(aclrtDrvMemHandle handle, uint64_t flags, aclrtMemSharedHandleType shareType, void *shareableHandle);
/** Writes cached memory back.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtMemFlush(void *devPtr, size_t size);
/** Gives what a place may do with mapped memory.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtMemGetAccess(void *virPtr, aclrtMemLocation *location, uint64_t *flag);
/** Gives the allocation that an address lies in.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.0. */
aclError aclrtMemGetAddressRange(void *ptr, void **pbase, size_t *psize);
/** Gives the unit of size of physical memory.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtMemGetAllocationGranularity(aclrtPhysicalMemProp *prop, aclrtMemGranularityOptions option, size_t *granularity);
/** Gives the properties that physical memory was allocated with.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtMemGetAllocationPropertiesFromHandle(aclrtDrvMemHandle handle, aclrtPhysicalMemProp *prop);
/** Opens another process's physical memory.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtMemImportFromShareableHandle(uint64_t shareableHandle, int32_t deviceId, aclrtDrvMemHandle *handle);
/** Opens another process's physical memory by a handle of a chosen kind.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtMemImportFromShareableHandleV2(void *shareableHandle, aclrtMemSharedHandleType shareType, uint64_t flags, aclrtDrvMemHandle *handle);
/** Drops what is cached of memory.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtMemInvalidate(void *devPtr, size_t size);
/** Says how managed memory will be used.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclrtMemManagedAdvise(const void *const ptr, uint64_t size, aclrtMemManagedAdviseType advise, aclrtMemManagedLocation location);
/** Gives an attribute of a range of managed memory.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclrtMemManagedGetAttr(aclrtMemManagedRangeAttribute attribute, const void *ptr, size_t size, void *data, size_t dataSize);
/** Gives several attributes of a range of managed memory.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclrtMemManagedGetAttrs(aclrtMemManagedRangeAttribute *attributes, size_t numAttributes, const void *ptr, size_t size, void **data, size_t *dataSizes);
/** Puts the moving of managed memory to a place into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclrtMemManagedPrefetchAsync(const void *ptr, size_t size, aclrtMemManagedLocation location, uint32_t flags, aclrtStream stream);
/** Puts the moving of several ranges into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclrtMemManagedPrefetchBatchAsync(const void **ptrs, size_t *sizes, size_t count, aclrtMemManagedLocation *prefetchLocs, size_t *prefetchLocIdxs, size_t numPrefetchLocs, uint64_t flags, aclrtStream stream);
/** Maps physical memory without granting access.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since a CANN after 9.1. */
aclError aclrtMemMapNoAccess(void *virPtr, size_t size, size_t offset, aclrtDrvMemHandle handle, uint64_t flags);
/** Maps memory a second time, over a chosen link.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclrtMemMapSelectedLink(void *virPtrDst, size_t size, void *virPtrSrc, uint32_t linkIdx);
/** Chooses the link by which physical memory is reached.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since a CANN after 9.1. */
aclError aclrtMemMapSetLink(aclrtDrvMemHandle handle, aclrtMemLinkType adviceLink);
/** Maps memory for another device.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.0. */
aclError aclrtMemP2PMap(void *devPtr, size_t size, int32_t dstDevId, uint64_t flags);
/** Gives the physical memory that is mapped at an address.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtMemRetainAllocationHandle(void *virPtr, aclrtDrvMemHandle *handle);
/** Sets what places may do with mapped memory.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtMemSetAccess(void *virPtr, size_t size, aclrtMemAccessDesc *desc, size_t count);
/** Says which processes may open physical memory.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtMemSetPidToShareableHandle(uint64_t shareableHandle, int32_t *pid, size_t pidNum);
/** Says which processes may open physical memory, for a chosen kind of handle.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtMemSetPidToShareableHandleV2(void *shareableHandle, aclrtMemSharedHandleType shareType, int32_t *pid, size_t pidNum);
/** Copies memory and waits.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtMemcpy(void *dst, size_t destMax, const void *src, size_t count, aclrtMemcpyKind kind);
/** Copies a rectangle of memory and waits.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtMemcpy2d(void *dst, size_t dpitch, const void *src, size_t spitch, size_t width, size_t height, aclrtMemcpyKind kind);
/** Puts the copy of a rectangle into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtMemcpy2dAsync(void *dst, size_t dpitch, const void *src, size_t spitch, size_t width, size_t height, aclrtMemcpyKind kind, aclrtStream stream);
/** Puts a copy into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtMemcpyAsync(void *dst, size_t destMax, const void *src, size_t count, aclrtMemcpyKind kind, aclrtStream stream);
/** Puts a copy into a stream, and refuses or waits where the host memory is pageable.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier, deprecated. */
aclError aclrtMemcpyAsyncWithCondition(void *dst, size_t destMax, const void *src, size_t count, aclrtMemcpyKind kind, aclrtStream stream);
/** Puts a copy by a descriptor into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtMemcpyAsyncWithDesc(void *desc, aclrtMemcpyKind kind, aclrtStream stream);
/** Puts a copy between addresses that are read from memory into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtMemcpyAsyncWithOffset(void **dst, size_t destMax, size_t dstDataOffset, const void **src, size_t count, size_t srcDataOffset, aclrtMemcpyKind kind, aclrtStream stream);
/** Makes many copies and waits.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtMemcpyBatch(void **dsts, size_t *destMaxs, void **srcs, size_t *sizes, size_t numBatches, aclrtMemcpyBatchAttr *attrs, size_t *attrsIndexes, size_t numAttrs, size_t *failIndex);
/** Puts many copies into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtMemcpyBatchAsync(void **dsts, size_t *destMaxs, void **srcs, size_t *sizes, size_t numBatches, aclrtMemcpyBatchAttr *attrs, size_t *attrsIndexes, size_t numAttrs, size_t *failIndex, aclrtStream stream);
/** Puts many copies into a stream, without telling which one was refused.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclrtMemcpyBatchAsyncV2(void **dsts, size_t *destMaxs, void **srcs, size_t *sizes, size_t numBatches, aclrtMemcpyBatchAttr *attrs, size_t *attrsIndexes, size_t numAttrs, aclrtStream stream);
/** Makes many copies and waits, without telling which one was refused.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclrtMemcpyBatchV2(void **dsts, size_t *destMaxs, void **srcs, size_t *sizes, size_t numBatches, aclrtMemcpyBatchAttr *attrs, size_t *attrsIndexes, size_t numAttrs);
/** Copies from the variable of a host symbol and waits.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclrtMemcpyFromSymbol(void *dst, size_t dstMax, const void *symbol, size_t count, size_t offset, aclrtMemcpyKind kind);
/** Puts a copy from the variable of a host symbol into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclrtMemcpyFromSymbolAsync(void *dst, size_t dstMax, const void *symbol, size_t count, size_t offset, aclrtMemcpyKind kind, aclrtStream stream);
/** Copies to the variable of a host symbol and waits.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclrtMemcpyToSymbol(const void *symbol, const void *src, size_t count, size_t offset, aclrtMemcpyKind kind);
/** Puts a copy to the variable of a host symbol into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclrtMemcpyToSymbolAsync(const void *symbol, const void *src, size_t count, size_t offset, aclrtMemcpyKind kind, aclrtStream stream);
/** Fills memory with a byte and waits.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtMemset(void *devPtr, size_t maxCount, int32_t value, size_t count);
/** Puts the filling of memory with a byte into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtMemsetAsync(void *devPtr, size_t maxCount, int32_t value, size_t count, aclrtStream stream);
/** Fills memory with a 32-bit word and waits.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclrtMemsetD32(void *ptr, size_t memSize, uint32_t value, size_t N);
/** Puts the filling of memory with a 32-bit word into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclrtMemsetD32Async(void *ptr, size_t memSize, uint32_t value, size_t N, aclrtStream stream);
/** Tells what kind of memory an address is in.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtPointerGetAttributes(const void *ptr, aclrtPtrAttributes *attributes);
/** Gives reserved addresses back.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtReleaseMemAddress(void *virPtr);
/** Reserves addresses without memory.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtReserveMemAddress(void **virPtr, size_t size, size_t alignment, void *expectPtr, uint64_t flags);
/** Reserves addresses for memory that is never uncached.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.0. */
aclError aclrtReserveMemAddressNoUCMemory(void **virPtr, size_t size, size_t alignment, void *expectPtr, uint64_t flags);
/** Fills a copy's descriptor.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtSetMemcpyDesc(void *desc, aclrtMemcpyKind kind, void *srcAddr, void *dstAddr, size_t count, void *config);
/** Takes physical memory off its addresses.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtUnmapMem(void *virPtr);
/** Aborts a running graph.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclmdlRIAbort(aclmdlRI modelRI);
/** Adds a task that runs one of several graphs by a condition.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclmdlRIAddCondTask(aclmdlRICondTaskParams params, aclrtStream stream, uint32_t flags);
/** Binds a stream to a graph in the making.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclmdlRIBindStream(aclmdlRI modelRI, aclrtStream stream, uint32_t flag);
/** Begins a graph that is made stream by stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclmdlRIBuildBegin(aclmdlRI *modelRI, uint32_t flag);
/** Ends the making of a graph.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclmdlRIBuildEnd(aclmdlRI modelRI, void *reserve);
/** Begins to record a stream's work instead of doing it.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclmdlRICaptureBegin(aclrtStream stream, aclmdlRICaptureMode mode);
/** Ends the recording and gives the graph.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclmdlRICaptureEnd(aclrtStream stream, aclmdlRI *modelRI);
/** Tells whether a stream is recording, and into which graph.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclmdlRICaptureGetInfo(aclrtStream stream, aclmdlRICaptureStatus *status, aclmdlRI *modelRI);
/** Begins a group of recorded tasks that can be changed later.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclmdlRICaptureTaskGrpBegin(aclrtStream stream);
/** Ends a group of recorded tasks.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclmdlRICaptureTaskGrpEnd(aclrtStream stream, aclrtTaskGrp *handle);
/** Begins the change of a group of recorded tasks.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclmdlRICaptureTaskUpdateBegin(aclrtStream stream, aclrtTaskGrp handle);
/** Ends the change of a group of recorded tasks.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclmdlRICaptureTaskUpdateEnd(aclrtStream stream);
/** Exchanges this thread's mode of recording.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclmdlRICaptureThreadExchangeMode(aclmdlRICaptureMode *mode);
/** Begins to record a stream's work into a graph that is there.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclmdlRICaptureToModelRIBegin(aclrtStream stream, aclmdlRI modelRI, aclmdlRICaptureMode mode);
/** Makes the value by which a conditional task decides.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclmdlRICondHandleCreate(aclmdlRI modelRI, uint32_t defaultLaunchValue, aclmdlRICondHandleFlag flag, aclmdlRICondHandle *handle);
/** Gives the device address of a condition's value.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclmdlRICondHandleGetCondPtr(aclmdlRICondHandle handle, uint64_t **ptr);
/** Writes a graph to a JSON file.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclmdlRIDebugJsonPrint(aclmdlRI modelRI, const char *path, uint32_t flags);
/** Writes a graph to the log.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier, deprecated. */
aclError aclmdlRIDebugPrint(aclmdlRI modelRI);
/** Destroys a graph.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclmdlRIDestroy(aclmdlRI modelRI);
/** Has a function called when a graph is destroyed.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.0. */
aclError aclmdlRIDestroyRegisterCallback(aclmdlRI modelRI, aclrtCallback func, void *userData);
/** Takes back such a function.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.0. */
aclError aclmdlRIDestroyUnregisterCallback(aclmdlRI modelRI, aclrtCallback func);
/** Marks the end of a graph in a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclmdlRIEndTask(aclmdlRI modelRI, aclrtStream stream);
/** Runs a graph and waits, for a time.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclmdlRIExecute(aclmdlRI modelRI, int32_t timeout);
/** Puts a run of a graph into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclmdlRIExecuteAsync(aclmdlRI modelRI, aclrtStream stream);
/** Gives the number of a graph.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclmdlRIGetId(aclmdlRI modelRI, uint32_t *modelRIId);
/** Gives the name of a graph.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclmdlRIGetName(aclmdlRI modelRI, uint32_t maxLen, char *name);
/** Lists the streams of a graph.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclmdlRIGetStreams(aclmdlRI modelRI, aclrtStream *streams, uint32_t *numStreams);
/** Lists the tasks of a graph's stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclmdlRIGetTasksByStream(aclrtStream stream, aclmdlRITask *tasks, uint32_t *numTasks);
/** Gives a launch attribute of a kernel task.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclmdlRIKernelTaskGetAttribute(aclmdlRITask task, aclrtLaunchKernelAttrId attrId, aclrtLaunchKernelAttrValue *attrValue);
/** Names a graph.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclmdlRISetName(aclmdlRI modelRI, const char *name);
/** Makes a task of a graph do nothing.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclmdlRITaskDisable(aclmdlRITask task);
/** Gives the parameters of a task.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclmdlRITaskGetParams(aclmdlRITask task, aclmdlRITaskParams *params);
/** Gives the place of a task in its stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclmdlRITaskGetSeqId(aclmdlRITask task, uint32_t *id);
/** Gives the kind of a task.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclmdlRITaskGetType(aclmdlRITask task, aclmdlRITaskType *type);
/** Sets the parameters of a task.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclmdlRITaskSetParams(aclmdlRITask task, aclmdlRITaskParams *params);
/** Takes a stream from a graph.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclmdlRIUnbindStream(aclmdlRI modelRI, aclrtStream stream);
/** Makes the changes to a graph's tasks hold.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclmdlRIUpdate(aclmdlRI modelRI);
/** Makes a notify that counts.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtCntNotifyCreate(aclrtCntNotify *cntNotify, uint64_t flag);
/** Destroys a counting notify.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtCntNotifyDestroy(aclrtCntNotify cntNotify);
/** Gives the number of a counting notify.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtCntNotifyGetId(aclrtCntNotify cntNotify, uint32_t *notifyId);
/** Puts a change of the count into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtCntNotifyRecord(aclrtCntNotify cntNotify, aclrtStream stream, aclrtCntNotifyRecordInfo *info);
/** Puts the resetting of the count into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtCntNotifyReset(aclrtCntNotify cntNotify, aclrtStream stream);
/** Has a stream wait until the count is as wanted, for a time.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtCntNotifyWaitWithTimeout(aclrtCntNotify cntNotify, aclrtStream stream, aclrtCntNotifyWaitInfo *info);
/** Makes a notify: a signal that one wait uses up.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtCreateNotify(aclrtNotify *notify, uint64_t flag);
/** Destroys a notify.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtDestroyNotify(aclrtNotify notify);
/** Gives the number of a notify.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtGetNotifyId(aclrtNotify notify, uint32_t *notifyId);
/** Resets several notifies.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtNotifyBatchReset(aclrtNotify *notifies, size_t num);
/** Gives a key by which another process opens a notify.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtNotifyGetExportKey(aclrtNotify notify, char *key, size_t len, uint64_t flags);
/** Opens a notify of another process.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtNotifyImportByKey(aclrtNotify *notify, const char *key, uint64_t flags);
/** Says which processes may open a notify.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtNotifySetImportPid(aclrtNotify notify, int32_t *pid, size_t num);
/** Says which processes of other servers may open a notify.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtNotifySetImportPidInterServer(aclrtNotify notify, aclrtServerPid *serverPids, size_t num);
/** Puts a signal into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtRecordNotify(aclrtNotify notify, aclrtStream stream);
/** Has a stream wait for a signal and use it up, for a time.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtWaitAndResetNotify(aclrtNotify notify, aclrtStream stream, uint32_t timeout);
/** Has a function called at a stage of a snapshot.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.0. */
aclError aclrtSnapShotCallbackRegister(aclrtSnapShotStage stage, aclrtSnapShotCallBack callback, void *args);
/** Takes back such a function.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.0. */
aclError aclrtSnapShotCallbackUnregister(aclrtSnapShotStage stage, aclrtSnapShotCallBack callback);
/** Saves the device state of a locked process.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtSnapShotProcessBackup(int pid, aclrtSnapShotBackupArgs *args);
/** Stops a process's device work for a snapshot.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtSnapShotProcessLock(int pid, void *reserve);
/** Restores the device state of a process.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtSnapShotProcessRestore(int pid, aclrtSnapShotRestoreArgs *args);
/** Lets a process's device work go on.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtSnapShotProcessUnlock(int pid, void *reserve);
/** Puts the starting of another stream into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtActiveStream(aclrtStream activeStream, aclrtStream stream);
/** Keeps further information on this thread's latest task.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclrtCacheLastTaskExtendInfo(const char *const extendInfoPtr, const size_t infoSize);
/** Keeps an operator's information on this thread's latest task.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtCacheLastTaskOpInfo(const void *const infoPtr, const size_t infoSize);
/** Makes a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtCreateStream(aclrtStream *stream);
/** Makes an empty configuration of a stream.
 *  In the small C runtime only (lib64/c/libascendcl.so); since CANN 8.1 or earlier. */
aclrtStreamConfigHandle *aclrtCreateStreamConfigHandle(void);
/** Makes a stream by a configuration.
 *  In the small C runtime only (lib64/c/libascendcl.so); since CANN 8.1 or earlier. */
aclError aclrtCreateStreamV2(aclrtStream *stream, const aclrtStreamConfigHandle *handle);
/** Makes a stream with a priority and flags.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtCreateStreamWithConfig(aclrtStream *stream, uint32_t priority, uint32_t flag);
/** Waits for a stream's work and destroys the stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtDestroyStream(aclrtStream stream);
/** Frees a configuration of a stream.
 *  In the small C runtime only (lib64/c/libascendcl.so); since CANN 8.1 or earlier. */
aclError aclrtDestroyStreamConfigHandle(aclrtStreamConfigHandle *handle);
/** Destroys a stream and drops its work.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtDestroyStreamForce(aclrtStream stream);
/** Gives the lowest and highest priority of streams.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtDeviceGetStreamPriorityRange(int32_t *leastPriority, int32_t *greatestPriority);
/** Gives an attribute of a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtGetStreamAttribute(aclrtStream stream, aclrtStreamAttr stmAttrType, aclrtStreamAttrValue *value);
/** Counts the streams that can still be made.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtGetStreamAvailableNum(uint32_t *streamCount);
/** Tells whether a stream checks for overflow.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtGetStreamOverflowSwitch(aclrtStream stream, uint32_t *flag);
/** Gives how many cores of a kind a stream may use.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtGetStreamResLimit(aclrtStream stream, aclrtDevResLimitType type, uint32_t *value);
/** Gives the number of this thread's latest task.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtGetThreadLastTaskId(uint32_t *taskId);
/** Removes the tasks of a persistent stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtPersistentTaskClean(aclrtStream stream);
/** Puts a record for the profile into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtProfTrace(void *userdata, int32_t length, aclrtStream stream);
/** Lifts the limits on a stream's cores.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtResetStreamResLimit(aclrtStream stream);
/** Sets an attribute of a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtSetStreamAttribute(aclrtStream stream, aclrtStreamAttr stmAttrType, aclrtStreamAttrValue *value);
/** Sets an option of a stream's configuration.
 *  In the small C runtime only (lib64/c/libascendcl.so); since CANN 8.1 or earlier. */
aclError aclrtSetStreamConfigOpt(aclrtStreamConfigHandle *handle, aclrtStreamConfigAttr attr, const void *attrValue, size_t valueSize);
/** Sets whether a stream goes on after a failed task.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtSetStreamFailureMode(aclrtStream stream, uint64_t mode);
/** Sets whether a stream checks for overflow.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtSetStreamOverflowSwitch(aclrtStream stream, uint32_t flag);
/** Limits how many cores of a kind a stream may use.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtSetStreamResLimit(aclrtStream stream, aclrtDevResLimitType type, uint32_t value);
/** Gives the flags that a stream was made with.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtStreamGetFlags(aclrtStream stream, uint32_t *flags);
/** Gives the number of a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtStreamGetId(aclrtStream stream, int32_t *streamId);
/** Gives the priority of a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtStreamGetPriority(aclrtStream stream, uint32_t *priority);
/** Tells whether a stream's work is done.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtStreamQuery(aclrtStream stream, aclrtStreamStatus *status);
/** Stops a stream that does not end by itself.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtStreamStop(aclrtStream stream);
/** Puts the starting of one of two streams, by a comparison, into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtSwitchStream(void *leftValue, aclrtCondition cond, void *rightValue, aclrtCompareDataType dataType, aclrtStream trueStream, aclrtStream falseStream, aclrtStream stream);
/** Waits for a stream's work.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtSynchronizeStream(aclrtStream stream);
/** Waits for a stream's work, for a time.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtSynchronizeStreamWithTimeout(aclrtStream stream, int32_t timeout);
/** Puts the change of another stream's task into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtTaskUpdateAsync(aclrtStream taskStream, uint32_t taskId, aclrtTaskUpdateInfo *info, aclrtStream execStream);
/** Frees this thread from a stream's limits on cores.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtUnuseStreamResInCurrentThread(aclrtStream stream);
/** Has this thread keep to a stream's limits on cores.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtUseStreamResInCurrentThread(aclrtStream stream);
/** Has a stream wait until a value in memory is as wanted.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtValueWait(void *devAddr, uint64_t value, uint32_t flag, aclrtStream stream);
/** Puts the writing of a value to memory into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtValueWrite(void *devAddr, uint64_t value, uint32_t flag, aclrtStream stream);
/** Gives a setting of this process.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtGetSysParamOpt(aclSysParamOpt opt, int64_t *value);
/** Gives the version of the interface.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier, deprecated. */
aclError aclrtGetVersion(int32_t *majorVersion, int32_t *minorVersion, int32_t *patchVersion);
/** Sets a setting of this process.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtSetSysParamOpt(aclSysParamOpt opt, int64_t value);
/** Gives the version of an installed package, from a list of packages.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier, deprecated. */
aclError aclsysGetCANNVersion(aclCANNPackageName name, aclCANNPackageVersion *version);
/** Gives the version of an installed package as a number that can be compared.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclsysGetVersionNum(char *pkgName, int32_t *versionNum);
/** Gives the version of an installed package as text.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclsysGetVersionStr(char *pkgName, char *versionStr);
/** Puts the making of random numbers into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtRandomNumAsync(const aclrtRandomNumTaskInfo *taskInfo, const aclrtStream stream, void *reserve);
/** Puts a copy that adds to, or otherwise combines with, what is there into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtReduceAsync(void *dst, const void *src, uint64_t count, aclrtReduceKind kind, aclDataType type, aclrtStream stream, void *reserve);
/** Gives how long a task may run.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtGetOpExecuteTimeout(uint32_t *const timeoutMs);
/** Gives the unit of the time that a task may run.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtGetOpTimeOutInterval(uint64_t *interval);
/** Sets how many seconds a task may run.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtSetOpExecuteTimeOut(uint32_t timeout);
/** Sets how many microseconds a task may run, and gives what it became.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtSetOpExecuteTimeOutV2(uint64_t timeout, uint64_t *actualTimeout);
/** Sets how many milliseconds a task may run.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtSetOpExecuteTimeOutWithMs(uint32_t timeout);
/** Sets how many seconds a stream may wait for an event.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtSetOpWaitTimeout(uint32_t timeout);
/** Makes a description of an allocator of the program's own.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclrtAllocatorDesc aclrtAllocatorCreateDesc(void);
/** Frees the description of an allocator.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtAllocatorDestroyDesc(aclrtAllocatorDesc allocatorDesc);
/** Gives the allocator of a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.5. */
aclError aclrtAllocatorGetByStream(aclrtStream stream, aclrtAllocatorDesc *allocatorDesc, aclrtAllocator *allocator, aclrtAllocatorAllocFunc *allocFunc, aclrtAllocatorFreeFunc *freeFunc, aclrtAllocatorAllocAdviseFunc *allocAdviseFunc, aclrtAllocatorGetAddrFromBlockFunc *getAddrFromBlockFunc);
/** Has a stream's operators take their memory from an allocator.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtAllocatorRegister(aclrtStream stream, aclrtAllocatorDesc allocatorDesc);
/** Sets the function that allocates near an address.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtAllocatorSetAllocAdviseFuncToDesc(aclrtAllocatorDesc allocatorDesc, aclrtAllocatorAllocAdviseFunc func);
/** Sets the function that allocates.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtAllocatorSetAllocFuncToDesc(aclrtAllocatorDesc allocatorDesc, aclrtAllocatorAllocFunc func);
/** Sets the function that frees.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtAllocatorSetFreeFuncToDesc(aclrtAllocatorDesc allocatorDesc, aclrtAllocatorFreeFunc func);
/** Sets the function that gives a block's address.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtAllocatorSetGetAddrFromBlockFuncToDesc(aclrtAllocatorDesc allocatorDesc, aclrtAllocatorGetAddrFromBlockFunc func);
/** Sets the object that the functions are called with.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtAllocatorSetObjToDesc(aclrtAllocatorDesc allocatorDesc, aclrtAllocator allocator);
/** Takes a stream's allocator back.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 8.1 or earlier. */
aclError aclrtAllocatorUnregister(aclrtStream stream);
/** Makes a pool of device memory.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclrtMemPoolCreate(aclrtMemPool *memPool, const aclrtMemPoolProps *poolProps);
/** Destroys a pool.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclrtMemPoolDestroy(const aclrtMemPool memPool);
/** Puts the freeing of a pool's memory into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclrtMemPoolFreeAsync(void *ptr, aclrtStream stream);
/** Gives an attribute of a pool.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclrtMemPoolGetAttr(aclrtMemPool memPool, aclrtMemPoolAttr attr, void *value);
/** Puts an allocation from a pool into a stream.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclrtMemPoolMallocAsync(void **ptr, size_t size, aclrtMemPool memPool, aclrtStream stream);
/** Sets an attribute of a pool.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclrtMemPoolSetAttr(aclrtMemPool memPool, aclrtMemPoolAttr attr, void *value);
/** Gives a pool's unused memory back to the device.
 *  In libascendcl.so, from 8.5 on also libacl_rt.so; since CANN 9.1. */
aclError aclrtMemPoolTrimTo(aclrtMemPool memPool, size_t minBytesToKeep);

#ifdef __cplusplus
}
#endif

#endif
