#pragma once

#include <cstdint>
#include <vector>

#include "nearest/layer_planes.hpp"
#include "perch/execution.hpp"

namespace perch {

/// The Euclidean distance of each position to its partner in another image, from the differences of their means.
/// @param scale index of the neighborhoods
/// @param partners for each index in the planes of `from`, an index in those of `to`
/// A partner whose distance is small relative to the features' lengths is found again by differences, because inner
/// products cannot rank such distances.
/// @param distances H x W, written
void direct_distances(const LayerPlanes& from, const LayerPlanes& to, std::size_t scale,
                      const std::vector<std::int32_t>& partners, const Execution& execution, float* distances);

}  // namespace perch
