#pragma once

#include "device.hpp"
#include "perch_cuda.h"

struct perch_cuda_map {
    int device, channels, height, width;
    perch::cuda::DeviceArray<float> values;

    perch_cuda_map(int device, const float* host, int channels, int height, int width)
        : device(device), channels(channels), height(height), width(width),
          values(host, std::size_t(channels) * std::size_t(height) * std::size_t(width)) {}

    std::size_t pixels() const { return std::size_t(height) * std::size_t(width); }
};

namespace perch::cuda {

void median_reference(const perch_cuda_map& map, int patch_size, const std::uint32_t* tiles, std::size_t tile_count,
                      const perch_cuda_execution& execution, float* reference);

void match(const perch_cuda_map& map, const float* reference, int patch_size, const perch_cuda_stencil& stencil,
           const perch_cuda_execution& execution, float* scores);

void nearest_patches(const perch_cuda_map& map, int patch_size, int k, const std::uint32_t* among,
                     std::size_t among_count, const perch_cuda_execution& execution, std::uint32_t* neighbors);

void match_neighbors(const perch_cuda_map& map, const std::uint32_t* neighbors, int k, int patch_size,
                     const perch_cuda_stencil& stencil, const perch_cuda_execution& execution, float* scores);

}  // namespace perch::cuda
