#pragma once

#include <vector>

#include "perch/execution.hpp"
#include "perch/feature_map.hpp"

namespace perch {

/// The reference that minimises the summed Wasserstein distance to all tiles of the image (paper, eq. 7): the map is cut
/// into non-overlapping T x T tiles, dropping the remainder; each tile's values are sorted per channel; per rank the lower
/// median over the tiles is taken.
///
/// @param patch T, odd, 3 to 31, not larger than the map
/// @return C ascending lists of T*T values
/// @throws InvalidFeatures, InvalidArgument, Cancelled
std::vector<float> median_reference(const FeatureMap& features, int patch, const Execution& execution);

}  // namespace perch
