/* Searching feature vectors: every release from CANN 8.1
 * to mid-2026 in one header. Written by tools/acl_header.py; names, numbers and
 * layouts are facts of the interface, the wording is this project's own.
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#ifndef ASCEND_SYS_ACL_FV_H
#define ASCEND_SYS_ACL_FV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ascendcl.h"

#ifdef __cplusplus
extern "C" {
#endif


/** For libacl_retr.so; since CANN 8.1 or earlier. */
typedef enum aclfvSearchType {
    SEARCH_1_N = 0,
    SEARCH_N_M = 1,
} aclfvSearchType;

/** For libacl_retr.so; since CANN 8.1 or earlier. */
typedef struct aclfvFeatureInfo aclfvFeatureInfo;
/** For libacl_retr.so; since CANN 8.1 or earlier. */
typedef struct aclfvInitPara aclfvInitPara;
/** For libacl_retr.so; since CANN 8.1 or earlier. */
typedef struct aclfvQueryTable aclfvQueryTable;
/** For libacl_retr.so; since CANN 8.1 or earlier. */
typedef struct aclfvRepoRange aclfvRepoRange;
/** For libacl_retr.so; since CANN 8.1 or earlier. */
typedef struct aclfvSearchInput aclfvSearchInput;
/** For libacl_retr.so; since CANN 8.1 or earlier. */
typedef struct aclfvSearchResult aclfvSearchResult;

/** In libacl_retr.so; since CANN 8.1 or earlier. */
aclfvFeatureInfo *aclfvCreateFeatureInfo(uint32_t id0, uint32_t id1, uint32_t offset, uint32_t featureLen, uint32_t featureCount, uint8_t *featureData, uint32_t featureDataLen);
/** In libacl_retr.so; since CANN 8.1 or earlier. */
aclfvInitPara *aclfvCreateInitPara(uint64_t fsNum);
/** In libacl_retr.so; since CANN 8.1 or earlier. */
aclfvQueryTable *aclfvCreateQueryTable(uint32_t queryCnt, uint32_t tableLen, uint8_t *tableData, uint32_t tableDataLen);
/** In libacl_retr.so; since CANN 8.1 or earlier. */
aclfvRepoRange *aclfvCreateRepoRange(uint32_t id0Min, uint32_t id0Max, uint32_t id1Min, uint32_t id1Max);
/** In libacl_retr.so; since CANN 8.1 or earlier. */
aclfvSearchInput *aclfvCreateSearchInput(aclfvQueryTable *queryTable, aclfvRepoRange *repoRange, uint32_t topk);
/** In libacl_retr.so; since CANN 8.1 or earlier. */
aclfvSearchResult *aclfvCreateSearchResult(uint32_t queryCnt, uint32_t *resultNum, uint32_t resultNumDataLen, uint32_t *id0, uint32_t *id1, uint32_t *resultOffset, float *resultDistance, uint32_t dataLen);
/** In libacl_retr.so; since CANN 8.1 or earlier. */
aclError aclfvDel(aclfvFeatureInfo *featureInfo);
/** In libacl_retr.so; since CANN 8.1 or earlier. */
aclError aclfvDestroyFeatureInfo(aclfvFeatureInfo *featureInfo);
/** In libacl_retr.so; since CANN 8.1 or earlier. */
aclError aclfvDestroyInitPara(aclfvInitPara *initPara);
/** In libacl_retr.so; since CANN 8.1 or earlier. */
aclError aclfvDestroyQueryTable(aclfvQueryTable *queryTable);
/** In libacl_retr.so; since CANN 8.1 or earlier. */
aclError aclfvDestroyRepoRange(aclfvRepoRange *repoRange);
/** In libacl_retr.so; since CANN 8.1 or earlier. */
aclError aclfvDestroySearchInput(aclfvSearchInput *searchInput);
/** In libacl_retr.so; since CANN 8.1 or earlier. */
aclError aclfvDestroySearchResult(aclfvSearchResult *searchResult);
/** In libacl_retr.so; since CANN 8.1 or earlier. */
aclError aclfvInit(aclfvInitPara *initPara);
/** In libacl_retr.so; since CANN 8.1 or earlier. */
aclError aclfvModify(aclfvFeatureInfo *featureInfo);
/** In libacl_retr.so; since CANN 8.1 or earlier. */
aclError aclfvRelease(void);
/** In libacl_retr.so; since CANN 8.1 or earlier. */
aclError aclfvRepoAdd(aclfvSearchType type, aclfvFeatureInfo *featureInfo);
/** In libacl_retr.so; since CANN 8.1 or earlier. */
aclError aclfvRepoDel(aclfvSearchType type, aclfvRepoRange *repoRange);
/** In libacl_retr.so; since CANN 8.1 or earlier. */
aclError aclfvSearch(aclfvSearchType type, aclfvSearchInput *searchInput, aclfvSearchResult *searchRst);
/** In libacl_retr.so; since CANN 8.1 or earlier. */
aclError aclfvSet1NTopNum(aclfvInitPara *initPara, uint32_t maxTopNumFor1N);
/** In libacl_retr.so; since CANN 8.1 or earlier. */
aclError aclfvSetNMTopNum(aclfvInitPara *initPara, uint32_t maxTopNumForNM);

#ifdef __cplusplus
}
#endif

#endif
