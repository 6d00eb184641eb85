#pragma once

#include <vector>

#include "arguments.hpp"
#include "counting_kernel.hpp"
#include "fold.hpp"
#include "perch/execution.hpp"
#include "perch/feature_map.hpp"
#include "tiles.hpp"

namespace perch {

/// As sweep, by comparison counting: ranks are exact, errors are summed as 16-bit fractions of the widest channel's range.
///
/// @param patch at most largest_counted_patch
/// @param limits of each channel's values
void count_windows(const FeatureMap& features, const std::vector<Limits>& limits, const std::vector<float>& reference,
                   int patch, const Fold& fold, const CountingKernel& kernel, Canvas& canvas, const Execution& execution);

}  // namespace perch
