#pragma once

#include "simd/inner_product_kernel.hpp"

// The loops of an InnerProductKernel, for any instruction set. `Simd` provides
//   lanes: floats in a Vector;
//   rows, columns: the largest block of totals (rows x columns Vectors) that fits into the registers;
//   Vector; zero(), load(values), broadcast(value), store(values, vector), add(a, b), subtract(a, b), multiply(a, b);
//   multiply_add(a, b, c): a * b + c, rounded once or twice;
//   Index; load_index(values), broadcast_index(value), store_index(values, index);
//   keep_larger(best, index, candidate, candidate_index): replaces the lanes where the candidate is larger.
//
// Internal linkage: this header is compiled for several instruction sets, which must not share code.
namespace perch {
namespace {

template <class Simd, int rows>
inline void multiply_block(const float* values, std::ptrdiff_t row_stride, const float* panel, int dimensions,
                           float* sums, std::ptrdiff_t stride) {
    typename Simd::Vector totals[rows][Simd::columns];
#pragma GCC unroll 16
    for (int i = 0; i < rows; i++) {
#pragma GCC unroll 16
        for (int j = 0; j < Simd::columns; j++) totals[i][j] = Simd::load(sums + i * stride + j * Simd::lanes);
    }
    for (int d = 0; d < dimensions; d++) {
        typename Simd::Vector across[Simd::columns];
#pragma GCC unroll 16
        for (int j = 0; j < Simd::columns; j++) across[j] = Simd::load(panel + d * panel_width + j * Simd::lanes);
#pragma GCC unroll 16
        for (int i = 0; i < rows; i++) {
            const typename Simd::Vector down = Simd::broadcast(values[d * row_stride + i]);
#pragma GCC unroll 16
            for (int j = 0; j < Simd::columns; j++) {
                totals[i][j] = Simd::multiply_add(down, across[j], totals[i][j]);
            }
        }
    }
#pragma GCC unroll 16
    for (int i = 0; i < rows; i++) {
#pragma GCC unroll 16
        for (int j = 0; j < Simd::columns; j++) Simd::store(sums + i * stride + j * Simd::lanes, totals[i][j]);
    }
}

/// Calls the block of exactly `count` rows.
template <class Simd, int rows>
inline void multiply_rows(int count, const float* values, std::ptrdiff_t row_stride, const float* panel, int dimensions,
                          float* sums, std::ptrdiff_t stride) {
    if (count == rows) {
        for (int j = 0; j < panel_width; j += Simd::columns * Simd::lanes) {
            multiply_block<Simd, rows>(values, row_stride, panel + j, dimensions, sums + j, stride);
        }
    } else if constexpr (rows > 1) {
        multiply_rows<Simd, rows - 1>(count, values, row_stride, panel, dimensions, sums, stride);
    }
}

template <class Simd>
void multiply(const float* rows, std::ptrdiff_t row_stride, int count, const float* panel, int dimensions, float* sums,
              std::ptrdiff_t stride) {
    // Equal blocks: a last block of few rows would leave registers unused.
    const int blocks = (count + Simd::rows - 1) / Simd::rows;
    for (int first = 0; first < dimensions; first += product_run) {
        const int run = dimensions - first < product_run ? dimensions - first : product_run;
        int start = 0;
        for (int block = 0; block < blocks; block++) {
            const int end = int(std::ptrdiff_t(count) * (block + 1) / blocks);
            multiply_rows<Simd, Simd::rows>(end - start, rows + first * row_stride + start, row_stride,
                                            panel + std::ptrdiff_t(first) * panel_width, run, sums + start * stride,
                                            stride);
            start = end;
        }
    }
}

template <class Simd, int taps>
inline void sum_taps(const float* const* sources, std::size_t length, float* target) {
    const float* source[taps];
#pragma GCC unroll 16
    for (int t = 0; t < taps; t++) source[t] = sources[t];
    std::size_t i = 0;
    for (; i + Simd::lanes <= length; i += Simd::lanes) {
        typename Simd::Vector total = Simd::load(source[0] + i);
#pragma GCC unroll 16
        for (int t = 1; t < taps; t++) total = Simd::add(total, Simd::load(source[t] + i));
        Simd::store(target + i, total);
    }
    for (; i < length; i++) {
        float total = source[0][i];
        for (int t = 1; t < taps; t++) total += source[t][i];
        target[i] = total;
    }
}

template <class Simd, int taps = max_taps>
inline void sum_counted(const float* const* sources, int count, std::size_t length, float* target) {
    if (count == taps) {
        sum_taps<Simd, taps>(sources, length, target);
    } else if constexpr (taps > 1) {
        sum_counted<Simd, taps - 1>(sources, count, length, target);
    }
}

template <class Simd>
void sum(const float* const* sources, int taps, std::size_t length, float* target) {
    sum_counted<Simd>(sources, taps, length, target);
}

template <class Simd, bool both>
inline void match(const ProductRow& row, BestPartners best_of_row, BestPartners best_of_columns) {
    using Vector = typename Simd::Vector;
    using Index = typename Simd::Index;
    const Vector scale = Simd::broadcast(row.scale), half_norm = Simd::broadcast(row.half_norm);
    const Index row_index = Simd::broadcast_index(row.row);
    Vector best = Simd::broadcast(-3.4e38f);
    Index index = Simd::broadcast_index(0);
    for (int j = 0; j < row.length; j += Simd::lanes) {
        const Vector weights = Simd::multiply(scale, Simd::load(row.weights + j));
        const Vector product = Simd::multiply(Simd::load(row.products + j), weights);
        Simd::keep_larger(best, index, Simd::subtract(product, Simd::load(row.half_norms + j)),
                          Simd::broadcast_index(row.first_column + j));
        if constexpr (both) {
            Vector column_best = Simd::load(best_of_columns.scores + j);
            Index column_index = Simd::load_index(best_of_columns.indices + j);
            Simd::keep_larger(column_best, column_index, Simd::subtract(product, half_norm), row_index);
            Simd::store(best_of_columns.scores + j, column_best);
            Simd::store_index(best_of_columns.indices + j, column_index);
        }
    }
    float scores[Simd::lanes];
    std::int32_t indices[Simd::lanes];
    Simd::store(scores, best);
    Simd::store_index(indices, index);
    for (int lane = 0; lane < Simd::lanes; lane++) {
        const std::int32_t column = indices[lane] + lane;
        const bool first = scores[lane] == *best_of_row.scores && column < *best_of_row.indices;
        if (scores[lane] <= *best_of_row.scores && !first) continue;
        *best_of_row.scores = scores[lane];
        *best_of_row.indices = column;
    }
}

template <class Simd>
void match_row(const ProductRow& row, BestPartners best_of_row) {
    match<Simd, false>(row, best_of_row, {});
}

template <class Simd>
void match_both(const ProductRow& row, BestPartners best_of_row, BestPartners best_of_columns) {
    match<Simd, true>(row, best_of_row, best_of_columns);
}

template <class Simd>
constexpr InnerProductKernel inner_product_kernel_of() {
    return {multiply<Simd>, sum<Simd>, match_row<Simd>, match_both<Simd>};
}

}  // namespace
}  // namespace perch
