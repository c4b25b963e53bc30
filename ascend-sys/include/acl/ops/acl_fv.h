/* All of libacl_retr in one header. SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "../../acl_fv.h"
