#pragma once

#include <map>
#include <vector>

namespace perch {

/// The weight of the matching error at one position of a patch, `position` = i*T + j.
struct Tap {
    int position;
    float weight;
};

/// A target pixel relative to the source pixel, `dy` rows down and `dx` columns right, and the range of taps that are
/// summed there: `count` taps from index `first`.
struct StencilOffset {
    int dy, dx;
    int first, count;
};

/// A part of a stencil along one axis: the error at `position` of a patch goes to the pixel `offset` further.
struct AxisTap {
    int offset, position;
    float weight;
};

/// The weights of a stencil along one axis, by offset and position.
using AxisWeights = std::map<int, std::map<int, double>>;

/// How a statistic turns matching errors into a map. FCA and SWW are linear in the errors, so the errors are first
/// summed over channels for each pixel and each position of the pixel in a patch; the stencil then scatters these sums
/// to pixels. It is the product of two equal stencils along the axes.
///
/// Example, SWW with T = 3: the error at position (0, 0) belongs to the patch whose center is one row down and one
/// column right, so the stencil has the offset (1, 1) with one tap {position 0, weight g(0) * g(0)}.
///
/// A target pixel always lies in the same patch as its source pixel.
struct Stencil {
    std::vector<StencilOffset> offsets;
    std::vector<Tap> taps;
    std::vector<AxisTap> axis;  ///< by ascending offset

    Stencil() = default;

    Stencil(const AxisWeights& weights, int patch_size) {
        for (const auto& [dy, rows] : weights) {
            for (const auto& [row, weight] : rows) axis.push_back({dy, row, float(weight)});
            for (const auto& [dx, columns] : weights) {
                add_offset(dy, dx);
                for (const auto& [row, row_weight] : rows) {
                    for (const auto& [column, column_weight] : columns) {
                        add_tap(row * patch_size + column, row_weight * column_weight);
                    }
                }
            }
        }
    }

    void add_offset(int dy, int dx) { offsets.push_back({dy, dx, int(taps.size()), 0}); }
    /// Adds a tap to the last offset.
    void add_tap(int position, double weight) {
        taps.push_back({position, float(weight)});
        offsets.back().count++;
    }
};

}  // namespace perch
