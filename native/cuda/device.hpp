#pragma once

#include <cuda_runtime.h>

#include <cstddef>
#include <stdexcept>
#include <string>

#include "perch_cuda.h"

// Device memory and errors for the host code. The C functions of perch_cuda.h catch these errors.
namespace perch::cuda {

struct Failure : std::runtime_error {
    int status;

    explicit Failure(const std::string& message, int status = PERCH_CUDA_FAILED)
        : std::runtime_error(message), status(status) {}
};

inline void check(cudaError_t error, const std::string& action) {
    if (error == cudaSuccess) return;
    cudaGetLastError();  // A failed allocation or launch must not fail the next call.
    throw Failure(action + ": " + cudaGetErrorString(error) + ".",
                  error == cudaErrorMemoryAllocation ? PERCH_CUDA_OUT_OF_MEMORY : PERCH_CUDA_FAILED);
}

inline void require(bool holds, const std::string& otherwise) {
    if (!holds) throw Failure(otherwise, PERCH_CUDA_INVALID);
}

/// Fails unless the least that a computation needs fits into the budget.
inline void require_budget(std::size_t budget, const char* what, std::size_t bytes) {
    if (bytes <= budget) return;
    throw Failure(
        "The memory budget is " + std::to_string(budget) + " bytes; " + what + " needs " + std::to_string(bytes) + ".",
        PERCH_CUDA_OUT_OF_MEMORY);
}

/// Waits for the kernels that were started, and reports the completed fraction.
///
/// @throws Failure with PERCH_CUDA_CANCELED if the caller wants no more
inline void report(const perch_cuda_execution& execution, double fraction) {
    check(cudaDeviceSynchronize(), "Running a kernel");
    if (execution.report != nullptr && execution.report(execution.context, fraction) != 0)
        throw Failure("The computation was canceled.", PERCH_CUDA_CANCELED);
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
