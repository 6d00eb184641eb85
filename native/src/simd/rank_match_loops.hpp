#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "simd/rank_match_kernel.hpp"

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
// bytes, so the reference is stored as tables, one for each byte of its floats but the last, which is a constant; see
// Table in the variants.
//
// A lane is a pixel. A block consists of two strips of lanes/2 pixels, one below the other. Row k of neighbors of the upper
// strip is row k - 1 of the lower one, so each row is loaded once and compared with both. `Simd` provides
//   lanes; Bytes (one unsigned byte for each lane), zero(), add(a, b), subtract(a, b);
//   Keys (of one strip), load_keys(keys); Strips (the keys of both strips, upper and lower);
//   add_less(total, own, other): total + (other < own); add_less(total, at_least(own), other): total + (other <= own);
//   Values (one float for each lane, in the order pixel_at(index)), load_values(upper, lower);
//   Table<entries>(bytes): the reference of a channel; find(ranks): its values at the ranks; find_pair: for two positions;
//   load_sums(sums), add_distances(sums, values, matches): sums + |values - matches|, store_sums(target, sums).
//
// Internal linkage: this header is compiled for several instruction sets, which must not share code.
#if defined(_MSC_VER)
#define PERCH_NOINLINE __declspec(noinline)
#else
#define PERCH_NOINLINE __attribute__((noinline))
#endif

namespace perch {
namespace {

/// Column sums of the comparisons of the pixels of a block with their neighborhoods.
template <class Simd, int T>
struct ColumnCounts {
    /// [column offset + T-1][i]: number of pixels that precede the own pixel in T rows of that column,
    /// starting i rows above it.
    typename Simd::Bytes counts[2 * T - 1][T];
};

/// The rows around the upper strip of a block: row 0 is the strip itself, row 1 the lower strip.
struct NeighborRows {
    const std::int16_t* fields[2];
    std::ptrdiff_t stride;

