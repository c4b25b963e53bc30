/* All of libacl_dvpp in one header. SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "../../acl_dvpp.h"
