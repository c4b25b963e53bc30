/* Copies and fills of all kinds.
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "check.h"

enum { BYTES = 64 * 1024, WIDTH = 100, PITCH = 128, HEIGHT = 16 };

static void fill(unsigned char *bytes, size_t size, unsigned seed)
{
    for (size_t at = 0; at < size; ++at) {
        bytes[at] = (unsigned char)(at * 31 + seed);
    }
}

int main(void)
{
    static unsigned char source[BYTES], target[BYTES];
    void *first = NULL, *second = NULL, *pinned = NULL;
    unsigned char *host;
    aclrtStream stream = NULL;
    aclrtPtrAttributes attributes;
    size_t available = 0, total = 0;

    OK(aclInit(NULL));
    OK(aclrtSetDevice(0));
    OK(aclrtCreateStream(&stream));
    OK(aclrtMalloc(&first, BYTES, ACL_MEM_MALLOC_HUGE_FIRST));
    OK(aclrtMallocAlign32(&second, BYTES, ACL_MEM_MALLOC_HUGE_FIRST));
    OK(aclrtMallocHost(&pinned, BYTES));
    host = pinned;
    HOLDS((uintptr_t)first % 64 == 0);

    /* Through both blocks and back, blocking. */
    fill(source, BYTES, 1);
    OK(aclrtMemcpy(first, BYTES, source, BYTES, ACL_MEMCPY_HOST_TO_DEVICE));
    OK(aclrtMemcpy(second, BYTES, first, BYTES, ACL_MEMCPY_DEVICE_TO_DEVICE));
    OK(aclrtMemcpy(target, BYTES, second, BYTES, ACL_MEMCPY_DEVICE_TO_HOST));
    HOLDS(memcmp(source, target, BYTES) == 0);
    OK(aclrtMemcpy(host, BYTES, source, BYTES, ACL_MEMCPY_HOST_TO_HOST));
    HOLDS(memcmp(source, host, BYTES) == 0);

    /* On a stream, from and to pinned memory. */
    fill(host, BYTES, 2);
    OK(aclrtMemcpyAsync(first, BYTES, host, BYTES, ACL_MEMCPY_HOST_TO_DEVICE, stream));
    OK(aclrtMemcpyAsync(second, BYTES, first, BYTES, ACL_MEMCPY_DEVICE_TO_DEVICE, stream));
    OK(aclrtSynchronizeStream(stream));
    OK(aclrtMemsetAsync(first, BYTES, 0x5A, BYTES / 2, stream));
    OK(aclrtMemcpyAsync(host, BYTES, first, BYTES, ACL_MEMCPY_DEVICE_TO_HOST, stream));
    OK(aclrtSynchronizeStream(stream));
    fill(source, BYTES, 2);
    HOLDS(host[0] == 0x5A && host[BYTES / 2 - 1] == 0x5A);
    HOLDS(memcmp(host + BYTES / 2, source + BYTES / 2, BYTES / 2) == 0);

    /* Rows of a picture. */
    OK(aclrtMemset(first, BYTES, 0, BYTES));
    OK(aclrtMemcpy2d(first, PITCH, source, WIDTH, WIDTH, HEIGHT, ACL_MEMCPY_HOST_TO_DEVICE));
    OK(aclrtMemcpy(target, BYTES, first, BYTES, ACL_MEMCPY_DEVICE_TO_HOST));
    for (int row = 0; row < HEIGHT; ++row) {
        HOLDS(memcmp(target + row * PITCH, source + row * WIDTH, WIDTH) == 0);
        HOLDS(target[row * PITCH + WIDTH] == 0);
    }

    /* Where addresses lie. */
    OK(aclrtPointerGetAttributes(first, &attributes));
    HOLDS(attributes.location.type == ACL_MEM_LOCATION_TYPE_DEVICE);
    OK(aclrtPointerGetAttributes(pinned, &attributes));
    HOLDS(attributes.location.type == ACL_MEM_LOCATION_TYPE_HOST);
    OK(aclrtPointerGetAttributes(source, &attributes));
    HOLDS(attributes.location.type == ACL_MEM_LOCATION_TYPE_UNREGISTERED);
    OK(aclrtGetMemInfo(ACL_HBM_MEM, &available, &total));
    HOLDS(available < total);

    /* What does not fit. */
    ANSWERS(ACL_ERROR_RT_PARAM_INVALID,
            aclrtMemcpy(first, 1, source, 2, ACL_MEMCPY_HOST_TO_DEVICE));
    ANSWERS(ACL_ERROR_INVALID_PARAM,
            aclrtMemcpy(NULL, 1, source, 1, ACL_MEMCPY_HOST_TO_DEVICE));

    OK(aclrtFree(first));
    OK(aclrtFree(second));
    OK(aclrtFreeHost(pinned));
    OK(aclrtDestroyStream(stream));
    OK(aclrtResetDevice(0));
    OK(aclFinalize());
    printf("all kinds\n");
    return 0;
}
