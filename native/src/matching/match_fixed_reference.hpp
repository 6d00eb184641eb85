#pragma once

#include <vector>

#include "planes/stencil.hpp"
#include "perch/execution.hpp"
#include "perch/feature_map.hpp"

namespace perch {

/// The core that SWW and FCA share (paper, 3.2): in each window and channel the sorted values are matched by rank with the
/// sorted reference; the errors |value - match|, averaged over channels, are folded into a map. Ties rank in raster order.
///
/// @param map H x W, written
void match_windows(const FeatureMap& features, const std::vector<float>& reference, int patch, const Fold& fold, float* map,
                   const Execution& execution);

}  // namespace perch
