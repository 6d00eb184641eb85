#pragma once

#include <functional>
#include <vector>

#include "perch/execution.hpp"
#include "perch/feature_map.hpp"
#include "perch/image_references.hpp"

namespace perch {

/// How two descriptors are compared, plane by plane.
enum class Metric { absolute, squared };

/// What a statistic describes a position by: planes derived from each channel's values and blurred over the patch.
struct Descriptors {
    int patch;
    double sigma;
    int planes_per_channel;
    Metric metric;
    /// Writes plane `index` of a channel (H x W) before the blur.
    std::function<void(int channel, int index, std::vector<double>& plane)> derive;
};

/// Compares the descriptor of each position with the reference: the sum over all planes of the differences.
///
/// @param scale what the sum is multiplied with
/// @param map H x W, written
/// @throws InvalidFeatures, InvalidArgument, Cancelled
///
/// With D planes in all: GlobalMean costs O(D H W T); ChosenWindows and AllWindows as much, and for the absolute metric
/// O(D H W log references) more; NearestWindows O(D (H W)^2). Memory: 16 planes of float64; for NearestWindows all D planes
/// in float32.
void compare_descriptors(const FeatureMap& features, const Descriptors& descriptors, const VectorReference& reference,
                         double scale, float* map, const Execution& execution);

}  // namespace perch
