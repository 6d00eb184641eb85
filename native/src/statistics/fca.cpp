#include "perch/fca.hpp"

#include <map>
#include <utility>

#include "validation/validation.hpp"
#include "planes/stencil.hpp"
#include "matching/match_fixed_reference.hpp"
#include "matching/match_image_patches.hpp"

namespace perch {
namespace {

constexpr int smoothing_radius = 2;

/// Smoothing takes the error at `from` to the position `to` of the same window, at most two rows and columns away, where it
/// is weighted by the distance of `to` from the window's centre.
Fold fold_of(const FcaParameters& parameters) {
    const int patch = parameters.patch;
    const std::vector<double> weight = gaussian((patch - 1) / 2, parameters.sigma_p);
    const std::vector<double> kernel = gaussian(smoothing_radius, parameters.sigma_s);
    std::map<std::pair<int, int>, std::map<int, double>> weights;
    for (int i = 0; i < patch; i++) {
        for (int j = 0; j < patch; j++) {
            for (int y = -smoothing_radius; y <= smoothing_radius; y++) {
                for (int x = -smoothing_radius; x <= smoothing_radius; x++) {
                    const int row = reflect(i + y, patch), column = reflect(j + x, patch);
                    const double smoothing = kernel[y + smoothing_radius] * kernel[x + smoothing_radius];
                    if (smoothing == 0) continue;
                    weights[{i - row, j - column}][row * patch + column] += weight[i] * weight[j] * smoothing;
                }
            }
        }
    }
    Fold fold;
    for (const auto& [shift, terms] : weights) {
        fold.add_shift(shift.first, shift.second);
        for (const auto& [position, term] : terms) fold.add_term(position, term);
    }
    return fold;
}

}  // namespace

void fca(const FeatureMap& features, const std::vector<float>& reference, const FcaParameters& parameters, float* map,
         const Execution& execution) {
    check_spread("sigma_p", parameters.sigma_p, false);
    check_spread("sigma_s", parameters.sigma_s, true);
    check_shape(features, parameters.patch);
    match_windows(features, reference, parameters.patch, fold_of(parameters), map, execution);
}

void fca(const FeatureMap& features, const SampleWindows& references, const FcaParameters& parameters, float* map,
         const Execution& execution) {
    check_spread("sigma_p", parameters.sigma_p, false);
    check_spread("sigma_s", parameters.sigma_s, true);
    check_shape(features, parameters.patch);
    match_windows(features, references, parameters.patch, fold_of(parameters), map, execution);
}

}  // namespace perch
