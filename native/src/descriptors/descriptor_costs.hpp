#pragma once

#include <vector>

#include "descriptors/descriptors.hpp"

namespace perch {

/// Adds the difference of each position from the reference in one descriptor plane to costs (H x W). With
/// several references, adds the sum of the differences.
///
/// @param reference not NearestPatches
///
/// Cost O(H W), for absolute differences from several references O((H W + references) log references).
void add_descriptor_costs(const std::vector<float>& plane, Distance distance, const DescriptorReference& reference,
                          std::vector<double>& costs);

}  // namespace perch
