#pragma once

#include <vector>

#include "perch/fca.hpp"
#include "perch/feature_map.hpp"
#include "perch/sww.hpp"

// The definitions, window by window, in float64.
namespace perch::testing {

std::vector<float> naive_median_reference(const FeatureMap& features, int patch);
std::vector<float> naive_fca(const FeatureMap& features, const std::vector<float>& reference, const FcaParameters& parameters);
std::vector<float> naive_sww(const FeatureMap& features, const std::vector<float>& reference, const SwwParameters& parameters);

}  // namespace perch::testing
