#pragma once

#include "simd/median_kernel.hpp"
#include "sorting/ordered_keys.hpp"

// Loops over the lanes of a batch that compilers vectorize. Each instruction set compiles this header with its own
// flags.
//
// Internal linkage: this header is compiled for several instruction sets, which must not share code.
namespace perch {
namespace {

/// Puts each lane's smaller key first.
inline void compare_exchange(std::int32_t* __restrict first, std::int32_t* __restrict second) {
    for (int tile = 0; tile < batch_tiles; tile++) {
        const std::int32_t a = first[tile], b = second[tile];
        first[tile] = a < b ? a : b;
        second[tile] = a < b ? b : a;
    }
}

inline void sort_batch(const float* channel, int width, int patch_size, const std::uint32_t* origins,
                       const Comparator* network, std::size_t comparators, std::int32_t* batch) {
    // Tile by tile, because compilers would turn the loop over tiles into a gather, which takes longer.
    for (int tile = 0; tile < batch_tiles; tile++) {
        std::int32_t* key = batch + tile;
        for (int y = 0; y < patch_size; y++) {
            const float* row = channel + origins[tile] + std::ptrdiff_t(y) * width;
            for (int x = 0; x < patch_size; x++) {
                *key = std::bit_cast<std::int32_t>(row[x]);
                key += batch_tiles;
            }
        }
    }
    for (int i = 0; i < patch_size * patch_size * batch_tiles; i++) {
        batch[i] = ordered_key(std::bit_cast<float>(batch[i]));
    }
    for (std::size_t c = 0; c < comparators; c++) {
        compare_exchange(batch + network[c].first * batch_tiles, batch + network[c].second * batch_tiles);
    }
}

/// Number of keys that are at most `limit`.
inline std::int32_t count_at_most(const std::int32_t* rows, std::size_t batches, std::size_t stride,
                                  std::int32_t limit) {
    std::int32_t counts[batch_tiles] = {};
    for (std::size_t batch = 0; batch < batches; batch++) {
        for (int tile = 0; tile < batch_tiles; tile++) counts[tile] += rows[batch * stride + tile] <= limit;
    }
    std::int32_t count = 0;
    for (int tile = 0; tile < batch_tiles; tile++) count += counts[tile];
    return count;
}

/// The largest key that is at most `limit`.
inline std::int32_t largest_at_most(const std::int32_t* rows, std::size_t batches, std::size_t stride,
                                    std::int32_t limit) {
    std::int32_t largest[batch_tiles];
    for (int tile = 0; tile < batch_tiles; tile++) largest[tile] = INT32_MIN;
    for (std::size_t batch = 0; batch < batches; batch++) {
        for (int tile = 0; tile < batch_tiles; tile++) {
            const std::int32_t key = rows[batch * stride + tile];
            const std::int32_t candidate = key <= limit ? key : INT32_MIN;
            largest[tile] = largest[tile] < candidate ? candidate : largest[tile];
        }
    }
    std::int32_t result = INT32_MIN;
    for (int tile = 0; tile < batch_tiles; tile++) result = result < largest[tile] ? largest[tile] : result;
    return result;
}

/// Narrows the range of keys by interpolating between the counts at its ends, and by bisecting it every second time.
/// Stops early if exactly k keys are at most the limit, because the largest of them is then the result.
inline std::int32_t select_kth(const std::int32_t* rows, std::size_t batches, std::size_t stride, std::int32_t k,
                               std::int32_t lower_bound) {
    std::int32_t count_at_lower = count_at_most(rows, batches, stride, lower_bound);
    if (count_at_lower >= k) return lower_bound;
    std::int64_t lower = lower_bound, upper = largest_at_most(rows, batches, stride, INT32_MAX - 1);
    std::int32_t count_at_upper = count_at_most(rows, batches, stride, std::int32_t(upper));
    for (bool bisect = false; upper - lower > 1; bisect = !bisect) {
        const std::int64_t width = upper - lower;
        const std::int64_t step = bisect ? width / 2 : width * (k - count_at_lower) / (count_at_upper - count_at_lower);
        const std::int64_t middle = lower + (step < 1 ? 1 : step < width ? step : width - 1);
        const std::int32_t count = count_at_most(rows, batches, stride, std::int32_t(middle));
        if (count == k) return largest_at_most(rows, batches, stride, std::int32_t(middle));
        (count < k ? lower : upper) = middle;
        (count < k ? count_at_lower : count_at_upper) = count;
    }
    return std::int32_t(upper);
}

}  // namespace
}  // namespace perch
