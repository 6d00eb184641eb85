#include "perch/sww.hpp"

#include "validation/validation.hpp"
#include "planes/stencil.hpp"
#include "matching/match_fixed_reference.hpp"
#include "matching/match_image_patches.hpp"

namespace perch {
namespace {

/// The error at each position goes to the centre of its window.
Fold fold_of(const SwwParameters& parameters) {
    const int patch = parameters.patch, half = (patch - 1) / 2;
    const std::vector<double> weight = gaussian(half, parameters.sigma);
    Fold fold;
    for (int i = 0; i < patch; i++) {
        for (int j = 0; j < patch; j++) {
            fold.add_shift(half - i, half - j);
            fold.add_term(i * patch + j, weight[i] * weight[j]);
        }
    }
    return fold;
}

}  // namespace

void sww(const FeatureMap& features, const std::vector<float>& reference, const SwwParameters& parameters, float* map,
         const Execution& execution) {
    check_spread("sigma", parameters.sigma, false);
    check_shape(features, parameters.patch);
    match_windows(features, reference, parameters.patch, fold_of(parameters), map, execution);
}

void sww(const FeatureMap& features, const SampleWindows& references, const SwwParameters& parameters, float* map,
         const Execution& execution) {
    check_spread("sigma", parameters.sigma, false);
    check_shape(features, parameters.patch);
    match_windows(features, references, parameters.patch, fold_of(parameters), map, execution);
}

}  // namespace perch
