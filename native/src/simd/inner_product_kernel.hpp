#pragma once

#include <cstddef>
#include <cstdint>

#include "simd/difference_kernel.hpp"

// Inner products of feature vectors, which are most of the work when images are compared with each other. Each
// instruction set has a variant. The interface has plain pointers only, for the reason given in rank_match_kernel.hpp.
namespace perch {

/// Number of dimensions that are multiplied together: the part of a panel that stays in the first-level cache.
constexpr int product_run = 128;

/// Maximum number of rows that are added by one call of `sum`.
constexpr int max_taps = 9;

/// A row or column's best partner so far: the one with the highest score.
struct BestPartners {
    float* scores;
    std::int32_t* indices;
};

/// Products of one row (a vector of the first image) with consecutive columns (vectors of the second).
struct ProductRow {
    /// `length` unscaled products, a multiple of panel_width.
    const float* products;
    int length;
    /// The product with column j is products[j] * scale * weights[j].
    float scale;
    const float* weights;
    /// Half the squared length of each column; huge if the column does not count.
    const float* half_norms;
    /// The same of the row.
    float half_norm;
    std::int32_t row, first_column;
};

struct InnerProductKernel {
    /// Adds to sums[i * stride + j] the sum of rows[d * row_stride + i] * panel[d][j] over d, for i < count and all
    /// vectors j of the panel.
    void (*multiply)(const float* rows, std::ptrdiff_t row_stride, int count, const float* panel, int dimensions,
                     float* sums, std::ptrdiff_t stride);

    /// Sets target[i] to the sum of sources[t][i] over 1 to max_taps sources, in order.
    void (*sum)(const float* const* sources, int taps, std::size_t length, float* target);

    /// Finds the best column of a row, which has the smallest distance: score = product - half_norms[j]. Of equal ones, the
    /// first.
    void (*match_row)(const ProductRow& row, BestPartners best_of_row);

    /// Also updates the best row of each column: score = product - half_norm.
    /// @param best_of_columns from the first column on
    void (*match_both)(const ProductRow& row, BestPartners best_of_row, BestPartners best_of_columns);
};

extern const InnerProductKernel inner_product_portable;
extern const InnerProductKernel inner_product_avx2;
extern const InnerProductKernel inner_product_avx512;
extern const InnerProductKernel inner_product_neon;
extern const InnerProductKernel inner_product_wasm;

}  // namespace perch
