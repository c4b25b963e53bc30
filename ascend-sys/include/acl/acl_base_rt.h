/* All of libascendcl in one header. SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "../ascendcl.h"
