/* Two streams in turns: events order them, and time them.
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "check.h"

enum { BYTES = 1 << 20, ROUNDS = 32 };

int main(void)
{
    aclrtStream producer = NULL, consumer = NULL;
    aclrtEvent written = NULL, read = NULL, begin = NULL, end = NULL;
    void *device = NULL, *host = NULL;
    unsigned char *copies;
    float milliseconds = -1;
    aclrtEventRecordedStatus status;

    OK(aclInit(NULL));
    OK(aclrtSetDevice(0));
    OK(aclrtCreateStream(&producer));
    OK(aclrtCreateStreamWithConfig(&consumer, 0, ACL_STREAM_FAST_LAUNCH | ACL_STREAM_FAST_SYNC));
    OK(aclrtCreateEventWithFlag(&written, ACL_EVENT_SYNC));
    OK(aclrtCreateEventWithFlag(&read, ACL_EVENT_SYNC));
    OK(aclrtCreateEventWithFlag(&begin, ACL_EVENT_TIME_LINE));
    OK(aclrtCreateEventWithFlag(&end, ACL_EVENT_TIME_LINE));
    OK(aclrtMalloc(&device, BYTES, ACL_MEM_MALLOC_HUGE_FIRST));
    OK(aclrtMallocHost(&host, (size_t)BYTES * ROUNDS));
    copies = host;

    OK(aclrtRecordEvent(begin, producer));
    for (int round = 0; round < ROUNDS; ++round) {
        if (round > 0) {
            OK(aclrtStreamWaitEvent(producer, read));
            OK(aclrtResetEvent(read, producer));
        }
        OK(aclrtMemsetAsync(device, BYTES, round, BYTES, producer));
        OK(aclrtRecordEvent(written, producer));
        OK(aclrtStreamWaitEvent(consumer, written));
        OK(aclrtResetEvent(written, consumer));
        OK(aclrtMemcpyAsync(copies + (size_t)round * BYTES, BYTES, device, BYTES,
                            ACL_MEMCPY_DEVICE_TO_HOST, consumer));
        OK(aclrtRecordEvent(read, consumer));
    }
    OK(aclrtRecordEvent(end, consumer));
    OK(aclrtSynchronizeEvent(end));
    OK(aclrtQueryEventStatus(end, &status));
    HOLDS(status == ACL_EVENT_RECORDED_STATUS_COMPLETE);
    OK(aclrtEventElapsedTime(&milliseconds, begin, end));
    HOLDS(milliseconds >= 0);
    OK(aclrtSynchronizeDevice());
    for (int round = 0; round < ROUNDS; ++round) {
        for (size_t at = 0; at < BYTES; at += 4093) {
            HOLDS(copies[(size_t)round * BYTES + at] == round);
        }
    }
    printf("%d rounds\n", ROUNDS);

    OK(aclrtDestroyEvent(written));
    OK(aclrtDestroyEvent(read));
    OK(aclrtDestroyEvent(begin));
    OK(aclrtDestroyEvent(end));
    OK(aclrtFree(device));
    OK(aclrtFreeHost(host));
    OK(aclrtDestroyStream(producer));
    OK(aclrtDestroyStream(consumer));
    OK(aclrtResetDevice(0));
    OK(aclFinalize());
    return 0;
}
