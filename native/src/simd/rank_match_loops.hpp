#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

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
//   Comparison (one for each lane), compare(own, other): other < own, compare(at_least(own), other): other <= own;
//   ones(comparison): 1 where it is true, else 0; add(total, comparison), subtract(total, comparison): plus or minus that;
//   Values (one float for each lane, in the order pixel_at(index)), load_values(upper, lower);
//   Table<entries>(bytes): the reference of a channel; find(ranks): its values at the ranks; find_pair: for two positions;
//   Sum, float or, for sums of integers, std::uint32_t; add_distances(sums, values, matches): sums += |values - matches|.
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
    /// [i][column offset + T-1]: number of pixels that precede the own pixel in T rows of that column,
    /// starting i rows above it.
    typename Simd::Bytes counts[T][2 * T - 1];
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
    using Comparison = typename Simd::Comparison;
    const typename Simd::Strips own{Simd::load_keys(rows.row(0)), Simd::load_keys(rows.row(1))};
    const typename Simd::Strips own_or_equal = Simd::at_least(own);
    for (int dx = -(T - 1); dx < T; dx++) {
        const NeighborRows column = rows.shifted(dx);
        const Keys own_row = Simd::load_keys(column.row(0));
        Keys next = Simd::load_keys(column.row(1));
        Bytes count = Simd::zero();
        if (dx < 0) count = Simd::ones(Simd::compare(own_or_equal, {own_row, next}));
        if (dx > 0) count = Simd::ones(Simd::compare(own, {own_row, next}));
        Comparison below[T];
#pragma GCC unroll 16
        for (int k = 1; k < T; k++) {
            const Keys row = next;
            next = Simd::load_keys(column.row(k + 1));
            below[k] = Simd::compare(own, {row, next});
            count = Simd::add(count, below[k]);
        }
        columns.counts[0][dx + T - 1] = count;
        next = own_row;
#pragma GCC unroll 16
        for (int i = 1; i < T; i++) {
            const Keys row = Simd::load_keys(column.row(-i));
            count = Simd::add(count, Simd::compare(own_or_equal, {row, next}));
            next = row;
            count = Simd::subtract(count, below[T - i]);
            columns.counts[i][dx + T - 1] = count;
        }
    }
}

/// The rank of the pixel in the patch where it is at position (i, 0), from row i of the counts.
template <class Simd, int T>
inline typename Simd::Bytes initial_rank(const typename Simd::Bytes* counts) {
    typename Simd::Bytes rank = counts[T - 1];
#pragma GCC unroll 16
    for (int dx = 1; dx < T; dx++) rank = Simd::add(rank, counts[T - 1 + dx]);
    return rank;
}

/// The rank at (i, j + 1), in the patch one column to the left, from the rank at (i, j).
template <class Simd, int T>
inline typename Simd::Bytes slide_rank(const typename Simd::Bytes* counts, int j, typename Simd::Bytes rank) {
    return Simd::subtract(Simd::add(rank, counts[T - 2 - j]), counts[2 * T - 2 - j]);
}

/// The rows i of positions at which pixels of a block are in patches of the tile: from first to end - 1.
struct PositionRows {
    int first, end;
};

template <class Simd, int T>
PositionRows rows_in_tile(const RankedPlanes& planes, int pixel) {
    const int top = pixel / planes.width * 2, bottom = (pixel + Simd::lanes / 2 - 1) / planes.width * 2 + 1;
    const int patch_rows = planes.height - T + 1;
    return {top < patch_rows ? 0 : top - patch_rows + 1, bottom < T ? bottom + 1 : T};
}

