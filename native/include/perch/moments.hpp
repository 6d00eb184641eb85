#pragma once

#include "perch/execution.hpp"
#include "perch/feature_map.hpp"
#include "perch/image_references.hpp"

namespace perch {

struct MomentsParameters {
    /// T: odd, 3 to 31, not larger than the map.
    int patch_size = 9;
    /// Standard deviation, in pixels, of the weight of a patch position; > 0.
    double sigma = 6;
};

/// Moments (paper, eq. 2): a patch's descriptor consists of the weighted means of the first four powers of
/// its values; the score is the mean squared difference from the reference over these 4 C numbers.
///
/// @param map H x W, written
/// @throws InvalidFeatures (also if a fourth power exceeds float32), InvalidArgument, Canceled
///
/// Cost O(C H W T); with NearestPatches O(C (H W)^2) and 16 C H W bytes.
void moments(const FeatureMap& features, const DescriptorReference& reference, const MomentsParameters& parameters,
             float* map, const Execution& execution);

/// The distances of Aota et al. (the paper's baseline), before the map is resized and blurred: the mean of the k
/// smallest squared L2 distances between the weighted means of patches, summed over channels. The authors use sigma =
/// 100.
///
/// @param map H x W, written; in squared units of the features
/// @throws InvalidFeatures, InvalidArgument, Canceled
///
/// Cost O(C (H W)^2); memory 4 C H W bytes.
void knn_mean_distances(const FeatureMap& features, const NearestPatches& neighbors,
                        const MomentsParameters& parameters, float* map, const Execution& execution);

}  // namespace perch
