/* All of libacl_cblas in one header. SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "../../acl_cblas.h"
