/* Work captured once from two streams and replayed many times.
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "check.h"

enum { BYTES = 4096, ROUNDS = 10 };

int main(void)
{
    aclrtStream stream = NULL, side = NULL;
    aclrtEvent fork = NULL, join = NULL;
    aclmdlRI graph = NULL;
    void *input = NULL, *middle = NULL, *output = NULL, *host = NULL;
    unsigned char *bytes;

    OK(aclInit(NULL));
    OK(aclrtSetDevice(0));
    OK(aclrtCreateStream(&stream));
    OK(aclrtCreateStream(&side));
    OK(aclrtCreateEvent(&fork));
    OK(aclrtCreateEvent(&join));
    OK(aclrtMalloc(&input, BYTES, ACL_MEM_MALLOC_HUGE_FIRST));
    OK(aclrtMalloc(&middle, BYTES, ACL_MEM_MALLOC_HUGE_FIRST));
    OK(aclrtMalloc(&output, 2 * BYTES, ACL_MEM_MALLOC_HUGE_FIRST));
    OK(aclrtMallocHost(&host, 2 * BYTES));
    bytes = host;

    OK(aclmdlRICaptureBegin(stream, ACL_MODEL_RI_CAPTURE_MODE_RELAXED));
    OK(aclrtMemcpyAsync(middle, BYTES, input, BYTES, ACL_MEMCPY_DEVICE_TO_DEVICE, stream));
    OK(aclrtRecordEvent(fork, stream));
    OK(aclrtStreamWaitEvent(side, fork));
    OK(aclrtMemcpyAsync((char *)output + BYTES, BYTES, middle, BYTES, ACL_MEMCPY_DEVICE_TO_DEVICE,
                        side));
    OK(aclrtRecordEvent(join, side));
    OK(aclrtMemcpyAsync(output, BYTES, middle, BYTES, ACL_MEMCPY_DEVICE_TO_DEVICE, stream));
    OK(aclrtStreamWaitEvent(stream, join));
    OK(aclmdlRICaptureEnd(stream, &graph));
    HOLDS(graph != NULL);

    for (int round = 0; round < ROUNDS; ++round) {
        OK(aclrtMemset(input, BYTES, round, BYTES));
        OK(aclmdlRIExecuteAsync(graph, stream));
        OK(aclrtSynchronizeStream(stream));
        OK(aclrtMemcpy(host, 2 * BYTES, output, 2 * BYTES, ACL_MEMCPY_DEVICE_TO_HOST));
        HOLDS(bytes[0] == round && bytes[BYTES - 1] == round);
        HOLDS(bytes[BYTES] == round && bytes[2 * BYTES - 1] == round);
    }
    ANSWERS(ACL_ERROR_INVALID_PARAM, aclmdlRICaptureBegin(NULL, ACL_MODEL_RI_CAPTURE_MODE_GLOBAL));
    ANSWERS(ACL_ERROR_RT_STREAM_NOT_CAPTURED, aclmdlRICaptureEnd(stream, &graph));

    OK(aclmdlRIDestroy(graph));
    OK(aclrtFree(input));
    OK(aclrtFree(middle));
    OK(aclrtFree(output));
    OK(aclrtFreeHost(host));
    OK(aclrtDestroyEvent(fork));
    OK(aclrtDestroyEvent(join));
    OK(aclrtDestroyStream(stream));
    OK(aclrtDestroyStream(side));
    OK(aclrtResetDevice(0));
    OK(aclFinalize());
    printf("%d replays\n", ROUNDS);
    return 0;
}
