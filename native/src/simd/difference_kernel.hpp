#pragma once

#include <cstddef>
#include <cstdint>

// Sums of differences between vectors, which are most of the work when patches are compared with each other.
// Each instruction set has a variant. The interface has plain pointers only, for the reason given in
// rank_match_kernel.hpp.
namespace perch {

/// Number of vectors in a panel. Panels are stored as [dimension][vector], so that each SIMD lane handles one
/// vector.
constexpr int panel_width = 32;

/// Maximum number of terms that are summed before the sum is added to a total. Bounds the rounding error (see
/// knn_patches.cpp).
constexpr int panel_run = 128;

/// Lists that are compared rank by rank are padded to a multiple of this length.
constexpr int list_multiple = 16;

/// All variants return bitwise identical results.
struct DifferenceKernel {
    /// Adds to sums[i * stride + j] the sum of |rows[d][i] - columns[d][j]| over d, for all pairs of two panels.
    void (*add_absolute)(const float* rows, const float* columns, int dimensions, float* sums, std::ptrdiff_t stride);

    /// Adds the sum of (rows[d][i] - columns[d][j])^2 in the same way.
    void (*add_squared)(const float* rows, const float* columns, int dimensions, float* sums, std::ptrdiff_t stride);

    /// Sets sums[r] to the sum of |own[r] - lists[member][r]| over `count` members, for r < length.
    /// @param length a multiple of list_multiple
    void (*sum_errors)(const float* own, const float* lists, int length, const std::uint32_t* members, int count,
                       float* sums);
};

extern const DifferenceKernel difference_portable;
extern const DifferenceKernel difference_avx2;
extern const DifferenceKernel difference_avx512;
extern const DifferenceKernel difference_neon;
extern const DifferenceKernel difference_wasm;

}  // namespace perch
