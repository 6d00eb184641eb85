#pragma once

#include <functional>
#include <vector>

#include "perch/execution.hpp"
#include "perch/feature_map.hpp"
#include "perch/image_references.hpp"

namespace perch {

/// The difference of two descriptors in one plane: |a - b| or (a - b)^2.
enum class Distance { absolute, squared };

/// The descriptor of a position: planes that are computed from each channel and blurred with a Gaussian over the patch.
struct DescriptorSpec {
    int patch_size;
    double sigma;
    int planes_per_channel;
    Distance distance;
    /// Writes plane `index` of a channel (H x W), before the blur.
    std::function<void(int channel, int index, std::vector<double>& plane)> transform;
};

/// Compares the descriptor of each position with the reference: the sum of the differences over all planes.
///
/// @param scale factor of the sum
/// @param map H x W, written
/// @throws InvalidFeatures, InvalidArgument, Canceled
///
/// With D planes in total: GlobalMean costs O(D H W T); PatchIndices and AllPatches the same, plus O(D H W log
/// references) for the absolute distance; NearestPatches O(D (H W)^2). Memory: 16 planes of float64; for NearestPatches
/// all D planes in float32.
void compare_descriptors(const FeatureMap& features, const DescriptorSpec& descriptors,
                         const DescriptorReference& reference, double scale, float* map, const Execution& execution);

}  // namespace perch
