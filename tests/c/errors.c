/* What goes wrong answers as hardware does.
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "check.h"

int main(void)
{
    void *block = NULL;
    aclrtContext context = NULL, none = NULL;
    aclrtStream stream = NULL;
    aclrtEvent event = NULL;
    uint32_t model = 0, count = 0;
    int32_t device = -1;
    const char *text;

    ANSWERS(ACL_ERROR_RT_CONTEXT_NULL, aclrtMalloc(&block, 64, ACL_MEM_MALLOC_HUGE_FIRST));
    ANSWERS(ACL_ERROR_INVALID_FILE, aclInit("/nonexistent/acl.json"));
    OK(aclInit(NULL));
    ANSWERS(ACL_ERROR_REPEAT_INITIALIZE, aclInit(""));
    OK(aclrtGetDeviceCount(&count));
    HOLDS(count >= 1);
    ANSWERS(ACL_ERROR_RT_INVALID_DEVICEID, aclrtSetDevice((int32_t)count));
    ANSWERS(ACL_ERROR_RT_CONTEXT_NULL, aclrtGetDevice(&device));
    ANSWERS(ACL_ERROR_RT_CONTEXT_NULL, aclrtGetCurrentContext(&none));
    text = aclGetRecentErrMsg();
    HOLDS(text != NULL && strstr(text, "EE1018") != NULL);
    HOLDS(aclGetRecentErrMsg() == NULL);

    OK(aclrtSetDevice(0));
    ANSWERS(ACL_ERROR_INVALID_PARAM, aclrtMalloc(&block, 0, ACL_MEM_MALLOC_HUGE_FIRST));
    ANSWERS(ACL_ERROR_INVALID_PARAM, aclrtMalloc(NULL, 1, ACL_MEM_MALLOC_HUGE_FIRST));
    ANSWERS(ACL_ERROR_RT_MEMORY_ALLOCATION,
            aclrtMalloc(&block, (size_t)1 << 50, ACL_MEM_MALLOC_HUGE_FIRST));
    ANSWERS(ACL_ERROR_RT_MEMORY_ALLOCATION, aclrtGetLastError(ACL_RT_THREAD_LEVEL));
    OK(aclrtPeekAtLastError(ACL_RT_THREAD_LEVEL));
    ANSWERS(ACL_ERROR_INVALID_PARAM, aclrtFree(NULL));
    ANSWERS(ACL_ERROR_GE_EXEC_MODEL_PATH_INVALID, aclmdlLoadFromFile("/nonexistent.om", &model));
    ANSWERS(ACL_ERROR_GE_EXEC_MODEL_ID_INVALID, aclmdlUnload(4711));

    OK(aclrtCreateStream(&stream));
    OK(aclrtCreateContext(&context, 0));
    ANSWERS(ACL_ERROR_RT_STREAM_CONTEXT, aclrtDestroyStream(stream));
    OK(aclrtDestroyContext(context));
    OK(aclrtSetDevice(0));
    OK(aclrtDestroyStream(stream));
    ANSWERS(ACL_ERROR_RT_INVALID_HANDLE, aclrtDestroyStream(stream));
    OK(aclrtCreateEvent(&event));
    ANSWERS(ACL_ERROR_RT_PARAM_INVALID, aclrtSynchronizeEventWithTimeout(event, 0));
    OK(aclrtDestroyEvent(event));

    OK(aclrtResetDevice(0));
    OK(aclrtResetDevice(0));
    ANSWERS(ACL_ERROR_RT_CONTEXT_RELEASE_ERROR, aclrtResetDevice(0));
    aclAppLog(ACL_INFO, __func__, __FILE__, __LINE__, "%s %d %.2f", "log", 7, 1.5);
    OK(aclFinalize());
    ANSWERS(ACL_ERROR_REPEAT_FINALIZE, aclFinalize());
    printf("as on hardware\n");
    return 0;
}
