#pragma once

#include <vector>

#include "perch/execution.hpp"
#include "perch/feature_map.hpp"

namespace perch {

/// The limits of a channel's values.
struct Limits {
    float lowest, highest;
};

/// @throws InvalidArgument unless T is odd, 3 to 31, and the map has channels and is at least T x T.
void check_shape(const FeatureMap& features, int patch);

/// @throws InvalidArgument unless the reference has C lists of T*T finite ascending values.
void check_reference(const FeatureMap& features, int patch, const std::vector<float>& reference);

/// @throws InvalidArgument unless a spread is finite and above zero (or zero, where that is allowed).
void check_spread(const char* name, double sigma, bool zero_allowed);

/// Looks at every feature once.
/// @throws InvalidFeatures naming the first that is not finite
std::vector<Limits> check_values(const FeatureMap& features, const Execution& execution);

/// The code path that `execution` stands for.
/// @throws InvalidArgument where this machine lacks it, or threads < 1
Isa check_execution(const Execution& execution);

}  // namespace perch
