#pragma once

#include <cuda_runtime.h>

#include <cstddef>

namespace perch::cuda {

/// A part of the reflect-padded map, which has H+T-1 rows and W+T-1 columns.
struct Part {
    int y, x, height, width;

    __host__ __device__ std::size_t pixels() const { return std::size_t(height) * std::size_t(width); }
};

/// Features on the device.
struct Planes {
    const float* values;
    int channels, height, width;
};

/// The index that a padded index reflects.
__device__ inline int reflect(int index, int length) {
    if (index < 0) index = -index;
    return index < length ? index : 2 * (length - 1) - index;
}

/// Channels are summed in this many groups, which run at the same time.
constexpr int max_groups = 8;
constexpr int channels_of_group = 64;

/// The matching errors of a part's pixels at each position of the patch, summed over the channels of a group.
///
/// @param reference [channel][T*T]
/// @param errors [group][T*T][pixel of the part], written; those of patches with a center outside the map mean nothing
void sum_errors(const Planes& planes, const float* reference, int patch_size, const Part& part, int groups,
                float* errors);

}  // namespace perch::cuda
