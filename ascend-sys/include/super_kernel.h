/* Fusing captured kernels: every release from CANN 8.1
 * to mid-2026 in one header. Written by tools/acl_header.py; names, numbers and
 * layouts are facts of the interface, the wording is this project's own.
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#ifndef ASCEND_SYS_SUPER_KERNEL_H
#define ASCEND_SYS_SUPER_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ascendcl.h"

#ifdef __cplusplus
extern "C" {
#endif


/** Whether kernels start early.
 *  For libascendsk.so; since a CANN after 9.1. */
typedef enum aclskEarlyStartValue {
    ACLSK_EARLY_START_DISABLED = 0,
    ACLSK_EARLY_START_ENABLED = 1,
} aclskEarlyStartValue;

/** Options of fusing.
 *  For libascendsk.so; since a CANN after 9.1. */
typedef enum aclskOptionType {
    PRELOAD_CODE = 0,
    SPLIT_MODE = 1,
    STREAM_FUSION = 2,
    DCCI_DISABLE_ON_KERNEL = 3,
    DEBUG_SYNC_ALL = 4,
    KERNEL_MAP = 5,
    CONSTANT_CODEGEN = 6,
    AUTO_OP_PARALLEL = 7,
    DCCI_BEFORE_KERNEL_START = 8,
    DEBUG_OP_EXEC_TRACE = 9,
    DEBUG_CROSS_CORE_SYNC_CHECK = 10,
    OPT_EXTEND_OPTION = 11,
    DEBUG_EXTEND_OPTION = 12,
    DCCI_AFTER_KERNEL_END = 13,
    AGGRESSIVE_OPT_STRATEGIES = 14,
    UBUF_LOCK_IGNORE_KERNEL = 15,
    EARLY_START = 16,
    DEBUG_PER_OP_MAX_CORE_NUM = 17,
    SK_OPTION_MAX = 18,
} aclskOptionType;

/** Which waits on values fusion may ignore.
 *  For libascendsk.so; since a CANN after 9.1. */
typedef enum aclskValueBreakerBypassFlag {
    ACLSK_VALUE_BREAKER_BYPASS_NONE = 0,
    ACLSK_VALUE_BREAKER_BYPASS_PAIRED_WAIT = 1,
    ACLSK_VALUE_BREAKER_BYPASS_UNPAIRED_WAIT = 2,
} aclskValueBreakerBypassFlag;


/** Which breaks in a graph fusion may ignore.
 *  For libascendsk.so; since a CANN after 9.1. */
typedef struct aclskAggressiveOptStrategies {
    uint32_t eventBreakerBypass;
    uint32_t valueBreakerBypass;
    uint32_t taskBreakerBypass;
} aclskAggressiveOptStrategies;

/** Whether operators are run side by side.
 *  For libascendsk.so; since a CANN after 9.1. */
typedef struct aclskAutoOpParallelOption {
    uint32_t enableAutoOpParallel;
} aclskAutoOpParallelOption;

/** Whether constants are built into the code.
 *  For libascendsk.so; since a CANN after 9.1. */
typedef struct aclskConstantCodegenOption {
    uint32_t enableConstant;
} aclskConstantCodegenOption;

/** Kernels for which the data cache is handled differently.
 *  For libascendsk.so; since a CANN after 9.1. */
typedef struct aclskDcciOption {
    char **kernelNames;
    size_t kernelCnt;
} aclskDcciOption;

/** Whether synchronising across cores is checked.
 *  For libascendsk.so; since a CANN after 9.1. */
typedef struct aclskDebugCrossCoreSyncCheckOption {
    uint32_t enableCrossCoreSyncCheck;
} aclskDebugCrossCoreSyncCheckOption;

/** Whether the running of operators is traced.
 *  For libascendsk.so; since a CANN after 9.1. */
typedef struct aclskDebugOpExecTraceOption {
    uint32_t enableOpExecTrace;
} aclskDebugOpExecTraceOption;

/** Whether each operator takes all cores.
 *  For libascendsk.so; since a CANN after 9.1. */
typedef struct aclskDebugPerOpMaxCoreNumOption {
    uint32_t enableDebugPerOpMaxCoreNum;
} aclskDebugPerOpMaxCoreNumOption;

