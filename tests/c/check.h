/* What the clients share: every call is checked for the code that it must answer.
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acl/acl.h"

/* Ends the program unless `call` answers `expected`, with the device's own words for it. */
#define ANSWERS(expected, call)                                                                    \
    do {                                                                                           \
        long long got_ = (long long)(call);                                                        \
        if (got_ != (long long)(expected)) {                                                       \
            const char *text_ = aclGetRecentErrMsg();                                              \
            fprintf(stderr, "%s:%d: %s answered %lld, not %lld\n%s\n", __FILE__, __LINE__, #call,  \
                    got_, (long long)(expected), text_ == NULL ? "" : text_);                      \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

#define OK(call) ANSWERS(ACL_SUCCESS, call)

#define HOLDS(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #condition);          \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

/* Reads a whole file; the caller frees it. */
static inline void *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    long length;
    void *bytes;
    HOLDS(file != NULL);
    HOLDS(fseek(file, 0, SEEK_END) == 0);
    length = ftell(file);
    HOLDS(length > 0);
    rewind(file);
    bytes = malloc((size_t)length);
    HOLDS(bytes != NULL);
    HOLDS(fread(bytes, 1, (size_t)length, file) == (size_t)length);
    fclose(file);
    *size = (size_t)length;
    return bytes;
}

/* A dataset of one buffer over device memory of `size` bytes. */
static inline aclmdlDataset *one_buffer(void *device, size_t size)
{
    aclmdlDataset *dataset = aclmdlCreateDataset();
    aclDataBuffer *buffer = aclCreateDataBuffer(device, size);
    HOLDS(dataset != NULL && buffer != NULL);
    OK(aclmdlAddDatasetBuffer(dataset, buffer));
    return dataset;
}

/* Destroys a dataset with its data buffers, and frees the memory that they name. */
static inline void free_dataset(aclmdlDataset *dataset)
{
    for (size_t index = 0; index < aclmdlGetDatasetNumBuffers(dataset); ++index) {
        aclDataBuffer *buffer = aclmdlGetDatasetBuffer(dataset, index);
        void *device = aclGetDataBufferAddr(buffer);
        if (device != NULL) {
            OK(aclrtFree(device));
        }
        OK(aclDestroyDataBuffer(buffer));
    }
    OK(aclmdlDestroyDataset(dataset));
}

static inline size_t largest(const float *scores, size_t count)
{
    size_t best = 0;
    for (size_t index = 1; index < count; ++index) {
        if (scores[index] > scores[best]) {
            best = index;
        }
    }
    return best;
}

#endif
