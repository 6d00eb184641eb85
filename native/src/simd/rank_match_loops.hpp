#pragma once

#include <cstddef>
#include <cstdint>

#include "simd/rank_match_kernel.hpp"
#include "simd/scatter_lanes.hpp"

// Rank matching by counting comparisons, for any instruction set.
//
// Rank counting. The rank of a pixel in a patch is the number of the patch's pixels that precede it: those with a
// smaller value and those with an equal value earlier in raster order. All T x T patches that contain the pixel lie in
// its (2T-1) x (2T-1) neighborhood. Comparing the pixel within each patch would take O(T^4) comparisons. Instead it is
// compared once with each neighbor, O(T^2), and the results are summed: first down the columns (ColumnCounts), then
// across (initial_rank, slide_rank).
//
// Example with T = 3 and the pixel 6 in
//
//     5 2 7 1 9
//     3 4 6 8 0
//     7 1 2 5 3
//
// In the patch with 6 at its center, position (1, 1), the columns 2-4-1, 7-6-2 and 1-8-5 contain 3, 1 and 2 values that
// precede 6, so its rank is 6. The patch one column to the left, where 6 is at position (1, 2), loses the column 1-8-5
// with 2 and gains 5-3-7 with 2, so the rank there is 6 - 2 + 2 = 6. Each further patch of a row costs one addition and
// one subtraction.
//
// Table lookup. The match of a pixel is entry `rank` of the channel's sorted reference. SIMD table instructions look up
// bytes, so the reference is stored as four tables, one for each byte of its floats; see Table in the variants.
//
// A lane is a pixel; a block is `lanes` consecutive pixels of the flattened plane. Two channels are processed together
// to hide latencies. `Simd` provides
//   lanes; Bytes (one unsigned byte for each lane), zero(), add(a, b), subtract(a, b);
//   Keys, load_keys(keys); add_less(total, own, keys): total + (keys < own), add_less_equal(total, own, keys);
//   Values (one float for each lane, in the order pixel_at(index)), load_values(values);
//   Table<entries>(bytes): the reference of a channel; find(ranks): its values at the ranks;
//   load_sums(sums), add_distances(sums, values, matches): sums + |values - matches|, store_sums(target, sums).
//
// Internal linkage: this header is compiled for several instruction sets, which must not share code.
namespace perch {
namespace {

/// Column sums of the comparisons of the pixels of a block with their neighborhoods.
template <class Simd, int T>
struct ColumnCounts {
    /// [column offset + T-1][i]: number of pixels that precede the own pixel in T rows of that column,
    /// starting i rows above it.
    typename Simd::Bytes counts[2 * T - 1][T];
};

template <class Simd, int T>
inline void count_preceding(const std::int16_t* keys, std::ptrdiff_t stride, ColumnCounts<Simd, T>& columns) {
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

/// The rank of the pixel in the patch where it is at position (i, 0).
template <class Simd, int T>
inline typename Simd::Bytes initial_rank(const ColumnCounts<Simd, T>& columns, int i) {
    typename Simd::Bytes rank = columns.counts[T - 1][i];
#pragma GCC unroll 16
    for (int dx = 1; dx < T; dx++) rank = Simd::add(rank, columns.counts[T - 1 + dx][i]);
    return rank;
}

/// The rank at (i, j + 1), in the patch one column to the left, from the rank at (i, j).
template <class Simd, int T>
inline typename Simd::Bytes slide_rank(const ColumnCounts<Simd, T>& columns, int i, int j, typename Simd::Bytes rank) {
    rank = Simd::add(rank, columns.counts[T - 2 - j][i]);
    return Simd::subtract(rank, columns.counts[2 * T - 2 - j][i]);
}

template <class Simd, int T>
void sum_errors_of_patch(const RankedPlanes& planes, PixelRun run, float* errors) {
    const std::size_t block_size = std::size_t(T * T) * Simd::lanes;
    ColumnCounts<Simd, T> columns_a, columns_b;
    for (int c = 0; c < planes.channels; c += 2) {
        const std::uint8_t* tables = planes.tables + std::size_t(c) * table_bytes;
        const typename Simd::template Table<T * T> table_a(tables), table_b(tables + table_bytes);
        for (int block = 0; block < run.blocks; block++) {
            const std::ptrdiff_t pixel = run.first + block * Simd::lanes;
            const std::int16_t* keys = planes.keys + c * planes.key_plane + pixel;
            const float* values = planes.values + c * planes.value_plane + pixel;
            count_preceding<Simd, T>(keys, planes.width, columns_a);
            count_preceding<Simd, T>(keys + planes.key_plane, planes.width, columns_b);
            const typename Simd::Values values_a = Simd::load_values(values);
            const typename Simd::Values values_b = Simd::load_values(values + planes.value_plane);
            float* sums = errors + std::size_t(block) * block_size;
            for (int i = 0; i < T; i++) {
                typename Simd::Bytes rank_a = initial_rank<Simd, T>(columns_a, i);
                typename Simd::Bytes rank_b = initial_rank<Simd, T>(columns_b, i);
#pragma GCC unroll 1
                for (int j = 0; j < T; j++) {
                    typename Simd::Values sum = Simd::load_sums(sums);
                    sum = Simd::add_distances(sum, values_a, table_a.find(rank_a));
                    sum = Simd::add_distances(sum, values_b, table_b.find(rank_b));
                    Simd::store_sums(sums, sum);
                    sums += Simd::lanes;
                    if (j + 1 == T) break;
                    rank_a = slide_rank<Simd, T>(columns_a, i, j, rank_a);
                    rank_b = slide_rank<Simd, T>(columns_b, i, j, rank_b);
                }
            }
        }
    }
}

template <class Simd>
void sum_errors(const RankedPlanes& planes, int patch_size, PixelRun run, float* errors) {
    switch (patch_size) {
        case 3: return sum_errors_of_patch<Simd, 3>(planes, run, errors);
        case 5: return sum_errors_of_patch<Simd, 5>(planes, run, errors);
        case 7: return sum_errors_of_patch<Simd, 7>(planes, run, errors);
        case 9: return sum_errors_of_patch<Simd, 9>(planes, run, errors);
        case 11: return sum_errors_of_patch<Simd, 11>(planes, run, errors);
        case 13: return sum_errors_of_patch<Simd, 13>(planes, run, errors);
        case 15: return sum_errors_of_patch<Simd, 15>(planes, run, errors);
    }
}

/// Brings the sums of one block into pixel order, and clears the sums of patches outside the tile.
template <class Simd>
void unshuffle(const RankedPlanes& planes, int patch_size, int first, const float* errors, float* block) {
    const int patch_rows = planes.height - patch_size + 1, patch_columns = planes.width - patch_size + 1;
    int rows[Simd::lanes], columns[Simd::lanes];
    for (int lane = 0; lane < Simd::lanes; lane++) {
        rows[lane] = (first + lane) / planes.width;
        columns[lane] = (first + lane) % planes.width;
    }
    for (int i = 0; i < patch_size; i++) {
        for (int j = 0; j < patch_size; j++) {
            for (int index = 0; index < Simd::lanes; index++) {
                const int lane = Simd::pixel_at(index);
                const bool inside = unsigned(rows[lane] - i) < unsigned(patch_rows) &&
                                    unsigned(columns[lane] - j) < unsigned(patch_columns);
                block[lane] = inside ? errors[index] : 0.0f;
            }
            errors += Simd::lanes;
            block += Simd::lanes;
        }
    }
}

template <class Simd>
void scatter(const RankedPlanes& planes, int patch_size, PixelRun run, const float* errors,
             const StencilOffset* offsets, std::size_t offset_count, const Tap* taps, float* block, float* sums) {
    for (int b = 0; b < run.blocks; b++) {
        const int first = run.first + b * Simd::lanes;
        unshuffle<Simd>(planes, patch_size, first, errors, block);
        scatter_lanes<Simd::lanes>(block, offsets, offset_count, taps, planes.width, sums);
        errors += patch_size * patch_size * Simd::lanes;
        sums += Simd::lanes;
    }
}

}  // namespace
}  // namespace perch
