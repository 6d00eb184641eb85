#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "perch/execution.hpp"
#include "perch/fca.hpp"
#include "perch/feature_map.hpp"
#include "perch/image_references.hpp"
#include "perch/sww.hpp"
#include "perch_cuda.h"
#include "planes/stencil.hpp"

namespace perch::binding {

/// The library or its device failed. The computation may run on the CPU instead.
struct DeviceFailed : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The memory of the device does not suffice for the computation.
struct DeviceOutOfMemory : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The CUDA kernels (cuda/perch_cuda.h), in a shared library that stays loaded. Computations have the results and errors
/// of the core, and throw DeviceFailed and DeviceOutOfMemory. They run on the first device.
class CudaLibrary {
public:
    /// @throws DeviceFailed if the library cannot be loaded, is of another version, or finds no device
    explicit CudaLibrary(const std::string& path);

    const perch_cuda_device& device() const { return device_; }

    std::vector<float> median_reference(const FeatureMap& features, int patch_size, const Execution& execution,
                                        const std::vector<std::uint32_t>& tiles) const;

    /// FCA or SWW, whose stencil it is.
    std::vector<float> match(const FeatureMap& features, const std::vector<float>& reference, int patch_size,
                             const Stencil& stencil, const Execution& execution) const;
    std::vector<float> match(const FeatureMap& features, const NearestPatches& nearest, int patch_size,
                             const Stencil& stencil, const Execution& execution) const;

private:
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
    class Map;

    void check(int status) const;
    std::size_t budget() const;

    Functions functions_{};
    perch_cuda_device device_{};
};

/// Whether the driver of NVIDIA is installed. Without it, the library need not be loaded.
bool has_cuda_driver();

}  // namespace perch::binding
