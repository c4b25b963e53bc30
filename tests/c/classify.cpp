// Classification in C++, with an owner for each thing, from files in memory and on a stream.
// Arguments: model.om input.bin expected.bin
// SPDX-License-Identifier: MIT OR Apache-2.0
#include <algorithm>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "acl/acl.h"

namespace {

void check(aclError code, const char *call)
{
    if (code != ACL_SUCCESS) {
        const char *text = aclGetRecentErrMsg();
        throw std::runtime_error(std::string(call) + " answered " + std::to_string(code) + ": " +
                                 (text == nullptr ? "" : text));
    }
}
#define CHECK(call) check(call, #call)

class Runtime {
public:
    Runtime()
    {
        CHECK(aclInit(nullptr));
        CHECK(aclrtSetDevice(0));
    }
    ~Runtime()
    {
        aclrtResetDevice(0);
        aclFinalize();
    }
    Runtime(const Runtime &) = delete;
    Runtime &operator=(const Runtime &) = delete;
};

class DeviceBuffer {
public:
    explicit DeviceBuffer(size_t size) : size_(size)
    {
        CHECK(aclrtMalloc(&data_, size, ACL_MEM_MALLOC_HUGE_FIRST));
    }
    ~DeviceBuffer() { aclrtFree(data_); }
    DeviceBuffer(const DeviceBuffer &) = delete;
    DeviceBuffer &operator=(const DeviceBuffer &) = delete;
    void *data() const { return data_; }
    size_t size() const { return size_; }

private:
    void *data_ = nullptr;
    size_t size_;
};

class Dataset {
public:
    explicit Dataset(const DeviceBuffer &memory)
        : dataset_(aclmdlCreateDataset()), buffer_(aclCreateDataBuffer(memory.data(), memory.size()))
    {
        CHECK(aclmdlAddDatasetBuffer(dataset_, buffer_));
    }
    ~Dataset()
    {
        aclDestroyDataBuffer(buffer_);
        aclmdlDestroyDataset(dataset_);
    }
    Dataset(const Dataset &) = delete;
    Dataset &operator=(const Dataset &) = delete;
    aclmdlDataset *get() const { return dataset_; }

private:
    aclmdlDataset *dataset_;
    aclDataBuffer *buffer_;
};

std::vector<char> read(const char *path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        throw std::runtime_error(std::string("cannot read ") + path);
    }
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void run(char **arguments)
{
    Runtime runtime;
    aclrtContext context = nullptr;
    CHECK(aclrtGetCurrentContext(&context));
    const std::vector<char> file = read(arguments[1]);
    const std::vector<char> input = read(arguments[2]);
    const std::vector<char> expected = read(arguments[3]);
    std::vector<char> scores(expected.size());
    std::string failure;

    // On a thread of its own, which has no context until it is given one.
    std::thread worker([&] {
        try {
            uint32_t model = 0;
            aclrtStream stream = nullptr;
            CHECK(aclrtSetCurrentContext(context));
            CHECK(aclrtCreateStream(&stream));
            CHECK(aclmdlLoadFromMem(file.data(), file.size(), &model));
            DeviceBuffer in(input.size()), out(expected.size());
            Dataset inputs(in), outputs(out);
            CHECK(aclrtMemcpy(in.data(), in.size(), input.data(), input.size(),
                              ACL_MEMCPY_HOST_TO_DEVICE));
            CHECK(aclmdlExecuteAsync(model, inputs.get(), outputs.get(), stream));
            CHECK(aclrtSynchronizeStream(stream));
            CHECK(aclrtMemcpy(scores.data(), scores.size(), out.data(), out.size(),
                              ACL_MEMCPY_DEVICE_TO_HOST));
            CHECK(aclmdlUnload(model));
            CHECK(aclrtDestroyStream(stream));
        } catch (const std::exception &error) {
            failure = error.what();
        }
    });
    worker.join();
    if (!failure.empty()) {
        throw std::runtime_error(failure);
    }
    if (scores != expected) {
        throw std::runtime_error("the scores differ");
    }
    std::cout << scores.size() / sizeof(float) << " scores\n";
}

} // namespace

int main(int count, char **arguments)
{
    if (count != 4) {
        return 2;
    }
    try {
        run(arguments);
    } catch (const std::exception &error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
    return 0;
}
