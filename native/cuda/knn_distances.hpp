#pragma once

#include <cstdint>

#include "sorted_patches.hpp"

namespace perch::cuda {

/// The distances of a band of patches, the rows, to the searched patches, the columns.
struct Band {
    int first, rows;
    /// The searched patches; NULL for all.
    const std::uint32_t* among;
    std::uint32_t searched;

    __device__ std::uint32_t patch_of(std::uint32_t column) const { return among == nullptr ? column : among[column]; }
};

/// Adds a group's differences to the distances.
///
/// @param lists the patches' sorted values, [patch][dimension]
/// @param distances [row of the band][column]; overwritten by the first group
void add_distances(const float* lists, const Group& group, const Band& band, float* distances);

/// The largest relative error of these distances.
double relative_error(int channels, int size);

/// Adds a group's differences to the distances of listed columns, in float64 and in the core's order.
///
/// @param columns, counts for each row, up to `searched` columns
/// @param exact for each row, the distances of its columns; overwritten by the first group
void add_exact_distances(const float* lists, const Group& group, const Band& band, const float* distances,
                         const std::uint32_t* columns, const std::uint32_t* counts, double* exact);

}  // namespace perch::cuda
