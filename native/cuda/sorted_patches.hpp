#pragma once

#include <cstdint>

#include "rank_match.hpp"

namespace perch::cuda {

/// Limit of gridDim.y.
constexpr int max_channels = 32768;

/// A group of channels of all patches. A dimension is a channel of the group and a rank: patches are compared dimension
/// by dimension.
struct Group {
    int first, channels, size;  ///< size: T*T

    __host__ __device__ std::size_t dimensions() const { return std::size_t(channels) * std::size_t(size); }
};

/// Sorts the values of every patch of the map. Equal values rank in raster order; patches at the border see the features
/// reflected.
///
/// @param values [patch][dimension], written
/// @param order [patch][dimension]: the position in the patch of each rank, written; NULL if it is not wanted
void sort_patches(const Planes& planes, int patch_size, const Group& group, float* values, std::uint16_t* order);

}  // namespace perch::cuda
