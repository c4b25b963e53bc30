/* The calls of a run of a model with one input and one output, as a C program makes them.
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <acl/acl.h>
#include <string.h>

#define OK(call) do { if ((call) != ACL_SUCCESS) return __LINE__; } while (0)

static uint32_t model;
static size_t bytes;
static void *input, *output, *from, *to;
static aclmdlDataset *inputs, *outputs;
static aclrtStream stream;

static int add(aclmdlDataset **set, void *memory)
{
    *set = aclmdlCreateDataset();
    OK(aclmdlAddDatasetBuffer(*set, aclCreateDataBuffer(memory, bytes)));
    return 0;
}

/* Loads the model, whose input and output are of `size` bytes; the line of the call that failed. */
int null_load(const char *path, size_t size)
{
    int line;
    bytes = size;
    OK(aclrtSetDevice(0));
    OK(aclrtCreateStream(&stream));
    OK(aclmdlLoadFromFile(path, &model));
    OK(aclrtMalloc(&input, bytes, ACL_MEM_MALLOC_HUGE_FIRST));
    OK(aclrtMalloc(&output, bytes, ACL_MEM_MALLOC_HUGE_FIRST));
    OK(aclrtMallocHost(&from, bytes));
    OK(aclrtMallocHost(&to, bytes));
    line = add(&inputs, input);
    return line != 0 ? line : add(&outputs, output);
}

/* Runs it so often on `source`, each time to the end. */
int null_run(const void *source, int times)
{
    while (times-- > 0) {
        memcpy(from, source, bytes);
        OK(aclrtMemcpyAsync(input, bytes, from, bytes, ACL_MEMCPY_HOST_TO_DEVICE, stream));
        OK(aclmdlExecuteAsync(model, inputs, outputs, stream));
        OK(aclrtMemcpyAsync(to, bytes, output, bytes, ACL_MEMCPY_DEVICE_TO_HOST, stream));
        OK(aclrtSynchronizeStream(stream));
    }
    return 0;
}
