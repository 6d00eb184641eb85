#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

#include "perch_cuda.h"

namespace perch::binding {

/// The library or its device failed. The computation may run on the CPU instead.
struct DeviceFailed : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The memory of the device does not suffice for the computation.
struct DeviceOutOfMemory : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The CUDA kernels (cuda/perch_cuda.h), in a shared library that stays loaded, on the first device.
class CudaLibrary {
public:
    struct Functions {
        decltype(&perch_cuda_version) version;
        decltype(&perch_cuda_error) error;
        decltype(&perch_cuda_device_count) device_count;
        decltype(&perch_cuda_describe) describe;
        decltype(&perch_cuda_free_bytes) free_bytes;
        decltype(&perch_cuda_open) open;
        decltype(&perch_cuda_close) close;
        decltype(&perch_cuda_median_reference) median_reference;
        decltype(&perch_cuda_match) match;
        decltype(&perch_cuda_nearest) nearest;
        decltype(&perch_cuda_match_neighbors) match_neighbors;
    };

    static constexpr int first_device = 0;

    /// @throws DeviceFailed if the library cannot be loaded, is of another version, or finds no device
    explicit CudaLibrary(const std::string& path);

    const Functions& functions() const { return functions_; }
    const perch_cuda_device& device() const { return device_; }

    /// @throws DeviceFailed, DeviceOutOfMemory, or Canceled, for the status of a function
    void check(int status) const;

    /// The device memory that a computation may use: half of the free memory, so that the results and other processes
    /// have room.
    std::size_t budget() const;

private:
    Functions functions_{};
    perch_cuda_device device_{};
};

/// Whether the driver of NVIDIA is installed. Without it, the library need not be loaded.
bool has_cuda_driver();

}  // namespace perch::binding
