#pragma once

#include <vector>

#include "perch/execution.hpp"
#include "perch/feature_map.hpp"
#include "perch/image_references.hpp"

namespace perch {

struct FcaParameters {
    /// T: odd, 3 to 31, not larger than the map.
    int patch_size = 9;
    /// Standard deviation, in pixels, of the weight of a patch position in the sum over patches; > 0.
    double sigma_p = 3;
    /// Standard deviation, in pixels, of the 5 x 5 smoothing of matching errors inside the patch; 0 for none.
    double sigma_s = 1;
};

/// Feature Correspondence Analysis (paper, eq. 5 and 6): the matching errors of each patch, averaged over channels, are
/// smoothed inside the patch, weighted towards its center, and added to the map at their positions. Patches at the
/// border see the features reflected.
///
/// @param reference C ascending lists of T*T values, for instance of median_reference
/// @param map H x W, written; in the unit of the features
/// @throws InvalidFeatures, InvalidArgument, Canceled
///
/// Cost O(C H W T^2). Memory besides the arguments: at most about 48 MiB and 12 bytes for each position; from T = 17
/// on, and with Isa::portable, 15 MiB for each thread instead.
void fca(const FeatureMap& features, const std::vector<float>& reference, const FcaParameters& parameters, float* map,
         const Execution& execution);

/// FCA with references from the image itself. Errors against several references are summed, or averaged for
/// NearestPatches.
///
/// Cost with N = H W patches: PatchIndices O(C N T^2 references), AllPatches O(C N T^2 log N), NearestPatches
/// O(C N T^2 (N / 2 + k)). Memory: as with one reference for PatchIndices, else O(N T^2), plus O(N k) for
/// NearestPatches.
void fca(const FeatureMap& features, const PatchReferences& references, const FcaParameters& parameters, float* map,
         const Execution& execution);

}  // namespace perch
