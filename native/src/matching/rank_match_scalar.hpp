#pragma once

#include <vector>

#include "planes/stencil.hpp"
#include "perch/execution.hpp"
#include "perch/feature_map.hpp"
#include "planes/tiles.hpp"

namespace perch {

/// Folds the matching errors of all windows, summed over channels, onto the canvas, by the counting sweep: pixels are visited
/// in ascending order of their values; a pixel's rank in a window is the number of that window's pixels visited before.
/// Exact in float32, for every T and in portable C++.
void sweep(const FeatureMap& features, const std::vector<float>& reference, int patch, const Fold& fold, Canvas& canvas,
           const Execution& execution);

}  // namespace perch
