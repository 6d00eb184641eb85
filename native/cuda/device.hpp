#pragma once

#include <cuda_runtime.h>

#include <cstddef>
#include <stdexcept>
#include <string>

// Device memory and errors for the host code. The C functions of perch_cuda.h catch these errors.
namespace perch::cuda {

struct Failure : std::runtime_error {
    using std::runtime_error::runtime_error;
};

inline void check(cudaError_t error, const std::string& action) {
    if (error == cudaSuccess) return;
    cudaGetLastError();  // A failed allocation or launch must not fail the next call.
    throw Failure(action + ": " + cudaGetErrorString(error) + ".");
}

inline void require(bool holds, const std::string& otherwise) {
    if (!holds) throw Failure(otherwise);
}

/// `count` values in the memory of the current device.
template <class Value>
class DeviceArray {
public:
    explicit DeviceArray(std::size_t count) {
        const std::size_t bytes = count * sizeof(Value);
        check(cudaMalloc(reinterpret_cast<void**>(&values_), bytes), "Allocating " + std::to_string(bytes) + " bytes");
    }
    DeviceArray(const Value* values, std::size_t count) : DeviceArray(count) {
        check(cudaMemcpy(values_, values, count * sizeof(Value), cudaMemcpyHostToDevice), "Copying to the device");
    }
    DeviceArray(const DeviceArray&) = delete;
    DeviceArray& operator=(const DeviceArray&) = delete;
    ~DeviceArray() { cudaFree(values_); }

    Value* data() { return values_; }
    const Value* data() const { return values_; }

    /// Copies the first `count` values, after the kernels that write them.
    void copy_to(Value* values, std::size_t count) const {
        check(cudaMemcpy(values, values_, count * sizeof(Value), cudaMemcpyDeviceToHost), "Copying from the device");
    }

private:
    Value* values_ = nullptr;
};

}  // namespace perch::cuda
