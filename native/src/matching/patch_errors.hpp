#pragma once

#include <cstdint>
#include <vector>

#include "execution/parallel.hpp"
#include "perch/execution.hpp"
#include "perch/feature_map.hpp"
#include "perch/image_references.hpp"
#include "planes/tiles.hpp"

namespace perch {

/// The matching errors (paper, 3.2) of a tile's patches against patches of the image: the sum of |value - match| over
/// channels and references, at each position of the patch.
///
/// @param tile the whole map for AllPatches and NearestPatches
/// @param neighbors [patch of the map][k] indices if the references are NearestPatches
/// @param progress advanced by one step for each value and reference
/// @return [patch][T*T]
///
/// Cost O(C patches T^2 references); for AllPatches O(C T^2 patches log patches).
std::vector<double> patch_errors(const FeatureMap& features, const Tile& tile, int patch_size,
                                 const PatchReferences& references, const std::vector<std::uint32_t>& neighbors,
                                 const Execution& execution, Progress& progress);

}  // namespace perch
