#pragma once

#include <cstddef>
#include <cstdint>

#include "planes/stencil.hpp"

// The SIMD part of rank matching, with a variant for each instruction set. The interface has plain pointers
// only: inline functions of the standard library that are compiled with, say, AVX-512 flags could replace the
// portable copies at link time and would crash on processors without AVX-512.
namespace perch {

/// Ranks are stored in bytes, and a patch of 17 * 17 has more ranks than a byte can hold.
constexpr int max_simd_patch_size = 15;
/// Size in bytes of a channel's reference in RankedPlanes: four byte tables of 256 entries.
constexpr std::size_t table_bytes = 4 * 256;

/// A group of channels on the flattened plane of one tile, including the reflect padding.
struct RankedPlanes {
    /// Dense rank of each pixel in its channel, minus 32768; equal values share a rank. Keys are readable T-1 rows and
    /// columns beyond the plane.
    const std::int16_t* keys;
    std::ptrdiff_t key_plane;  ///< distance from one channel to the next
    const float* values;       ///< the pixels' values
    std::ptrdiff_t value_plane;
    const std::uint8_t* tables;  ///< [channel][4][256]: the first, second, ... bytes of the reference's floats
    int channels;                ///< even
    int height, width;           ///< length of a row of the plane
};

/// Consecutive blocks of `lanes` pixels of the flattened plane.
struct PixelRun {
    int first;  ///< pixel
    int blocks;
};

struct RankMatchKernel {
    /// Number of pixels in a block.
    int lanes;

    /// Adds |value - match| for each position that a pixel has in a patch, channel by channel.
    /// @param errors [block][T*T][lanes], aligned to 64 bytes; the kernel defines the order of the pixels in a block
    void (*sum_errors)(const RankedPlanes& planes, int patch_size, PixelRun run, float* errors);

    /// Applies the stencil to these sums, without the patches that lie outside the tile.
    /// @param block scratch memory, T*T*lanes
    /// @param sums the target plane at the first pixel of the run
    void (*scatter)(const RankedPlanes& planes, int patch_size, PixelRun run, const float* errors,
                    const StencilOffset* offsets, std::size_t offset_count, const Tap* taps, float* block, float* sums);
};

extern const RankMatchKernel rank_match_avx2;
extern const RankMatchKernel rank_match_avx512;
extern const RankMatchKernel rank_match_neon;
extern const RankMatchKernel rank_match_wasm;

}  // namespace perch
