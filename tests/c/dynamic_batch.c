/* A model with gears for its batch: each gear, and what is no gear.
 * Arguments: model.om (gears 1, 2 and 4) input.bin (4 pictures) expected.bin (4 rows of scores)
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "check.h"

int main(int count, char **arguments)
{
    uint32_t model = 0;
    size_t size, expected_size, shape_index, shape_size;
    char *input, *expected, *scores;
    void *device_input = NULL, *device_output = NULL, *device_shape = NULL;
    aclmdlDesc *description;
    aclmdlBatch gears;
    aclmdlIODims dims;
    aclmdlDataset *inputs, *outputs;

    HOLDS(count == 4);
    OK(aclInit(NULL));
    OK(aclrtSetDevice(0));
    OK(aclmdlLoadFromFile(arguments[1], &model));
    description = aclmdlCreateDesc();
    OK(aclmdlGetDesc(description, model));
    OK(aclmdlGetDynamicBatch(description, &gears));
    ANSWERS(3, gears.batchCount);
    ANSWERS(4, gears.batch[2]);
    ANSWERS(2, aclmdlGetNumInputs(description));
    OK(aclmdlGetInputIndexByName(description, ACL_DYNAMIC_TENSOR_NAME, &shape_index));
    OK(aclmdlGetInputDims(description, 0, &dims));
    ANSWERS(-1, dims.dims[0]);

    input = read_file(arguments[2], &size);
    expected = read_file(arguments[3], &expected_size);
    scores = malloc(expected_size);
    HOLDS(scores != NULL);
    ANSWERS(size, aclmdlGetInputSizeByIndex(description, 0));
    ANSWERS(expected_size, aclmdlGetOutputSizeByIndex(description, 0));
    shape_size = aclmdlGetInputSizeByIndex(description, shape_index);
    OK(aclrtMalloc(&device_input, size, ACL_MEM_MALLOC_HUGE_FIRST));
    OK(aclrtMalloc(&device_output, expected_size, ACL_MEM_MALLOC_HUGE_FIRST));
    OK(aclrtMalloc(&device_shape, shape_size, ACL_MEM_MALLOC_HUGE_FIRST));
    OK(aclrtMemcpy(device_input, size, input, size, ACL_MEMCPY_HOST_TO_DEVICE));
    inputs = one_buffer(device_input, size);
    OK(aclmdlAddDatasetBuffer(inputs, aclCreateDataBuffer(device_shape, shape_size)));
    outputs = one_buffer(device_output, expected_size);

    for (size_t gear = 0; gear < gears.batchCount; ++gear) {
        size_t batch = (size_t)gears.batch[gear], bytes = expected_size / 4 * batch;
        OK(aclmdlSetDynamicBatchSize(model, inputs, shape_index, batch));
        OK(aclmdlExecute(model, inputs, outputs));
        OK(aclmdlGetCurOutputDims(description, 0, &dims));
        ANSWERS(batch, dims.dims[0]);
        OK(aclrtMemcpy(scores, bytes, device_output, bytes, ACL_MEMCPY_DEVICE_TO_HOST));
        for (size_t at = 0; at < bytes; at += sizeof(float)) {
            float got, want;
            memcpy(&got, scores + at, sizeof got);
            memcpy(&want, expected + at, sizeof want);
            HOLDS(got - want < 1e-4f && want - got < 1e-4f);
        }
        printf("batch %zu\n", batch);
    }
    ANSWERS(ACL_ERROR_GE_DYNAMIC_BATCH_SIZE_INVALID,
            aclmdlSetDynamicBatchSize(model, inputs, shape_index, 3));
    ANSWERS(ACL_ERROR_INVALID_PARAM, aclmdlSetDynamicBatchSize(model, inputs, shape_index, 0));
    ANSWERS(ACL_ERROR_INVALID_PARAM, aclmdlSetDynamicBatchSize(model, inputs, 9, 1));

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
