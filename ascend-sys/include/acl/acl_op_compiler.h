/* All of libacl_op_compiler in one header. SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "../acl_op_compiler.h"