    const std::int16_t* row(int k) const { return fields[k & 1] + (k >> 1) * stride; }
    NeighborRows shifted(int columns) const { return {{fields[0] + columns, fields[1] + columns}, stride}; }
};

// Not inline: in the loop over blocks, GCC would keep the tables in registers and spill the counts instead.
template <class Simd, int T>
PERCH_NOINLINE void count_preceding(const NeighborRows& rows, ColumnCounts<Simd, T>& columns) {
    using Bytes = typename Simd::Bytes;
    using Keys = typename Simd::Keys;
    const typename Simd::Strips own{Simd::load_keys(rows.row(0)), Simd::load_keys(rows.row(1))};
    const typename Simd::Strips own_or_equal = Simd::at_least(own);
    for (int dx = -(T - 1); dx < T; dx++) {
        const NeighborRows column = rows.shifted(dx);
        Bytes* counts = columns.counts[dx + T - 1];
        const Keys own_row = Simd::load_keys(column.row(0));
        Keys next = Simd::load_keys(column.row(1));
        Bytes count = Simd::zero();
        if (dx < 0) count = Simd::add_less(count, own_or_equal, {own_row, next});
        if (dx > 0) count = Simd::add_less(count, own, {own_row, next});
        Bytes from_own_row[T];
        from_own_row[0] = count;
#pragma GCC unroll 16
        for (int k = 1; k < T; k++) {
            const Keys row = next;
            next = Simd::load_keys(column.row(k + 1));
            from_own_row[k] = count = Simd::add_less(count, own, {row, next});
        }
        counts[0] = count;
        count = Simd::zero();
        next = own_row;
#pragma GCC unroll 16
        for (int i = 1; i < T; i++) {
            const Keys row = Simd::load_keys(column.row(-i));
            count = Simd::add_less(count, own_or_equal, {row, next});
            next = row;
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

/// Adds |value - match| at one position.
template <class Simd>
inline void add_error(const typename Simd::Values& values, const typename Simd::Values& matches, float* sums) {
    Simd::store_sums(sums, Simd::add_distances(Simd::load_sums(sums), values, matches));
}

/// Adds the errors of a block in one channel. Pairs of positions share the loads of the table.
template <class Simd, int T>
PERCH_NOINLINE void add_errors(const ColumnCounts<Simd, T>& columns, const RankedPlanes& planes, int channel, int pixel,
                               float* sums) {
    const typename Simd::template Table<T * T> table(planes.tables + std::size_t(channel) * table_bytes);
    const float* upper = planes.values + channel * planes.value_plane + pixel;
    const typename Simd::Values values = Simd::load_values(upper, upper + planes.value_field);
    for (int i = 0; i < T; i++) {
        typename Simd::Bytes rank = initial_rank<Simd, T>(columns, i);
#pragma GCC unroll 1
        for (int j = 0; j + 1 < T; j += 2) {
            const typename Simd::Bytes next = slide_rank<Simd, T>(columns, i, j, rank);
            typename Simd::Values matches, next_matches;
            table.find_pair(rank, next, matches, next_matches);
            add_error<Simd>(values, matches, sums);
            add_error<Simd>(values, next_matches, sums + Simd::lanes);
            rank = slide_rank<Simd, T>(columns, i, j + 1, next);
            sums += 2 * Simd::lanes;
        }
        add_error<Simd>(values, table.find(rank), sums);
        sums += Simd::lanes;
    }
}

template <class Simd, int T>
void sum_errors_of_patch(const RankedPlanes& planes, PixelRun run, float* errors) {
    ColumnCounts<Simd, T> columns;
    for (int c = 0; c < planes.channels; c++) {
        for (int block = 0; block < run.blocks; block++) {
            const int pixel = run.first + block * (Simd::lanes / 2);
            const std::int16_t* keys = planes.keys + c * planes.key_plane + pixel;
            count_preceding<Simd, T>({{keys, keys + planes.key_field}, planes.width}, columns);
            add_errors<Simd, T>(columns, planes, c, pixel, errors + std::size_t(block) * (T * T * Simd::lanes));
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

/// Brings the sums of one block into the order [strip][T*T][lanes/2], and clears the sums of patches outside the tile.
template <class Simd>
void unshuffle(const RankedPlanes& planes, int patch_size, int first, const float* errors, float* block) {
    constexpr int half = Simd::lanes / 2;
    const int patch_rows = planes.height - patch_size + 1, patch_columns = planes.width - patch_size + 1;
    // All bits of a lane are set if its patch at position (i, j) is in the tile's rows and columns.
    std::uint32_t in_rows[max_simd_patch_size][Simd::lanes], in_columns[max_simd_patch_size][Simd::lanes];
    for (int index = 0; index < Simd::lanes; index++) {
        const int lane = Simd::pixel_at(index), pixel = first + lane % half;
        const int row = pixel / planes.width * 2 + lane / half, column = pixel % planes.width;
        for (int i = 0; i < patch_size; i++) {
            in_rows[i][index] = unsigned(row - i) < unsigned(patch_rows) ? 0xffffffffu : 0;
            in_columns[i][index] = unsigned(column - i) < unsigned(patch_columns) ? 0xffffffffu : 0;
        }
    }
    for (int i = 0; i < patch_size; i++) {
        for (int j = 0; j < patch_size; j++) {
            // Four consecutive lanes are four consecutive pixels in every variant.
            for (int index = 0; index < Simd::lanes; index += 4) {
                const int lane = Simd::pixel_at(index);
                float* target = block + lane / half * (patch_size * patch_size * half) + lane % half;
                for (int k = index; k < index + 4; k++) {
                    const auto bits = std::bit_cast<std::uint32_t>(errors[k]) & in_rows[i][k] & in_columns[j][k];
                    target[k - index] = std::bit_cast<float>(bits);
                }
            }
            errors += Simd::lanes;
            block += half;
        }
    }
}

/// Scatters the errors of one row of the patch to the columns of the same row of the plane.
template <int lanes>
void scatter_row(const float* errors, const AxisTap* taps, std::size_t tap_count, float* sums) {
    for (std::size_t t = 0; t < tap_count;) {
        const int offset = taps[t].offset;
        float sum[lanes] = {};
        for (; t < tap_count && taps[t].offset == offset; t++) {
            const float* error = errors + taps[t].position * lanes;
            for (int lane = 0; lane < lanes; lane++) sum[lane] += taps[t].weight * error[lane];
        }
        for (int lane = 0; lane < lanes; lane++) sums[offset + lane] += sum[lane];
    }
}

template <class Simd>
void scatter(const RankedPlanes& planes, int patch_size, PixelRun run, const float* errors, const AxisTap* taps,
             std::size_t tap_count, const ScatterScratch& scratch, float* const* sums) {
    constexpr int half = Simd::lanes / 2;
    const int size = patch_size * patch_size, margin = patch_size - 1, length = run.blocks * half + 2 * margin;
    for (int b = 0; b < run.blocks; b++) {
        unshuffle<Simd>(planes, patch_size, run.first + b * half, errors, scratch.block);
        errors += size * Simd::lanes;
        for (int strip = 0; strip < 2; strip++) {
            for (int i = 0; i < patch_size; i++) {
                scatter_row<half>(scratch.block + (strip * size + i * patch_size) * half, taps, tap_count,
                                  scratch.rows + (i * 2 + strip) * length + margin + b * half);
            }
        }
    }
    for (int strip = 0; strip < 2; strip++) {
        for (std::size_t t = 0; t < tap_count; t++) {
            const float* source = scratch.rows + (taps[t].position * 2 + strip) * length;
            const int row = strip + taps[t].offset;
            float* target = sums[row & 1] + (row >> 1) * planes.width - margin;
            for (int x = 0; x < length; x++) target[x] += taps[t].weight * source[x];
        }
    }
}

}  // namespace
}  // namespace perch
