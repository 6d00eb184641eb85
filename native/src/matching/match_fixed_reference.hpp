#pragma once

#include <vector>

#include "perch/execution.hpp"
#include "perch/feature_map.hpp"
#include "planes/stencil.hpp"

namespace perch {

/// The common part of SWW and FCA (paper, 3.2) for one reference: in each patch and channel the sorted values are
/// matched by rank with the sorted reference; the stencil scatters the errors |value - match|, averaged over channels,
/// to the map. Equal values rank in raster order.
///
/// Selects `rank_match_simd` if the instruction set has a kernel for the patch size, else `rank_match_scalar`.
///
/// @param reference C ascending lists of T*T values
/// @param map H x W, written
/// @throws InvalidFeatures, InvalidArgument, Canceled
void match_fixed_reference(const FeatureMap& features, const std::vector<float>& reference, int patch_size,
                           const Stencil& stencil, float* map, const Execution& execution);

}  // namespace perch
