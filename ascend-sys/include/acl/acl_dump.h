/* All of libascend_dump in one header. SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "../acl_dump.h"
