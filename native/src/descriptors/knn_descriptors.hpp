#pragma once

#include <vector>

#include "descriptors/descriptors.hpp"

namespace perch {

/// For each position, computes the mean of the k smallest costs against the searched positions, including itself.
///
/// @throws InvalidFeatures, InvalidArgument (too many planes), Canceled
///
/// With D planes: cost O(D (H W)^2), memory O(D H W).
void knn_descriptor_costs(const FeatureMap& features, const DescriptorSpec& descriptors, const NearestPatches& nearest,
                          std::vector<double>& costs, const Execution& execution);

}  // namespace perch
