#pragma once

#include "perch/feature_map.hpp"
#include "perch/image_references.hpp"

namespace perch {

/// @throws InvalidArgument unless there is at least one reference, and every chosen window is in the map
void check_references(const FeatureMap& features, const SampleWindows& references);
void check_references(const FeatureMap& features, const VectorReference& reference);

}  // namespace perch
