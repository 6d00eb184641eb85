#pragma once

#include <cstddef>
#include <cstdint>

// Sums of differences between vectors, the bulk of the work wherever windows are compared with each other. Only plain pointers
// pass here: inline code of the standard library must not be compiled for an instruction set that other callers may lack.
namespace perch {

/// Vectors that are compared pairwise come in panels of so many: [dimension][vector], so that lanes are vectors.
constexpr int panel_width = 32;

/// So many terms at most are added to one float before it is added to a total.
constexpr int panel_run = 128;

/// Lists that are compared rank by rank are padded to a multiple of so many.
constexpr int list_multiple = 16;

/// Results are bitwise the same for every instruction set.
struct DifferenceKernel {
    /// Adds to sums[i * stride + j] the sum of |rows[d][i] - columns[d][j]| over d, for all pairs of two panels.
    void (*add_absolute)(const float* rows, const float* columns, int dimensions, float* sums, std::ptrdiff_t stride);

    /// The same of (rows[d][i] - columns[d][j])^2.
    void (*add_squared)(const float* rows, const float* columns, int dimensions, float* sums, std::ptrdiff_t stride);

    /// Overwrites sums[r] with the sum of |own[r] - lists[member][r]| over `count` members, for r < length.
    void (*sum_errors)(const float* own, const float* lists, int length, const std::uint32_t* members, int count,
                       float* sums);
};

extern const DifferenceKernel differences_portable;
extern const DifferenceKernel differences_avx2;
extern const DifferenceKernel differences_avx512;

}  // namespace perch
