/* Compiling single operators: every release from CANN 8.1
 * to mid-2026 in one header. Written by tools/acl_header.py; names, numbers and
 * layouts are facts of the interface, the wording is this project's own.
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#ifndef ASCEND_SYS_ACL_OP_COMPILER_H
#define ASCEND_SYS_ACL_OP_COMPILER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ascendcl.h"

#ifdef __cplusplus
extern "C" {
#endif


/** Whether kernels are made for one shape or for many.
 *  For libacl_op_compiler.so; since CANN 8.1 or earlier. */
typedef enum aclCompileFlag {
    ACL_OP_COMPILE_DEFAULT = 0,
    ACL_OP_COMPILE_FUZZ = 1,
} aclCompileFlag;

/** Compile options.
 *  For libacl_op_compiler.so; since CANN 8.1 or earlier. */
typedef enum aclCompileOpt {
    ACL_PRECISION_MODE = 0,
    ACL_AICORE_NUM = 1,
    ACL_AUTO_TUNE_MODE = 2,
    ACL_OP_SELECT_IMPL_MODE = 3,
    ACL_OPTYPELIST_FOR_IMPLMODE = 4,
    ACL_OP_DEBUG_LEVEL = 5,
    ACL_DEBUG_DIR = 6,
    ACL_OP_COMPILER_CACHE_MODE = 7,
    ACL_OP_COMPILER_CACHE_DIR = 8,
    ACL_OP_PERFORMANCE_MODE = 9,
    ACL_OP_JIT_COMPILE = 10,
    ACL_OP_DETERMINISTIC = 11,
    ACL_CUSTOMIZE_DTYPES = 12,
    ACL_OP_PRECISION_MODE = 13,
    ACL_ALLOW_HF32 = 14,
    ACL_PRECISION_MODE_V2 = 15,
    ACL_OP_DEBUG_OPTION = 16,
} aclCompileOpt;

/** Where an operator's kernel comes from.
 *  For libacl_op_compiler.so; since CANN 8.1 or earlier. */
typedef enum aclCompileType {
    ACL_COMPILE_SYS = 0,
    ACL_COMPILE_UNREGISTERED = 1,
} aclCompileType;

/** Options for dumping a graph.
 *  For libacl_op_compiler.so; since CANN 8.1 or earlier. */
typedef struct aclGraphDumpOption aclGraphDumpOption;
/** Whether kernels are made for one shape or for many.
 *  For libacl_op_compiler.so; since CANN 8.1 or earlier. */
typedef aclCompileFlag aclOpCompileFlag;
/** Where an operator's kernel comes from.
 *  For libacl_op_compiler.so; since CANN 8.1 or earlier. */
typedef aclCompileType aclopCompileType;

/** Makes options for dumping a graph.
 *  In libacl_op_compiler.so; since CANN 8.1 or earlier. */
aclGraphDumpOption *aclCreateGraphDumpOpt(void);
/** Frees options for dumping a graph.
 *  In libacl_op_compiler.so; since CANN 8.1 or earlier. */
aclError aclDestroyGraphDumpOpt(const aclGraphDumpOption *graphDumpOpt);
/** Writes the graph of a single operator to a file.
 *  In libacl_op_compiler.so; since CANN 8.1 or earlier. */
aclError aclGenGraphAndDumpForOp(const char *opType, int numInputs, const aclTensorDesc *const inputDesc[], const aclDataBuffer *const inputs[], int numOutputs, const aclTensorDesc *const outputDesc[], aclDataBuffer *const outputs[], const aclopAttr *attr, aclopEngineType engineType, const char *graphDumpPath, const aclGraphDumpOption *graphDumpOpt);
/** Gives a compile option.
 *  In libacl_op_compiler.so; since CANN 8.1 or earlier. */
aclError aclGetCompileopt(aclCompileOpt opt, char *value, size_t length);
/** Gives the bytes that a compile option's text takes.
 *  In libacl_op_compiler.so; since CANN 8.1 or earlier. */
size_t aclGetCompileoptSize(aclCompileOpt opt);
/** Sets a compile option.
 *  In libacl_op_compiler.so; since CANN 8.1 or earlier. */
aclError aclSetCompileopt(aclCompileOpt opt, const char *value);
/** Compiles a single operator.
 *  In libacl_op_compiler.so; since CANN 8.1 or earlier. */
aclError aclopCompile(const char *opType, int numInputs, const aclTensorDesc *const inputDesc[], int numOutputs, const aclTensorDesc *const outputDesc[], const aclopAttr *attr, aclopEngineType engineType, aclopCompileType compileFlag, const char *opPath);
/** Compiles a single operator if need be, and puts it into a stream.
 *  In libacl_op_compiler.so; since CANN 8.1 or earlier. */
aclError aclopCompileAndExecute(const char *opType, int numInputs, const aclTensorDesc *const inputDesc[], const aclDataBuffer *const inputs[], int numOutputs, const aclTensorDesc *const outputDesc[], aclDataBuffer *const outputs[], const aclopAttr *attr, aclopEngineType engineType, aclopCompileType compileFlag, const char *opPath, aclrtStream stream);
/** As aclopCompileAndExecute, and tells the shapes of the outputs.
 *  In libacl_op_compiler.so; since CANN 8.1 or earlier. */
aclError aclopCompileAndExecuteV2(const char *opType, int numInputs, aclTensorDesc * inputDesc[], aclDataBuffer * inputs[], int numOutputs, aclTensorDesc * outputDesc[], aclDataBuffer * outputs[], aclopAttr *attr, aclopEngineType engineType, aclopCompileType compileFlag, const char *opPath, aclrtStream stream);
/** Chooses between kernels for one shape and for many.
 *  In libacl_op_compiler.so; since CANN 8.1 or earlier. */
aclError aclopSetCompileFlag(aclOpCompileFlag flag);

#ifdef __cplusplus
}
#endif

#endif
