#pragma once

#include <vector>

#include "perch/execution.hpp"
#include "perch/feature_map.hpp"

namespace perch {

/// The average over the image's non-overlapping T x T tiles, the remainder dropped, of their sorted values (paper, Table 7,
/// ablation R).
///
/// @param patch T, odd, 3 to 31, not larger than the map
/// @return C ascending lists of T*T values
/// @throws InvalidFeatures, InvalidArgument, Cancelled
///
/// Cost O(C H W log T).
std::vector<float> mean_reference(const FeatureMap& features, int patch, const Execution& execution);

}  // namespace perch
