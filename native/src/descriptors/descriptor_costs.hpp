#pragma once

#include <vector>

#include "descriptors/descriptors.hpp"

namespace perch {

/// Adds to costs (H x W), for each position, the differences in one plane from the reference, which is not NearestWindows.
/// Several references add up.
void add_plane_costs(const std::vector<float>& plane, Metric metric, const VectorReference& reference,
                     std::vector<double>& costs);

}  // namespace perch
