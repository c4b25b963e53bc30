/* Classification on a stream, with results handed over in callbacks on a thread of their own.
 * Arguments: model.om input.bin expected.bin
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <pthread.h>
#include <stdatomic.h>

#include "check.h"

enum { ROUNDS = 6, SLOTS = 2 };

typedef struct {
    const void *scores;
    const void *expected;
    size_t size;
} Result;

static atomic_bool stopping;
static atomic_int done;
static pthread_t reporter;

/* Runs on the thread that processes reports. */
static void compare(void *data)
{
    const Result *result = data;
    HOLDS(pthread_equal(pthread_self(), reporter));
    HOLDS(memcmp(result->scores, result->expected, result->size) == 0);
    atomic_fetch_add(&done, 1);
}

static void *process_reports(void *unused)
{
    (void)unused;
    while (!atomic_load(&stopping)) {
        aclError code = aclrtProcessReport(100);
        /* Before the subscription, and when nothing arrives in time. */
        HOLDS(code == ACL_SUCCESS || code == ACL_ERROR_RT_THREAD_SUBSCRIBE ||
              code == ACL_ERROR_RT_REPORT_TIMEOUT);
    }
    return NULL;
}

int main(int count, char **arguments)
{
    uint32_t model = 0;
    size_t size, expected_size;
    void *input, *expected, *device_input = NULL;
    void *staging = NULL, *scores[SLOTS];
    aclmdlDataset *inputs, *outputs[SLOTS];
    Result results[SLOTS];
    aclrtStream stream = NULL;

    HOLDS(count == 4);
    OK(aclInit(NULL));
    OK(aclrtSetDevice(0));
    OK(aclrtCreateStream(&stream));
    OK(aclmdlLoadFromFile(arguments[1], &model));
    input = read_file(arguments[2], &size);
    expected = read_file(arguments[3], &expected_size);
    OK(aclrtMallocHost(&staging, size));
    memcpy(staging, input, size);
    OK(aclrtMalloc(&device_input, size, ACL_MEM_MALLOC_HUGE_FIRST));
    inputs = one_buffer(device_input, size);
    for (int slot = 0; slot < SLOTS; ++slot) {
        void *device_output = NULL;
        OK(aclrtMallocHost(&scores[slot], expected_size));
        OK(aclrtMalloc(&device_output, expected_size, ACL_MEM_MALLOC_HUGE_FIRST));
        outputs[slot] = one_buffer(device_output, expected_size);
        results[slot] = (Result){scores[slot], expected, expected_size};
    }

    ANSWERS(0, pthread_create(&reporter, NULL, process_reports, NULL));
    OK(aclrtSubscribeReport((uint64_t)reporter, stream));
    OK(aclrtMemcpyAsync(device_input, size, staging, size, ACL_MEMCPY_HOST_TO_DEVICE, stream));
    for (int round = 0; round < ROUNDS; ++round) {
        int slot = round % SLOTS;
        void *device_output = aclGetDataBufferAddr(aclmdlGetDatasetBuffer(outputs[slot], 0));
        OK(aclmdlExecuteAsync(model, inputs, outputs[slot], stream));
        OK(aclrtMemcpyAsync(scores[slot], expected_size, device_output, expected_size,
                            ACL_MEMCPY_DEVICE_TO_HOST, stream));
        OK(aclrtLaunchCallback(compare, &results[slot], ACL_CALLBACK_BLOCK, stream));
    }
    OK(aclrtSynchronizeStream(stream));
    ANSWERS(ROUNDS, atomic_load(&done));
    OK(aclrtUnSubscribeReport((uint64_t)reporter, stream));
    atomic_store(&stopping, true);
    ANSWERS(0, pthread_join(reporter, NULL));

    free_dataset(inputs);
    for (int slot = 0; slot < SLOTS; ++slot) {
        free_dataset(outputs[slot]);
        OK(aclrtFreeHost(scores[slot]));
    }
    OK(aclrtFreeHost(staging));
    free(input);
    free(expected);
    OK(aclmdlUnload(model));
    OK(aclrtDestroyStream(stream));
    OK(aclrtResetDevice(0));
    OK(aclFinalize());
    printf("%d results in callbacks\n", ROUNDS);
    return 0;
}
