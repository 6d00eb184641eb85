#pragma once

#include <cstdint>

// The inner loops of QFCA. Each works on a block of levels, the innermost axis. Each instruction set has a variant. The
// interface has plain pointers only, for the reason given in rank_match_kernel.hpp.
namespace perch {

/// Number of levels in a block.
constexpr int level_block = 16;

/// Numbers of samples: below each level of a block, then below or at it.
constexpr int counts_of_block = 2 * level_block;

/// Largest number of rows that are weighed.
constexpr int max_rows = 31;

/// What the errors of a channel are computed from, for one block of levels.
struct LevelMatches {
    /// prefix[r] is the sum of the r smallest reference values, minus the smallest one each, in units of `unit`.
    const std::int32_t* prefix;
    float unit;
    /// The block's levels: mean value minus the smallest reference value.
    const float* values;
    /// For each level, the number of reference values below its value.
    const std::int32_t* splits;
    /// For each level, a quarter of its range of values.
    const float* slacks;
};

struct QfcaKernel {
    /// Moves the counts of columns by one row: adds a row of levels and removes another, if it is not null.
    /// @param counts [column][counts_of_block]
    void (*slide)(const std::uint8_t* added, const std::uint8_t* removed, int columns, int first_level,
                  std::uint16_t* counts);

    /// The matching errors of a row of patches.
    /// @param counts of patches + T - 1 columns
    /// @param errors [patch][level_block], written
    void (*match)(const std::uint16_t* counts, int patch_size, int patches, const LevelMatches& matches, float* errors);

    /// Sets sums[i] to the sum of weights[r] * rows[r][i].
    /// @param blocks length of a row, in blocks of levels
    void (*weigh_rows)(const float* const* rows, const float* weights, int count, int blocks, float* sums);

    /// Adds to each pixel's score the weighted sum of T columns, multiplied by the pixel's shares of levels. The shares are
    /// those of 2 * radius + 1 columns, smoothed.
    /// @param columns [pixels + T - 1][level_block]
    /// @param shares [pixels + 2 * radius][level_block]
    /// @param used for each column of shares, whether one is not zero
    void (*add_scores)(const float* columns, const float* weights, int patch_size, const float* shares,
                       const std::uint8_t* used, const float* smoothing, int radius, int pixels, double* scores);
};

extern const QfcaKernel qfca_portable;
extern const QfcaKernel qfca_avx2;
extern const QfcaKernel qfca_avx512;

}  // namespace perch
