#pragma once

#include <cstdint>
#include <vector>

#include "perch/execution.hpp"
#include "perch/feature_map.hpp"

namespace perch {

/// The mean reference (paper, Table 7, ablation R): at each rank, the mean over the sorted values of the
/// image's non-overlapping T x T tiles, without the remainder.
///
/// @param patch_size T, odd, 3 to 31, not larger than the map
/// @param tiles the tiles to use, numbered row by row, ascending; empty for all
/// @return C ascending lists of T*T values
/// @throws InvalidFeatures, InvalidArgument, Canceled
///
/// Cost O(C H W log T); memory 12 T^2 bytes for each thread.
std::vector<float> mean_reference(const FeatureMap& features, int patch_size, const Execution& execution,
                                  const std::vector<std::uint32_t>& tiles = {});

}  // namespace perch
