#pragma once

#include <vector>

#include "perch/execution.hpp"
#include "perch/feature_map.hpp"
#include "perch/image_references.hpp"

namespace perch {

struct FcaParameters {
    /// Side T of the windows: odd, 3 to 31, not larger than the map.
    int patch = 9;
    /// Spread of the weight that a position of the window has in the sum over windows, > 0.
    double sigma_p = 3;
    /// Spread of the 5 x 5 smoothing of matching errors inside the window; 0 for none.
    double sigma_s = 1;
};

/// Feature Correspondence Analysis (paper, eq. 5 and 6): the matching errors of each window, averaged over channels, are
/// smoothed inside it, weighted towards its centre, and added up where they lie. Windows at the border see the features
/// reflected.
///
/// @param reference C ascending lists of T*T values (for instance median_reference)
/// @param map H x W, written
/// @throws InvalidFeatures, InvalidArgument, Cancelled
///
/// Cost O(C H W T^2). Beside the arguments it takes at most about 48 MiB and 12 bytes a position; from T = 17 on, or by the
/// portable path, 15 MiB a thread instead.
void fca(const FeatureMap& features, const std::vector<float>& reference, const FcaParameters& parameters, float* map,
         const Execution& execution);

/// The same with references from the image itself; errors against several references are summed, or averaged where they are the
/// nearest ones.
///
/// With N = H W windows: ChosenWindows costs O(C N T^2 references) and as much memory as one reference; AllWindows
/// O(C N T^2 log N), NearestWindows O(C N T^2 (N / 2 + count)). Their memory is O(N T^2), and O(N count) for the neighbours.
void fca(const FeatureMap& features, const SampleWindows& references, const FcaParameters& parameters, float* map,
         const Execution& execution);

}  // namespace perch
