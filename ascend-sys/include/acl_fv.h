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


/** Whether one feature or many are looked for.
 *  For libacl_retr.so; since CANN 8.1 or earlier. */
typedef enum aclfvSearchType {
    SEARCH_1_N = 0,
    SEARCH_N_M = 1,
} aclfvSearchType;

/** A set of features.
 *  For libacl_retr.so; since CANN 8.1 or earlier. */
typedef struct aclfvFeatureInfo aclfvFeatureInfo;
/** The parameters that a search begins with.
 *  For libacl_retr.so; since CANN 8.1 or earlier. */
typedef struct aclfvInitPara aclfvInitPara;
/** The tables of the features that are looked for.
 *  For libacl_retr.so; since CANN 8.1 or earlier. */
typedef struct aclfvQueryTable aclfvQueryTable;
/** A range of repositories.
 *  For libacl_retr.so; since CANN 8.1 or earlier. */
typedef struct aclfvRepoRange aclfvRepoRange;
/** The question of a search.
 *  For libacl_retr.so; since CANN 8.1 or earlier. */
typedef struct aclfvSearchInput aclfvSearchInput;
/** The answer of a search.
 *  For libacl_retr.so; since CANN 8.1 or earlier. */
typedef struct aclfvSearchResult aclfvSearchResult;

/** Makes a set of features to add or change.
 *  In libacl_retr.so; since CANN 8.1 or earlier. */
aclfvFeatureInfo *aclfvCreateFeatureInfo(uint32_t id0, uint32_t id1, uint32_t offset, uint32_t featureLen, uint32_t featureCount, uint8_t *featureData, uint32_t featureDataLen);
/** Makes the parameters that the search begins with.
 *  In libacl_retr.so; since CANN 8.1 or earlier. */
aclfvInitPara *aclfvCreateInitPara(uint64_t fsNum);
/** Makes the tables of the features that are looked for.
 *  In libacl_retr.so; since CANN 8.1 or earlier. */
aclfvQueryTable *aclfvCreateQueryTable(uint32_t queryCnt, uint32_t tableLen, uint8_t *tableData, uint32_t tableDataLen);
/** Makes a range of repositories.
 *  In libacl_retr.so; since CANN 8.1 or earlier. */
aclfvRepoRange *aclfvCreateRepoRange(uint32_t id0Min, uint32_t id0Max, uint32_t id1Min, uint32_t id1Max);
/** Makes the question of a search.
 *  In libacl_retr.so; since CANN 8.1 or earlier. */
aclfvSearchInput *aclfvCreateSearchInput(aclfvQueryTable *queryTable, aclfvRepoRange *repoRange, uint32_t topk);
/** Makes room for the answer of a search.
 *  In libacl_retr.so; since CANN 8.1 or earlier. */
aclfvSearchResult *aclfvCreateSearchResult(uint32_t queryCnt, uint32_t *resultNum, uint32_t resultNumDataLen, uint32_t *id0, uint32_t *id1, uint32_t *resultOffset, float *resultDistance, uint32_t dataLen);
/** Removes a feature from a repository.
 *  In libacl_retr.so; since CANN 8.1 or earlier. */
aclError aclfvDel(aclfvFeatureInfo *featureInfo);
/** Frees a set of features.
 *  In libacl_retr.so; since CANN 8.1 or earlier. */
aclError aclfvDestroyFeatureInfo(aclfvFeatureInfo *featureInfo);
/** Frees the parameters of the beginning.
 *  In libacl_retr.so; since CANN 8.1 or earlier. */
aclError aclfvDestroyInitPara(aclfvInitPara *initPara);
/** Frees the tables of a question.
 *  In libacl_retr.so; since CANN 8.1 or earlier. */
aclError aclfvDestroyQueryTable(aclfvQueryTable *queryTable);
/** Frees a range of repositories.
 *  In libacl_retr.so; since CANN 8.1 or earlier. */
aclError aclfvDestroyRepoRange(aclfvRepoRange *repoRange);
/** Frees the question of a search.
 *  In libacl_retr.so; since CANN 8.1 or earlier. */
aclError aclfvDestroySearchInput(aclfvSearchInput *searchInput);
/** Frees the answer of a search.
 *  In libacl_retr.so; since CANN 8.1 or earlier. */
aclError aclfvDestroySearchResult(aclfvSearchResult *searchResult);
/** Begins the use of the search.
 *  In libacl_retr.so; since CANN 8.1 or earlier. */
aclError aclfvInit(aclfvInitPara *initPara);
/** Changes a feature of a repository.
 *  In libacl_retr.so; since CANN 8.1 or earlier. */
aclError aclfvModify(aclfvFeatureInfo *featureInfo);
/** Ends the use of the search.
 *  In libacl_retr.so; since CANN 8.1 or earlier. */
aclError aclfvRelease(void);
/** Adds features to the repositories.
 *  In libacl_retr.so; since CANN 8.1 or earlier. */
aclError aclfvRepoAdd(aclfvSearchType type, aclfvFeatureInfo *featureInfo);
/** Removes repositories.
 *  In libacl_retr.so; since CANN 8.1 or earlier. */
aclError aclfvRepoDel(aclfvSearchType type, aclfvRepoRange *repoRange);
/** Searches the repositories for features.
 *  In libacl_retr.so; since CANN 8.1 or earlier. */
aclError aclfvSearch(aclfvSearchType type, aclfvSearchInput *searchInput, aclfvSearchResult *searchRst);
/** Sets the largest number of answers of a search for one feature.
 *  In libacl_retr.so; since CANN 8.1 or earlier. */
aclError aclfvSet1NTopNum(aclfvInitPara *initPara, uint32_t maxTopNumFor1N);
/** Sets the largest number of answers of a search for many features.
 *  In libacl_retr.so; since CANN 8.1 or earlier. */
aclError aclfvSetNMTopNum(aclfvInitPara *initPara, uint32_t maxTopNumForNM);

#ifdef __cplusplus
}
#endif

#endif
