#pragma once

#include <cstdint>
#include <vector>

#include "execution/parallel.hpp"
#include "perch/execution.hpp"
#include "perch/feature_map.hpp"

namespace perch {

/// For each patch of the map, finds its k nearest patches by 1-D Wasserstein distance (paper, 3.3), which is
/// the sum of the sorted values' differences over channels and ranks. A searched patch is its own nearest
/// neighbor. Ties go to the patches with lower indices.
///
/// Distances are computed in float32 with an error bound, and again in float64 if the bound leaves the selection
/// ambiguous (top_k_selector.hpp). So the result is exact and the same for every instruction set.
///
/// @param k 1 to the number of searched patches
/// @param among the searched patches, ascending; empty for all
/// @param progress advanced by `knn_steps` in total
/// @return [patch][k] indices y * W + x, ascending
///
/// Cost O(C T^2 (H W)^2 / 2); memory O(H W k) and 64 MiB for distances.
std::vector<std::uint32_t> knn_patches(const FeatureMap& features, int patch_size, int k,
                                       const std::vector<std::uint32_t>& among, const Execution& execution,
                                       Progress& progress);

double knn_steps(const FeatureMap& features, int patch_size);

}  // namespace perch
