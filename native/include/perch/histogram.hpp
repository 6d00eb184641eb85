#pragma once

#include "perch/execution.hpp"
#include "perch/feature_map.hpp"
#include "perch/image_references.hpp"

namespace perch {

struct HistogramParameters {
    /// T: odd, 3 to 31, not larger than the map.
    int patch_size = 9;
    /// Standard deviation, in pixels, of the weight of a patch position; > 0.
    double sigma = 6;
    /// Bins of each channel, 2 to 256, over the range of its values in the image.
    int bins = 10;
};

/// Histograms (paper, eq. 3): the descriptor of a patch is the weighted histogram of each channel; the score is the 1-D
/// earth mover's distance from the reference in bins, divided by the number of bins and averaged over channels: 0 to 1
/// for one reference.
///
/// @param map H x W, written
/// @throws InvalidFeatures, InvalidArgument, Canceled
///
/// Cost O(C bins H W T); with NearestPatches O(C bins (H W)^2) and 4 C bins H W bytes.
void histogram(const FeatureMap& features, const DescriptorReference& reference, const HistogramParameters& parameters,
               float* map, const Execution& execution);

}  // namespace perch
