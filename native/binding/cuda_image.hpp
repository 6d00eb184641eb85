#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "cuda_library.hpp"
#include "perch/execution.hpp"
#include "perch/feature_map.hpp"
#include "perch/image_references.hpp"
#include "planes/stencil.hpp"

namespace perch::binding {

/// The computations on the features of one image, which the first one copies to the device. Give the same features to all.
/// Computations have the results and errors of the core, and throw DeviceFailed and DeviceOutOfMemory. Those that start at
/// the same time wait for each other.
class CudaImage {
public:
    explicit CudaImage(std::shared_ptr<const CudaLibrary> library) : library_(std::move(library)) {}
    CudaImage(const CudaImage&) = delete;
    CudaImage& operator=(const CudaImage&) = delete;
    ~CudaImage() { library_->functions().close(map_); }

    std::vector<float> median_reference(const FeatureMap& features, int patch_size, const Execution& execution,
                                        const std::vector<std::uint32_t>& tiles);

    /// FCA or SWW, whose stencil it is.
    std::vector<float> match(const FeatureMap& features, const std::vector<float>& reference, int patch_size,
                             const Stencil& stencil, const Execution& execution);
    std::vector<float> match(const FeatureMap& features, const NearestPatches& nearest, int patch_size,
                             const Stencil& stencil, const Execution& execution);

private:
    /// Copies the features, unless they are on the device.
    void upload(const FeatureMap& features, const Execution& execution);

    std::shared_ptr<const CudaLibrary> library_;
    std::mutex mutex_;
    perch_cuda_map* map_ = nullptr;
};

}  // namespace perch::binding
