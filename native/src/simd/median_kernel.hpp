#pragma once

#include <cstddef>
#include <cstdint>

// What the code paths of an instruction set offer for the median reference. As for counting, only plain pointers pass here.
namespace perch {

/// Tiles that are sorted side by side.
constexpr int strip_tiles = 32;

/// Puts the smaller of two entries first.
struct Comparator {
    std::int32_t first, second;
};

struct MedianKernel {
    /// Writes strip[T*T][strip_tiles]: for each tile its values as ordered keys, ascending.
    /// @param corners offset of each tile's first value in the channel
    void (*sort_strip)(const float* channel, int width, int patch, const std::uint32_t* corners,
                       const Comparator* network, std::size_t comparators, std::int32_t* strip);

    /// The `wanted`-th smallest (from 1) of strip_tiles values in each of `strips` rows, `stride` apart.
    /// @param least a value that none of them is below
    std::int32_t (*select)(const std::int32_t* rows, std::size_t strips, std::size_t stride, std::int32_t wanted,
                           std::int32_t least);
};

extern const MedianKernel median_portable;
extern const MedianKernel median_avx2;
extern const MedianKernel median_avx512;

}  // namespace perch
