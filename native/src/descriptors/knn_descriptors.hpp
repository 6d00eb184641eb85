#pragma once

#include <vector>

#include "descriptors/descriptors.hpp"

namespace perch {

/// For each position the mean of the `count` smallest costs against all positions, itself included.
///
/// @param count at most the number of positions
///
/// With D planes: cost O(D (H W)^2), memory O(D H W).
void nearest_descriptors(const FeatureMap& features, const Descriptors& descriptors, int count, std::vector<double>& costs, const Execution& execution);

}  // namespace perch