/** Whether all cores keep step after each operator.
 *  For libascendsk.so; since a CANN after 9.1. */
typedef struct aclskDebugSyncAllOption {
    uint32_t debugSyncAll;
} aclskDebugSyncAllOption;

/** Whether kernels start early.
 *  For libascendsk.so; since a CANN after 9.1. */
typedef struct aclskEarlyStartOption {
    uint32_t enableEarlyStart;
} aclskEarlyStartOption;

/** An option as text.
 *  For libascendsk.so; since a CANN after 9.1. */
typedef struct aclskExtendOption {
    char *value;
} aclskExtendOption;

/** A kernel's name and the names of its parts.
 *  For libascendsk.so; since a CANN after 9.1. */
typedef struct aclskKernelMap {
    char *globalName;
    char *sknlNames[4];
} aclskKernelMap;

/** The parts of kernels, by name.
 *  For libascendsk.so; since a CANN after 9.1. */
typedef struct aclskKernelMapOption {
    aclskKernelMap *kernelMaps;
    size_t numKernels;
} aclskKernelMapOption;

/** How code is loaded ahead.
 *  For libascendsk.so; since a CANN after 9.1. */
typedef struct aclskPreloadOption {
    uint32_t preloadMode;
} aclskPreloadOption;

/** Into how many parts a kernel is split.
 *  For libascendsk.so; since a CANN after 9.1. */
typedef struct aclskSplitModeOption {
    uint32_t splitCnt;
} aclskSplitModeOption;

/** Whether streams are fused.
 *  For libascendsk.so; since a CANN after 9.1. */
typedef struct aclskStreamFusionOption {
    uint32_t streamFusion;
} aclskStreamFusionOption;

/** Kernels for which the lock of the on-chip buffer is left out.
 *  For libascendsk.so; since a CANN after 9.1. */
typedef struct aclskUbufLockIgnoreKernelOption {
    uint32_t ubufLockIgnoreKernelCnt;
    char **ubufLockIgnoreKernel;
} aclskUbufLockIgnoreKernelOption;

/** An option of fusing.
 *  For libascendsk.so; since a CANN after 9.1. */
typedef struct aclskOption {
    aclskOptionType optionType;
    __extension__ union {
        aclskPreloadOption preload;
        aclskSplitModeOption splitMode;
        aclskStreamFusionOption streamFusion;
        aclskDcciOption disableKernelDcci;
        aclskDebugSyncAllOption debugSync;
        aclskKernelMapOption kernelMap;
        aclskConstantCodegenOption constantCodegen;
        aclskAutoOpParallelOption autoOpParallel;
        aclskDcciOption dcciBeforeKernelStart;
        aclskDebugOpExecTraceOption debugOpExecTrace;
        aclskDebugCrossCoreSyncCheckOption debugCrossCoreSyncCheck;
        aclskExtendOption optExtend;
        aclskExtendOption debugExtend;
        aclskDcciOption dcciAfterKernelEnd;
        aclskAggressiveOptStrategies aggressiveOpts;
        aclskUbufLockIgnoreKernelOption ubufLockIgnoreKernel;
        aclskEarlyStartOption earlyStart;
        aclskDebugPerOpMaxCoreNumOption debugPerOpMaxCoreNum;
    };
} aclskOption;

/** Options of fusing.
 *  For libascendsk.so; since a CANN after 9.1. */
typedef struct aclskOptions {
    aclskOption *options;
    size_t numOptions;
} aclskOptions;

/** Fuses the kernels of a captured graph.
 *  In libascendsk.so; since a CANN after 9.1. */
aclError aclskOptimize(aclmdlRI model, aclskOptions *options);
/** Begins a stretch of a stream whose kernels are to be fused.
 *  In libascendsk.so; since a CANN after 9.1. */
aclError aclskScopeBegin(const char *scopeName, aclrtStream stream);
/** Ends a stretch of a stream whose kernels are to be fused.
 *  In libascendsk.so; since a CANN after 9.1. */
aclError aclskScopeEnd(const char *scopeName, aclrtStream stream);

#ifdef __cplusplus
}
#endif

#endif
