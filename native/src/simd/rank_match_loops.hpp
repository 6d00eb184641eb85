#pragma once

#include <cstddef>
#include <cstdint>

#include "simd/rank_match_kernel.hpp"
#include "simd/scatter_lanes.hpp"

// Comparison counting, for any instruction set. The rank of a pixel in a window is the number of the window's pixels that
// precede it, by value and then in raster order. All T x T windows that hold the pixel lie in its (2T-1) x (2T-1)
// neighbourhood, and each comparison in it serves many of them. Lanes are consecutive pixels of the flattened plane.
//
// `Simd` offers
//   lanes; Bytes (an unsigned byte a lane), zero(), add(a, b), subtract(a, b);
//   Keys, load_keys(keys); add_less(total, own, keys), add_less_equal(total, own, keys): total + (key < own) a lane;
//   Values (a float a lane, dealt out in the order pixel_at(index)), load_values(values);
//   Table<entries>(bytes): the reference of a channel; find(ranks): Values of it;
//   load_sums(sums), add_distances(sums, values, matches): sums + |value - match| a lane, store_sums(place, sums).
//
// Internal linkage: this header is compiled for several instruction sets, which must not share code.
namespace perch {
namespace {

template <class Simd, int T>
struct Columns {
    /// [column - own column + T-1][i]: of that column's T rows which begin i above the pixel, how many precede it.
    typename Simd::Bytes counts[2 * T - 1][T];
};

template <class Simd, int T>
inline void count_columns(const std::int16_t* keys, std::ptrdiff_t stride, Columns<Simd, T>& columns) {
    const typename Simd::Keys own = Simd::load_keys(keys);
    for (int dx = -(T - 1); dx < T; dx++) {
        const std::int16_t* column = keys + dx;
        typename Simd::Bytes* counts = columns.counts[dx + T - 1];
        typename Simd::Bytes count = Simd::zero();
        if (dx < 0) count = Simd::add_less_equal(count, own, column);
        if (dx > 0) count = Simd::add_less(count, own, column);
        typename Simd::Bytes from_own_row[T];
        from_own_row[0] = count;
#pragma GCC unroll 16
        for (int k = 1; k < T; k++) from_own_row[k] = count = Simd::add_less(count, own, column + k * stride);
        counts[0] = count;
        count = Simd::zero();
#pragma GCC unroll 16
        for (int i = 1; i < T; i++) {
            count = Simd::add_less_equal(count, own, column - i * stride);
            counts[i] = Simd::add(count, from_own_row[T - 1 - i]);
        }
    }
}

/// The ranks of a pixel in the windows of one row: begins with the leftmost column of the window, position (i, 0).
template <class Simd, int T>
inline typename Simd::Bytes first_rank(const Columns<Simd, T>& columns, int i) {
    typename Simd::Bytes rank = columns.counts[T - 1][i];
#pragma GCC unroll 16
    for (int dx = 1; dx < T; dx++) rank = Simd::add(rank, columns.counts[T - 1 + dx][i]);
    return rank;
}

/// From the window in which the pixel is at (i, j) to the one where it is at (i, j + 1).
template <class Simd, int T>
inline typename Simd::Bytes next_rank(const Columns<Simd, T>& columns, int i, int j, typename Simd::Bytes rank) {
    rank = Simd::add(rank, columns.counts[T - 2 - j][i]);
    return Simd::subtract(rank, columns.counts[2 * T - 2 - j][i]);
}

template <class Simd, int T>
void sum_errors_of_patch(const RankedPlanes& planes, PixelRun run, float* errors) {
    const std::size_t block_size = std::size_t(T * T) * Simd::lanes;
    Columns<Simd, T> columns_a, columns_b;
    for (int c = 0; c < planes.channels; c += 2) {
        const std::uint8_t* tables = planes.tables + std::size_t(c) * table_bytes;
        const typename Simd::template Table<T * T> table_a(tables), table_b(tables + table_bytes);
        for (int block = 0; block < run.blocks; block++) {
            const std::ptrdiff_t pixel = run.first + block * Simd::lanes;
            const std::int16_t* keys = planes.keys + c * planes.key_plane + pixel;
            const float* values = planes.values + c * planes.value_plane + pixel;
            count_columns<Simd, T>(keys, planes.width, columns_a);
            count_columns<Simd, T>(keys + planes.key_plane, planes.width, columns_b);
            const typename Simd::Values values_a = Simd::load_values(values);
            const typename Simd::Values values_b = Simd::load_values(values + planes.value_plane);
            float* sums = errors + std::size_t(block) * block_size;
            for (int i = 0; i < T; i++) {
                typename Simd::Bytes rank_a = first_rank<Simd, T>(columns_a, i);
                typename Simd::Bytes rank_b = first_rank<Simd, T>(columns_b, i);
#pragma GCC unroll 1
                for (int j = 0; j < T; j++) {
                    typename Simd::Values sum = Simd::load_sums(sums);
                    sum = Simd::add_distances(sum, values_a, table_a.find(rank_a));
                    sum = Simd::add_distances(sum, values_b, table_b.find(rank_b));
                    Simd::store_sums(sums, sum);
                    sums += Simd::lanes;
                    if (j + 1 == T) break;
                    rank_a = next_rank<Simd, T>(columns_a, i, j, rank_a);
                    rank_b = next_rank<Simd, T>(columns_b, i, j, rank_b);
                }
            }
        }
    }
}

template <class Simd>
void sum_errors(const RankedPlanes& planes, int patch, PixelRun run, float* errors) {
    switch (patch) {
        case 3: return sum_errors_of_patch<Simd, 3>(planes, run, errors);
        case 5: return sum_errors_of_patch<Simd, 5>(planes, run, errors);
        case 7: return sum_errors_of_patch<Simd, 7>(planes, run, errors);
        case 9: return sum_errors_of_patch<Simd, 9>(planes, run, errors);
        case 11: return sum_errors_of_patch<Simd, 11>(planes, run, errors);
        case 13: return sum_errors_of_patch<Simd, 13>(planes, run, errors);
        case 15: return sum_errors_of_patch<Simd, 15>(planes, run, errors);
    }
}

/// The sums of one block in pixel order, zero where the window is not the tile's.
template <class Simd>
void straighten(const RankedPlanes& planes, int patch, int first, const float* errors, float* block) {
    const int windows_down = planes.height - patch + 1, windows_across = planes.width - patch + 1;
    int rows[Simd::lanes], columns[Simd::lanes];
    for (int lane = 0; lane < Simd::lanes; lane++) {
        rows[lane] = (first + lane) / planes.width;
        columns[lane] = (first + lane) % planes.width;
    }
    for (int i = 0; i < patch; i++) {
        for (int j = 0; j < patch; j++) {
            for (int at = 0; at < Simd::lanes; at++) {
                const int lane = Simd::pixel_at(at);
                const bool inside = unsigned(rows[lane] - i) < unsigned(windows_down) &&
                                    unsigned(columns[lane] - j) < unsigned(windows_across);
                block[lane] = inside ? errors[at] : 0.0f;
            }
            errors += Simd::lanes;
            block += Simd::lanes;
        }
    }
}

template <class Simd>
void fold(const RankedPlanes& planes, int patch, PixelRun run, const float* errors, const FoldShift* shifts,
          std::size_t shift_count, const FoldTerm* terms, float* block, float* canvas) {
    for (int b = 0; b < run.blocks; b++) {
        const int first = run.first + b * Simd::lanes;
        straighten<Simd>(planes, patch, first, errors, block);
        fold_lanes<Simd::lanes>(block, shifts, shift_count, terms, planes.width, canvas);
        errors += patch * patch * Simd::lanes;
        canvas += Simd::lanes;
    }
}

}  // namespace
}  // namespace perch
