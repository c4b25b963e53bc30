/* All of libacl_tdt_channel and libacl_tdt_queue in one header. SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "../acl_tdt.h"
