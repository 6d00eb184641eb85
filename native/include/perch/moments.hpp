#pragma once

#include "perch/execution.hpp"
#include "perch/feature_map.hpp"
#include "perch/image_references.hpp"

namespace perch {

struct MomentsParameters {
    /// Side T of the patches: odd, 3 to 31, not larger than the map.
    int patch = 9;
    /// Spread of the weight that a position of the patch has, > 0.
    double sigma = 6;
};

/// Moments (paper, eq. 2): a patch is described by the weighted means of the first four powers of its values; the score is the
/// mean over the 4C of them of the squared difference from the reference.
///
/// @param map H x W, written
/// @throws InvalidFeatures, InvalidArgument, Cancelled
///
/// Cost O(C H W T); with NearestWindows O(C (H W)^2) and 16 C H W bytes.
void moments(const FeatureMap& features, const VectorReference& reference, const MomentsParameters& parameters, float* map,
             const Execution& execution);

/// The distances of Aota et al. (the paper's baseline): the mean of the `neighbours` smallest squared L2 distances between the
/// weighted means of patches, summed over channels, before the map is resized and blurred. For sigma the authors take 100.
/// Cost O(C (H W)^2), memory 4 C H W bytes.
void mean_distances(const FeatureMap& features, const NearestWindows& neighbours, const MomentsParameters& parameters, float* map,
                    const Execution& execution);

}  // namespace perch
