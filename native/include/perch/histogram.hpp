#pragma once

#include "perch/execution.hpp"
#include "perch/feature_map.hpp"
#include "perch/image_references.hpp"

namespace perch {

struct HistogramParameters {
    /// Side T of the patches: odd, 3 to 31, not larger than the map.
    int patch = 9;
    /// Spread of the weight that a position of the patch has, > 0.
    double sigma = 6;
    /// Bins a channel, 2 to 256, over the range of its values in the image.
    int bins = 10;
};

/// Histograms (paper, eq. 3): a patch is described by the weighted histogram of each channel; the score is the 1-D earth
/// mover's distance from the reference in bins, as a fraction of them, averaged over channels.
///
/// @param map H x W, written
/// @throws InvalidFeatures, InvalidArgument, Cancelled
///
/// Cost O(C bins H W T); with NearestWindows O(C bins (H W)^2) and 4 C bins H W bytes.
void histogram(const FeatureMap& features, const VectorReference& reference, const HistogramParameters& parameters, float* map,
               const Execution& execution);

}  // namespace perch
