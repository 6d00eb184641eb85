#pragma once

#include <vector>

#include "perch/execution.hpp"
#include "perch/feature_map.hpp"
#include "perch/image_references.hpp"

namespace perch {

struct SwwParameters {
    /// T: odd, 3 to 31, not larger than the map.
    int patch_size = 9;
    /// Standard deviation, in pixels, of the weight of a patch position in the patch's score; > 0.
    double sigma = 6;
};

/// Sample-weighted Wasserstein distance (paper, eq. 4): the score of a position is the Gaussian-weighted sum of the
/// matching errors in its patch, averaged over channels. Patches at the border see the features reflected.
///
/// @param reference C ascending lists of T*T values, for instance of median_reference
/// @param map H x W, written; in the unit of the features
/// @throws InvalidFeatures, InvalidArgument, Canceled
///
/// Cost and memory as for fca.
void sww(const FeatureMap& features, const std::vector<float>& reference, const SwwParameters& parameters, float* map,
         const Execution& execution);

/// SWW with references from the image itself. Errors against several references are summed, or averaged for
/// NearestPatches. Cost and memory as for fca.
void sww(const FeatureMap& features, const PatchReferences& references, const SwwParameters& parameters, float* map,
         const Execution& execution);

}  // namespace perch
