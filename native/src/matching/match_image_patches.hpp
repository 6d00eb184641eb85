#pragma once

#include "planes/stencil.hpp"
#include "perch/execution.hpp"
#include "perch/feature_map.hpp"
#include "perch/image_references.hpp"

namespace perch {

/// The core that SWW and FCA share, where references are windows of the image itself: the matching errors of each window
/// against its references, averaged over channels, are folded into a map.
///
/// @param map H x W, written
/// @throws InvalidFeatures, InvalidArgument, Cancelled
void match_windows(const FeatureMap& features, const SampleWindows& references, int patch, const Fold& fold, float* map,
                   const Execution& execution);

}  // namespace perch
