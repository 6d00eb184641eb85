#pragma once

#include <cstddef>
#include <cstdint>

#include "planes/stencil.hpp"

// What the code paths of an instruction set offer. Only plain pointers pass here: inline code of the standard library must
// not be compiled for an instruction set that other callers may lack.
namespace perch {

/// Comparison counting holds ranks in bytes.
constexpr int largest_counted_patch = 15;
/// Bytes of a channel's reference in RankedPlanes.
constexpr std::size_t table_bytes = 4 * 256;

/// A group of channels on the flattened plane of one tile, reflect padding included.
struct RankedPlanes {
    const std::int16_t* keys;   ///< dense rank of each pixel in its channel, less 32768; equal values share one
    std::ptrdiff_t key_plane;   ///< from one channel to the next; keys are readable T-1 rows and columns around the plane
    const float* values;        ///< the pixels' values
    std::ptrdiff_t value_plane;
    const std::uint8_t* tables;  ///< [channel][4][256]: first, second, ... bytes of the reference's floats
    int channels;                ///< even
    int height, width;           ///< of the plane
};

/// A run of blocks of `lanes` pixels of the flattened plane.
struct PixelRun {
    int first;
    int blocks;
};

struct CountingKernel {
    /// Pixels in a block.
    int lanes;

    /// Adds to errors[block][T*T][lanes] (64-byte aligned), channel by channel, |value - match| for each position that the
    /// pixel has in a window; within a position, pixels are in an order of the kernel's own.
    void (*sum_errors)(const RankedPlanes& planes, int patch, PixelRun run, float* errors);

    /// Folds those sums onto a canvas, at the place of the run's first pixel. Windows outside the tile are left out. `block`
    /// is scratch memory of T*T*lanes.
    void (*fold)(const RankedPlanes& planes, int patch, PixelRun run, const float* errors, const FoldShift* shifts,
                 std::size_t shift_count, const FoldTerm* terms, float* block, float* canvas);
};

extern const CountingKernel counting_avx2;
extern const CountingKernel counting_avx512;

}  // namespace perch
