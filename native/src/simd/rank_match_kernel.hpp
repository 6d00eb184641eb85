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

/// A group of channels on one tile, including the reflect padding. Channels of the same BinadeShift::base() follow each
/// other. A plane consists of two fields: its even rows, flattened, and its odd rows. So pixel p of the odd field lies below
/// pixel p of the even field.
struct RankedPlanes {
    /// Dense rank of each pixel in its channel, plus the kernel's first_key; equal values share a rank. Keys are
    /// readable (T-1)/2 rows and T-1 columns beyond each field.
    const std::int16_t* keys;
    std::ptrdiff_t key_plane,
        key_field;        ///< distances from one channel to the next and from the even field to the odd one
    const float* values;  ///< the pixels' values, see BinadeShift
    std::ptrdiff_t value_plane, value_field;  ///< as for the keys
    /// [channel][4][256]: the first, second and third bytes of the reference's floats. Their fourth byte is the same for
    /// the whole channel.
    const std::uint8_t* tables;
    int channels;
    int height, width;  ///< of the plane
};

/// Consecutive blocks of lanes/2 pixels in each of the two fields.
struct PixelRun {
    int first;  ///< pixel of a field
    int blocks;
};

/// Memory for `scatter`.
struct ScatterScratch {
    float* block;  ///< T*T*lanes
    float* rows;   ///< zeros: T * 2 * (pixels of the run in a field + 2 * (T-1))
};

struct RankMatchKernel {
    /// Number of pixels in a block: one half in the even field, the other half below them in the odd field.
    int lanes;
    /// Side of the largest plane whose dense ranks the kernel can compare.
    int max_plane_side;
    /// The key of the lowest rank.
    int first_key;

    /// Adds |value - match| for each position that a pixel has in a patch, channel by channel.
    /// @param errors [block][T*T][lanes], aligned to 64 bytes; the kernel defines the order of the pixels in a block
    void (*sum_errors)(const RankedPlanes& planes, int patch_size, PixelRun run, float* errors);

    /// Applies the stencil to these sums, without the patches that lie outside the tile.
    /// @param taps the stencil along one axis, by ascending offset
    /// @param sums the two fields of the target plane at the first pixel of the run
    void (*scatter)(const RankedPlanes& planes, int patch_size, PixelRun run, const float* errors, const AxisTap* taps,
                    std::size_t tap_count, const ScatterScratch& scratch, float* const* sums);
};

extern const RankMatchKernel rank_match_avx2;
extern const RankMatchKernel rank_match_avx512;
extern const RankMatchKernel rank_match_neon;
extern const RankMatchKernel rank_match_wasm;

}  // namespace perch
