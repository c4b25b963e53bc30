/* What a chip has: every release from CANN 8.1
 * to mid-2026 in one header. Written by tools/acl_header.py; names, numbers and
 * layouts are facts of the interface, the wording is this project's own.
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#ifndef ASCEND_SYS_ACL_PLATFORM_H
#define ASCEND_SYS_ACL_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ascendcl.h"

#ifdef __cplusplus
extern "C" {
#endif


/** Kinds of cores.
 *  For libplatform.so; since a CANN after 8.1. */
typedef enum aclplatformCoreType {
    ACL_PLATFORM_CORE_TYPE_AI_CORE = 0,
    ACL_PLATFORM_CORE_TYPE_VECTOR_CORE = 1,
} aclplatformCoreType;

/** Properties of a chip.
 *  For libplatform.so; since a CANN after 8.1. */
typedef enum aclplatformDevInfo {
    ACL_PLATFORM_AICORE_CNT = 0,
    ACL_PLATFORM_AICORE_UB_SIZE = 1,
    ACL_PLATFORM_CUBE_CORE_CNT = 2,
    ACL_PLATFORM_VECTOR_CORE_CNT = 3,
    ACL_PLATFORM_L2_SIZE = 4,
    ACL_PLATFORM_MEMORY_SIZE = 5,
    ACL_PLATFORM_CUBE_FREQ = 6,
    ACL_PLATFORM_VEC_FREQ = 7,
    ACL_PLATFORM_BT_SIZE = 8,
    ACL_PLATFORM_L0_A_SIZE = 9,
    ACL_PLATFORM_L0_B_SIZE = 10,
    ACL_PLATFORM_L0_C_SIZE = 11,
    ACL_PLATFORM_L1_SIZE = 12,
    /** One higher in some headers, as are those that follow. */
    ACL_PLATFORM_SOC_VERSION = 13,
    ACL_PLATFORM_AIC_VERSION = 14,
    ACL_PLATFORM_NPU_ARCH = 15,
    ACL_PLATFORM_MEMORY_TYPE = 16,
    ACL_PLATFORM_SHORT_SOC_VERSION = 13,
} aclplatformDevInfo;

/** Memories of a chip.
 *  For libplatform.so; since a CANN after 8.1. */
typedef enum aclplatformLocalMemType {
    L0_A = 0,
    L0_B = 1,
    L0_C = 2,
    L1 = 3,
    L2 = 4,
    UB = 5,
    HBM = 6,
} aclplatformLocalMemType;

/** Architectures of chips.
 *  For libplatform.so; since a CANN after 8.1. */
typedef enum aclplatformNpuArch {
    DAV_1001 = 1001,
    DAV_2002 = 2002,
    DAV_2102 = 2102,
    DAV_2201 = 2201,
    DAV_3002 = 3002,
    DAV_3003 = 3003,
    DAV_3004 = 3004,
    DAV_3102 = 3102,
    DAV_3113 = 3113,
    DAV_3505 = 3505,
    DAV_3510 = 3510,
    DAV_5102 = 5102,
    DAV_RESV = 65535,
    DAV_5162 = 5162,
    DAV_1002 = 1002,
    DAV_1003 = 1003,
    DAV_1004 = 1004,
    DAV_1999 = 1999,
    DAV_2003 = 2003,
    DAV_2004 = 2004,
    DAV_2006 = 2006,
    DAV_2103 = 2103,
    DAV_2104 = 2104,
    DAV_3103 = 3103,
    DAV_3502 = 3502,
    DAV_3801 = 3801,
    DAV_5101 = 5101,
    DAV_5161 = 5161,
    DAV_9201 = 9201,
    DAV_9202 = 9202,
    DAV_9301 = 9301,
} aclplatformNpuArch;


/** Gives a property of the chip as text.
 *  In libplatform.so; since CANN 9.1. */
aclError aclplatformGetDeviceInfo(aclplatformDevInfo infoType, char *value, uint32_t maxLen);
/** Tells which data types an instruction of a core can take.
 *  In libplatform.so; since CANN 9.1. */
aclError aclplatformGetInstructionInfo(aclplatformCoreType type, const char *instruction, char *value, uint32_t maxLen);

#ifdef __cplusplus
}
#endif

#endif
