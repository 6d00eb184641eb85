#pragma once

#include <cstdint>
#include <vector>

#include "execution/parallel.hpp"
#include "perch/execution.hpp"
#include "perch/feature_map.hpp"

namespace perch {

/// For each window of the map the `count` nearest by 1-D Wasserstein distance (paper, 3.3): the sum over channels and ranks of
/// the differences of their sorted values. A window is among its own nearest; of equally near ones the first are taken.
///
/// Distances are summed in float32 with a bound of their error, and again in float64 where the bound does not decide, so the
/// outcome is exact and the same for every instruction set.
///
/// @param count at most the number of windows
/// @param progress advanced by `comparison_steps` in total
/// @return [window][count] positions y * W + x, ascending
///
/// Cost O(C T^2 (H W)^2 / 2); memory O(H W count) and 64 MiB for distances.
std::vector<std::uint32_t> nearest_windows(const FeatureMap& features, int patch, int count, const Execution& execution,
                                           Progress& progress);

double comparison_steps(const FeatureMap& features, int patch);

}  // namespace perch