/// Adds the errors of a block in one channel. Pairs of positions share the loads of the table.
template <class Simd, int T>
PERCH_NOINLINE void add_errors(const ColumnCounts<Simd, T>& columns, const RankedPlanes& planes, int channel, int pixel,
                               PositionRows rows, typename Simd::Sum* sums) {
    const typename Simd::template Table<T * T> table(planes.tables + std::size_t(channel) * table_bytes);
    const float* upper = planes.values + channel * planes.value_plane + pixel;
    const typename Simd::Values values = Simd::load_values(upper, upper + planes.value_field);
    for (int i = rows.first; i < rows.end; i++) {
        const typename Simd::Bytes* counts = columns.counts[i];
        typename Simd::Sum* row_sums = sums + i * (T * Simd::lanes);
        typename Simd::Bytes rank = initial_rank<Simd, T>(counts);
#pragma GCC unroll 1
        for (int j = 0; j + 1 < T; j += 2) {
            const typename Simd::Bytes next = slide_rank<Simd, T>(counts, j, rank);
            typename Simd::Values matches, next_matches;
            table.find_pair(rank, next, matches, next_matches);
            Simd::add_distances(row_sums, values, matches);
            Simd::add_distances(row_sums + Simd::lanes, values, next_matches);
            rank = slide_rank<Simd, T>(counts, j + 1, next);
            row_sums += 2 * Simd::lanes;
        }
        Simd::add_distances(row_sums, values, table.find(rank));
    }
}

/// Adds the errors of a block in one channel, at the positions in the tile.
template <class Simd, int T>
inline void match_block(const RankedPlanes& planes, int channel, int pixel, ColumnCounts<Simd, T>& columns,
                        typename Simd::Sum* sums) {
    const std::int16_t* keys = planes.keys + channel * planes.key_plane + pixel;
    count_preceding<Simd, T>({{keys, keys + planes.key_field}, planes.width}, columns);
    add_errors<Simd, T>(columns, planes, channel, pixel, rows_in_tile<Simd, T>(planes, pixel), sums);
}

template <class Simd, int T>
void sum_floats(const RankedPlanes& planes, PixelRun run, float* errors) {
    ColumnCounts<Simd, T> columns;
    for (int c = 0; c < planes.channels; c++) {
        for (int block = 0; block < run.blocks; block++) {
            match_block<Simd, T>(planes, c, run.first + block * (Simd::lanes / 2), columns,
                                 errors + std::size_t(block) * (T * T * Simd::lanes));
        }
    }
}

/// The distance of neighboring floats in a channel.
inline float unit_of(const RankedPlanes& planes, int channel) {
    const std::uint8_t* table = planes.tables + std::size_t(channel) * table_bytes;
    const std::uint32_t exponent =
        (std::uint32_t(table[3 * 256]) << 24 | std::uint32_t(table[2 * 256]) << 16) & 0x7f800000;
    return std::bit_cast<float>(exponent) * 0x1p-23f;
}

/// Floats of one binade are fixed-point numbers: the bits of two of them differ by their distance in units. So distances are
/// added as integers as long as the unit stays the same.
template <class Simd, int T>
void sum_integers(const RankedPlanes& planes, PixelRun run, float* errors) {
    constexpr int size = T * T * Simd::lanes;
    // Each distance is below 2^23.
    constexpr int max_channels = 512;
    ColumnCounts<Simd, T> columns;
    alignas(64) std::uint32_t sums[size];
    for (int block = 0; block < run.blocks; block++, errors += size) {
        for (int c = 0; c < planes.channels;) {
            for (int i = 0; i < size; i++) sums[i] = 0;
            const float unit = unit_of(planes, c);
            const int end = c + max_channels < planes.channels ? c + max_channels : planes.channels;
            for (; c < end && unit_of(planes, c) == unit; c++)
                match_block<Simd, T>(planes, c, run.first + block * (Simd::lanes / 2), columns, sums);
            for (int i = 0; i < size; i++) errors[i] += float(sums[i]) * unit;
        }
    }
}

template <class Simd, int T>
void sum_errors_of_patch(const RankedPlanes& planes, PixelRun run, float* errors) {
    if constexpr (std::is_integral_v<typename Simd::Sum>)
        sum_integers<Simd, T>(planes, run, errors);
    else
        sum_floats<Simd, T>(planes, run, errors);
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

}  // namespace
}  // namespace perch
