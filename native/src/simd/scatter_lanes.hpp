#pragma once

#include <cstddef>

#include "planes/stencil.hpp"

// Internal linkage: this header is compiled for several instruction sets, which must not share code.
namespace perch {
namespace {

/// Folds the summed errors of `lanes` consecutive pixels of a flattened plane onto a canvas of the same layout.
///
/// @param errors [T*T][lanes]
/// @param canvas the place of the first pixel; `stride` is the length of a row
template <int lanes>
void fold_lanes(const float* errors, const FoldShift* shifts, std::size_t shift_count, const FoldTerm* terms,
                std::ptrdiff_t stride, float* canvas) {
    for (std::size_t s = 0; s < shift_count; s++) {
        float sum[lanes] = {};
        for (int t = shifts[s].first; t < shifts[s].first + shifts[s].count; t++) {
            const float* error = errors + terms[t].position * lanes;
            for (int lane = 0; lane < lanes; lane++) sum[lane] += terms[t].weight * error[lane];
        }
        float* place = canvas + shifts[s].dy * stride + shifts[s].dx;
        for (int lane = 0; lane < lanes; lane++) place[lane] += sum[lane];
    }
}

}  // namespace
}  // namespace perch
