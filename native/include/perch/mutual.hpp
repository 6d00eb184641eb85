#pragma once

#include <vector>

#include "perch/execution.hpp"
#include "perch/feature_map.hpp"

namespace perch {

/// The scales at which images are compared with each other: each side of the neighborhoods, in each layer.
struct MutualScales {
    /// Odd, ascending, 1 to max_neighborhood.
    std::vector<int> sides{1};
    /// Groups of equally many channels, which are compared separately.
    int layers = 1;

    std::size_t count() const { return sides.size() * std::size_t(layers); }
};

constexpr int max_neighborhood = 9;

/// Mutual scoring, the comparison of pairs: the Euclidean distance of each patch to the nearest patch of another image,
/// on the means of the side x side neighborhoods inside the image. The nearest patch is chosen by inner products in
/// float32, and its distance is computed from the differences; if it is below 7 % of the lengths, the patch is chosen again
/// by differences.
///
/// @param others images with as many channels; their sizes may differ
/// @return for each other image: the distances of the image's patches to it (scales x H W), then those of its patches
/// to the image; scales in the order of layers, then sides
/// @throws InvalidFeatures, InvalidArgument, Canceled
///
/// Cost O(C) per pair of patches, whatever the sides: the inner products of means are sums of those of the features.
/// Memory per thread: about (sides + 2) copies of an image's features, and 32 MiB.
std::vector<float> mutual_distances(const FeatureMap& image, const std::vector<FeatureMap>& others,
                                    const MutualScales& scales, const Execution& execution);

}  // namespace perch
