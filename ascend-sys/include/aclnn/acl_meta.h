/* All of libnnopbase in one header. SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "../aclnn_base.h"
