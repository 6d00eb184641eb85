#pragma once

#include <vector>

#include "perch/execution.hpp"
#include "perch/feature_map.hpp"
#include "perch/rows.hpp"

namespace perch {

/// The squared length of each position's features, minus a mean, along orthonormal directions.
///
/// @param mean C values
/// @param directions rows of length C
/// @param map H x W, written
/// @throws InvalidFeatures, InvalidArgument, Canceled
///
/// Cost O(C H W) per direction.
void residual_energy(const FeatureMap& features, const std::vector<double>& mean, const Rows& directions, float* map,
                     const Execution& execution);

}  // namespace perch
