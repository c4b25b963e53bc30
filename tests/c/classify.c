/* Classification as the samples do it: load, describe, upload, execute, download, compare.
 * Arguments: model.om input.bin expected.bin
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "check.h"

int main(int count, char **arguments)
{
    uint32_t model = 0;
    size_t input_size, expected_size, model_input, model_output;
    void *input, *expected, *scores, *device_input = NULL, *device_output = NULL;
    aclmdlDesc *description;
    aclmdlIODims dims;
    aclmdlDataset *inputs, *outputs;
    aclrtRunMode mode;

    HOLDS(count == 4);
    OK(aclInit(NULL));
    OK(aclrtSetDevice(0));
    OK(aclrtGetRunMode(&mode));
    HOLDS(mode == ACL_HOST);
    OK(aclmdlLoadFromFile(arguments[1], &model));
    description = aclmdlCreateDesc();
    HOLDS(description != NULL);
    OK(aclmdlGetDesc(description, model));
    ANSWERS(1, aclmdlGetNumInputs(description));
    ANSWERS(1, aclmdlGetNumOutputs(description));
    OK(aclmdlGetInputDims(description, 0, &dims));
    ANSWERS(4, dims.dimCount);
    ANSWERS(3, dims.dims[1]);
    ANSWERS(ACL_FLOAT, aclmdlGetInputDataType(description, 0));
    model_input = aclmdlGetInputSizeByIndex(description, 0);
    model_output = aclmdlGetOutputSizeByIndex(description, 0);
    printf("%s: %zu bytes in, %zu bytes out\n", aclmdlGetInputNameByIndex(description, 0),
           model_input, model_output);

    input = read_file(arguments[2], &input_size);
    expected = read_file(arguments[3], &expected_size);
    ANSWERS(model_input, input_size);
    ANSWERS(model_output, expected_size);
    OK(aclrtMalloc(&device_input, model_input, ACL_MEM_MALLOC_HUGE_FIRST));
    OK(aclrtMalloc(&device_output, model_output, ACL_MEM_MALLOC_NORMAL_ONLY));
    OK(aclrtMemcpy(device_input, model_input, input, input_size, ACL_MEMCPY_HOST_TO_DEVICE));
    inputs = one_buffer(device_input, model_input);
    outputs = one_buffer(device_output, model_output);
    OK(aclmdlExecute(model, inputs, outputs));

    scores = malloc(model_output);
    HOLDS(scores != NULL);
    OK(aclrtMemcpy(scores, model_output, device_output, model_output, ACL_MEMCPY_DEVICE_TO_HOST));
    HOLDS(memcmp(scores, expected, model_output) == 0);
    printf("class %zu\n", largest((const float *)scores, model_output / sizeof(float)));

    free(scores);
    free(input);
    free(expected);
    free_dataset(inputs);
    free_dataset(outputs);
    OK(aclmdlDestroyDesc(description));
    OK(aclmdlUnload(model));
    OK(aclrtResetDevice(0));
    OK(aclFinalize());
    return 0;
}
