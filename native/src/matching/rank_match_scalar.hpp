#pragma once

#include <vector>

#include "perch/execution.hpp"
#include "perch/feature_map.hpp"
#include "planes/accumulator.hpp"
#include "planes/stencil.hpp"

namespace perch {

/// Scatters the matching errors of all patches, summed over channels, to the accumulator. Portable C++ for every T;
/// exact in float32.
///
/// The pixels of a tile are visited in ascending order of their values, and each patch counts its visited pixels: when
/// a pixel is visited, the count of a patch is the rank of the pixel in that patch.
///
/// Example in one dimension with T = 3, pixels 4 1 3 2 and the patches A = (4 1 3) and B = (1 3 2): visiting 1 finds
/// the counts A 0, B 0; visiting 2 finds B 1; visiting 3 finds A 1, B 2; visiting 4 finds A 2. These are the ranks.
///
/// Cost O(C H W T^2); memory O(T^2) for each pixel of a tile and thread.
void rank_match_scalar(const FeatureMap& features, const std::vector<float>& reference, int patch_size,
                       const Stencil& stencil, Accumulator& accumulator, const Execution& execution);

}  // namespace perch
