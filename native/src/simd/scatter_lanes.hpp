#pragma once

#include <cstddef>

#include "planes/stencil.hpp"

// Internal linkage: this header is compiled for several instruction sets, which must not share code.
namespace perch {
namespace {

/// Applies a stencil to the summed errors of `lanes` consecutive pixels of a flattened plane.
///
/// @param errors [T*T][lanes]
/// @param target_at target_at(dy, dx): the sums of the pixels at that offset
template <int lanes, class TargetAt>
void scatter_lanes(const float* errors, const StencilOffset* offsets, std::size_t offset_count, const Tap* taps,
                   const TargetAt& target_at) {
    for (std::size_t s = 0; s < offset_count; s++) {
        float sum[lanes] = {};
        for (int t = offsets[s].first; t < offsets[s].first + offsets[s].count; t++) {
            const float* error = errors + taps[t].position * lanes;
            for (int lane = 0; lane < lanes; lane++) sum[lane] += taps[t].weight * error[lane];
        }
        float* target = target_at(offsets[s].dy, offsets[s].dx);
        for (int lane = 0; lane < lanes; lane++) target[lane] += sum[lane];
    }
}

}  // namespace
}  // namespace perch
