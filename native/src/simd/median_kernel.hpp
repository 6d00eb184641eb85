#pragma once

#include <cstddef>
#include <cstdint>

// The SIMD part of the median reference, with a variant for each instruction set. The interface has plain
// pointers only, for the reason given in rank_match_kernel.hpp.
namespace perch {

/// Number of tiles that are sorted together, one in each lane.
constexpr int batch_tiles = 32;

/// Swaps two entries if the first is larger.
struct Comparator {
    std::int32_t first, second;
};

struct MedianKernel {
    /// Sorts the values of batch_tiles tiles with a sorting network.
    /// @param origins offset of each tile's first value in the channel
    /// @param batch [T*T][batch_tiles], written: each tile's ordered keys, ascending
    void (*sort_batch)(const float* channel, int width, int patch_size, const std::uint32_t* origins,
                       const Comparator* network, std::size_t comparators, std::int32_t* batch);

    /// The k-th smallest (k >= 1) of all keys in `batches` rows of batch_tiles keys.
    /// @param stride distance from one row to the next
    /// @param lower_bound a value not above the smallest key
    std::int32_t (*select_kth)(const std::int32_t* rows, std::size_t batches, std::size_t stride, std::int32_t k,
                               std::int32_t lower_bound);
};

extern const MedianKernel median_portable;
extern const MedianKernel median_avx2;
extern const MedianKernel median_avx512;

}  // namespace perch
