#pragma once

#include <cstdint>
#include <vector>

#include "execution/parallel.hpp"
#include "perch/execution.hpp"
#include "perch/feature_map.hpp"
#include "perch/image_references.hpp"
#include "planes/tiles.hpp"

namespace perch {

/// The matching errors (paper, 3.2) of a tile's windows against windows of the image: the sum of |value - match| over channels
/// and references, at each position of the window.
///
/// @param neighbours [window of the map][count] positions, where the reference is NearestWindows; the tile is then the map, and
///        so it is for AllWindows
/// @param progress advanced by one step for each value matched with one reference
/// @return [window][T*T]
///
/// Cost O(C windows T^2 references), and for AllWindows O(C T^2 windows log windows).
std::vector<double> window_errors(const FeatureMap& features, const Tile& tile, int patch, const SampleWindows& references,
                                  const std::vector<std::uint32_t>& neighbours, const Execution& execution, Progress& progress);

}  // namespace perch
