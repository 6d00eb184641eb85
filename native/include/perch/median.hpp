#pragma once

#include <cstdint>
#include <vector>

#include "perch/execution.hpp"
#include "perch/feature_map.hpp"

namespace perch {

/// The median reference (paper, eq. 7), which minimizes the summed Wasserstein distance to all tiles of the image. The
/// map is divided into non-overlapping T x T tiles, without the remainder; the values of each tile are sorted for each
/// channel; at each rank the lower median over the tiles is selected.
///
/// @param patch_size T, odd, 3 to 31, not larger than the map
/// @param tiles the tiles to use, numbered row by row, ascending; empty for all
/// @return C ascending lists of T*T values
/// @throws InvalidFeatures, InvalidArgument, Canceled
///
/// Cost O(C H W log^2 T) for the sorting networks; memory 4 H W bytes for each thread.
std::vector<float> median_reference(const FeatureMap& features, int patch_size, const Execution& execution,
                                    const std::vector<std::uint32_t>& tiles = {});

}  // namespace perch
