/* All of libplatform in one header. SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "../acl_platform.h"
