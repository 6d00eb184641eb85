#pragma once

#include <vector>

#include "perch/execution.hpp"
#include "perch/feature_map.hpp"
#include "perch/image_references.hpp"
#include "perch/rows.hpp"
#include "simd/value_range_kernel.hpp"

namespace perch {

constexpr int min_patch_size = 3, max_patch_size = 31;
/// Scratch memory is allocated for each thread, so an unreasonable number would exhaust the memory.
constexpr int max_threads = 1024;

/// @throws InvalidArgument unless T is odd, 3 to 31, and the map has channels, is at least T x T and its padded plane
/// has
///         fewer than 2^31 pixels
void require_shape(const FeatureMap& features, int patch_size);

/// @throws InvalidArgument unless the reference has C lists of T*T finite ascending values
void require_reference(const FeatureMap& features, int patch_size, const std::vector<float>& reference);

/// @throws InvalidArgument unless there is at least one reference and every index is inside the map
void require_references(const FeatureMap& features, const PatchReferences& references);
void require_references(const FeatureMap& features, const DescriptorReference& reference);

/// @throws InvalidArgument unless the numbers ascend and every tile is inside the map
void require_tiles(const FeatureMap& features, int patch_size, const std::vector<std::uint32_t>& tiles);

/// @throws InvalidArgument unless a standard deviation is finite and above zero (or zero, if allowed)
void require_sigma(const char* name, double sigma, bool zero_allowed);

/// Reads every feature once. Cost O(C H W).
///
/// @returns the range of each channel
/// @throws InvalidFeatures, which names the first value that is not finite
std::vector<ValueRange> require_finite(const FeatureMap& features, const Execution& execution);

/// @throws InvalidFeatures, which names the first value whose magnitude is above max_compared_feature or that is NaN
void require_comparable(const float* values, std::size_t count);

/// The instruction set to use; never `automatic`.
/// @throws InvalidArgument if this machine lacks the requested one, or threads is not 1 to 1024
Isa resolve_isa(const Execution& execution);

}  // namespace perch
