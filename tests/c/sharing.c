/* Two processes share device memory: one writes, the other reads it and answers in it.
 * Started without arguments it is the first, and starts itself as the second.
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

enum { BYTES = 1 << 16, KEY = 65 };

static void check_bytes(void *device, size_t size, int value)
{
    unsigned char *host = malloc(size);
    HOLDS(host != NULL);
    OK(aclrtMemcpy(host, size, device, size, ACL_MEMCPY_DEVICE_TO_HOST));
    for (size_t at = 0; at < size; ++at) {
        HOLDS(host[at] == value);
    }
    free(host);
}

static int second(const char *key)
{
    void *shared = NULL;
    OK(aclInit(NULL));
    OK(aclrtSetDevice(0));
    OK(aclrtIpcMemImportByKey(&shared, key, ACL_RT_IPC_MEM_IMPORT_FLAG_DEFAULT));
    check_bytes(shared, BYTES, 0x17);
    OK(aclrtMemset(shared, BYTES, 0x42, BYTES));
    OK(aclrtIpcMemClose(key));
    OK(aclrtResetDevice(0));
    OK(aclFinalize());
    return 0;
}

int main(int count, char **arguments)
{
    char key[KEY] = {0};
    void *block = NULL;
    pid_t child;
    int status = -1;

    if (count == 2) {
        return second(arguments[1]);
    }
    OK(aclInit(NULL));
    OK(aclrtSetDevice(0));
    OK(aclrtMalloc(&block, BYTES, ACL_MEM_MALLOC_HUGE_FIRST));
    OK(aclrtMemset(block, BYTES, 0x17, BYTES));
    OK(aclrtIpcMemGetExportKey(block, BYTES, key, KEY,
                               ACL_RT_IPC_MEM_EXPORT_FLAG_DISABLE_PID_VALIDATION));
    HOLDS(key[0] != 0);
    child = fork();
    HOLDS(child >= 0);
    if (child == 0) {
        execl(arguments[0], arguments[0], key, (char *)NULL);
        _exit(127);
    }
    HOLDS(waitpid(child, &status, 0) == child);
    HOLDS(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    check_bytes(block, BYTES, 0x42);
    OK(aclrtIpcMemClose(key));
    OK(aclrtFree(block));
    OK(aclrtResetDevice(0));
    OK(aclFinalize());
    printf("two processes\n");
    return 0;
}
