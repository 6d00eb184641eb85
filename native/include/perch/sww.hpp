#pragma once

#include <vector>

#include "perch/execution.hpp"
#include "perch/feature_map.hpp"
#include "perch/image_references.hpp"

namespace perch {

struct SwwParameters {
    /// Side T of the windows: odd, 3 to 31, not larger than the map.
    int patch = 9;
    /// Spread of the weight that a position of the window has in the window's score, > 0.
    double sigma = 6;
};

/// Sample-weighted Wasserstein distance (paper, eq. 4): the score of a position is the Gaussian-weighted sum of the
/// matching errors in its window, averaged over channels. Windows at the border see the features reflected.
///
/// @param reference C ascending lists of T*T values (for instance median_reference)
/// @param map H x W, written
/// @throws InvalidFeatures, InvalidArgument, Cancelled
///
/// Cost as for fca.
void sww(const FeatureMap& features, const std::vector<float>& reference, const SwwParameters& parameters, float* map,
         const Execution& execution);

/// The same with references from the image itself; errors against several references are summed, or averaged where they are the
/// nearest ones.
///
/// With N = H W windows: ChosenWindows costs O(C N T^2 references) and as much memory as one reference; AllWindows
/// O(C N T^2 log N), NearestWindows O(C N T^2 (N / 2 + count)). Their memory is O(N T^2), and O(N count) for the neighbours.
void sww(const FeatureMap& features, const SampleWindows& references, const SwwParameters& parameters, float* map,
         const Execution& execution);

}  // namespace perch
