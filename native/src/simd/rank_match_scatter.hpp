#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "simd/rank_match_kernel.hpp"

// Rank matching, the stencil: what turns the summed errors of pixels into sums at positions. `Simd` as in
// rank_match_loops.hpp; of it, lanes and pixel_at are used.
//
// Internal linkage: this header is compiled for several instruction sets, which must not share code.
namespace perch {
namespace {

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
