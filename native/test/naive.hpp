#pragma once

#include <vector>

#include "perch/fca.hpp"
#include "perch/feature_map.hpp"
#include "perch/sww.hpp"

// The definitions of the statistics, computed patch by patch in float64.
namespace perch::testing {

std::vector<float> naive_median_reference(const FeatureMap& features, int patch_size);
std::vector<float> naive_fca(const FeatureMap& features, const std::vector<float>& reference,
                             const FcaParameters& parameters);
std::vector<float> naive_sww(const FeatureMap& features, const std::vector<float>& reference,
                             const SwwParameters& parameters);

}  // namespace perch::testing
