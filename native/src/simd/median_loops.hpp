#pragma once

#include "simd/median_kernel.hpp"
#include "sorting/ordered_keys.hpp"

// Plain loops over the tiles of a strip, which compilers make vector code of.
// Internal linkage: this header is compiled for several instruction sets, which must not share code.
namespace perch {
namespace {

/// Puts the smaller key of each tile first.
inline void exchange(std::int32_t* __restrict first, std::int32_t* __restrict second) {
    for (int tile = 0; tile < strip_tiles; tile++) {
        const std::int32_t a = first[tile], b = second[tile];
        first[tile] = a < b ? a : b;
        second[tile] = a < b ? b : a;
    }
}

inline void sort_strip(const float* channel, int width, int patch, const std::uint32_t* corners, const Comparator* network,
                       std::size_t comparators, std::int32_t* strip) {
    std::int32_t* keys = strip;
    for (int y = 0; y < patch; y++) {
        for (int x = 0; x < patch; x++) {
            const float* values = channel + std::ptrdiff_t(y) * width + x;
            for (int tile = 0; tile < strip_tiles; tile++) keys[tile] = ordered_key(values[corners[tile]]);
            keys += strip_tiles;
        }
    }
    for (std::size_t c = 0; c < comparators; c++) {
        exchange(strip + network[c].first * strip_tiles, strip + network[c].second * strip_tiles);
    }
}

inline std::int32_t count_up_to(const std::int32_t* rows, std::size_t strips, std::size_t stride, std::int32_t limit) {
    std::int32_t counts[strip_tiles] = {};
    for (std::size_t strip = 0; strip < strips; strip++) {
        for (int tile = 0; tile < strip_tiles; tile++) counts[tile] += rows[strip * stride + tile] <= limit;
    }
    std::int32_t count = 0;
    for (int tile = 0; tile < strip_tiles; tile++) count += counts[tile];
    return count;
}

inline std::int32_t largest_up_to(const std::int32_t* rows, std::size_t strips, std::size_t stride, std::int32_t limit) {
    std::int32_t largest[strip_tiles];
    for (int tile = 0; tile < strip_tiles; tile++) largest[tile] = INT32_MIN;
    for (std::size_t strip = 0; strip < strips; strip++) {
        for (int tile = 0; tile < strip_tiles; tile++) {
            const std::int32_t key = rows[strip * stride + tile];
            const std::int32_t candidate = key <= limit ? key : INT32_MIN;
            largest[tile] = largest[tile] < candidate ? candidate : largest[tile];
        }
    }
    std::int32_t result = INT32_MIN;
    for (int tile = 0; tile < strip_tiles; tile++) result = result < largest[tile] ? largest[tile] : result;
    return result;
}

/// Bisects the keys. Stops early where the limit parts the wanted value from the next one.
inline std::int32_t select(const std::int32_t* rows, std::size_t strips, std::size_t stride, std::int32_t wanted,
                           std::int32_t least) {
    if (count_up_to(rows, strips, stride, least) >= wanted) return least;
    std::int64_t below = least, enough = INT32_MAX;
    while (enough - below > 1) {
        const std::int64_t middle = below + (enough - below) / 2;
        const std::int32_t count = count_up_to(rows, strips, stride, std::int32_t(middle));
        if (count == wanted) return largest_up_to(rows, strips, stride, std::int32_t(middle));
        (count < wanted ? below : enough) = middle;
    }
    return std::int32_t(enough);
}

}  // namespace
}  // namespace perch
