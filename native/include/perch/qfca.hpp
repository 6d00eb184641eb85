#pragma once

#include <vector>

#include "perch/execution.hpp"
#include "perch/feature_map.hpp"

namespace perch {

struct QfcaParameters {
    /// T: odd, 3 to 31, not larger than the map.
    int patch_size = 9;
    /// Standard deviation, in pixels, of the weight of a patch position in the sum over patches; > 0.
    double sigma_p = 3;
    /// Standard deviation, in pixels, of the 5 x 5 smoothing of matching errors; 0 for none.
    double sigma_s = 1;
    /// Levels per channel, 2 to 128.
    int levels = 96;
};

/// Quantized FCA: the matching error of a sample depends on its level and the cumulative histogram of the patch, so that
/// errors are computed once for each patch and level (docs/method.md, section 2). Differs from FCA by less, the more
/// levels there are.
///
/// @param reference C ascending lists of T*T values, for instance of median_reference
/// @param map H x W, written; in the unit of the features
/// @throws InvalidFeatures, InvalidArgument, Canceled
///
/// Cost O(C H W levels): the histograms slide, and only the separable weights, a small part, grow with T. Memory besides
/// the arguments: at most 3 MiB for each thread, 8 KiB for each channel.
void qfca(const FeatureMap& features, const std::vector<float>& reference, const QfcaParameters& parameters, float* map,
          const Execution& execution);

}  // namespace perch
