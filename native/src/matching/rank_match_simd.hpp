#pragma once

#include <vector>

#include "simd/rank_match_kernel.hpp"
#include "planes/stencil.hpp"
#include "perch/execution.hpp"
#include "perch/feature_map.hpp"
#include "planes/tiles.hpp"

namespace perch {

/// As sweep, by comparison counting: the same errors in the same order of channels, much faster.
///
/// @param patch at most largest_counted_patch
void count_windows(const FeatureMap& features, const std::vector<float>& reference, int patch, const Fold& fold,
                   const CountingKernel& kernel, Canvas& canvas, const Execution& execution);

}  // namespace perch
