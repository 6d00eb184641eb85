#pragma once

#include "device.hpp"
#include "perch_cuda.h"

struct perch_cuda_map {
    int device, channels, height, width;
    perch::cuda::DeviceArray<float> values;

    perch_cuda_map(int device, const float* host, int channels, int height, int width)
        : device(device), channels(channels), height(height), width(width),
          values(host, std::size_t(channels) * std::size_t(height) * std::size_t(width)) {}
};

namespace perch::cuda {

void median_reference(const perch_cuda_map& map, int patch_size, const std::uint32_t* tiles, std::size_t tile_count,
                      std::size_t budget, float* reference);

void match(const perch_cuda_map& map, const float* reference, int patch_size, const perch_cuda_stencil& stencil,
           std::size_t budget, float* scores);

}  // namespace perch::cuda
