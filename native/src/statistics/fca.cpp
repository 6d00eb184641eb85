#include "perch/fca.hpp"

#include <map>
#include <utility>

#include "matching/match_fixed_reference.hpp"
#include "matching/match_image_patches.hpp"
#include "planes/gaussian.hpp"
#include "planes/tiles.hpp"
#include "statistics/stencils.hpp"
#include "validation/validation.hpp"

namespace perch {
namespace {

constexpr int smoothing_radius = 2;

}  // namespace

Stencil fca_stencil(const FcaParameters& parameters) {
    const int patch_size = parameters.patch_size;
    const std::vector<double> weight = gaussian((patch_size - 1) / 2, parameters.sigma_p);
    const std::vector<double> kernel = gaussian(smoothing_radius, parameters.sigma_s);
    std::map<std::pair<int, int>, std::map<int, double>> weights;
    for (int i = 0; i < patch_size; i++) {
        for (int j = 0; j < patch_size; j++) {
            for (int y = -smoothing_radius; y <= smoothing_radius; y++) {
                for (int x = -smoothing_radius; x <= smoothing_radius; x++) {
                    const int row = reflect(i + y, patch_size), column = reflect(j + x, patch_size);
                    const double smoothing = kernel[y + smoothing_radius] * kernel[x + smoothing_radius];
                    if (smoothing == 0) continue;
                    weights[{i - row, j - column}][row * patch_size + column] += weight[i] * weight[j] * smoothing;
                }
            }
        }
    }
    Stencil stencil;
    for (const auto& [offset, taps] : weights) {
        stencil.add_offset(offset.first, offset.second);
        for (const auto& [position, tap] : taps) stencil.add_tap(position, tap);
    }
    return stencil;
}

void fca(const FeatureMap& features, const std::vector<float>& reference, const FcaParameters& parameters, float* map,
         const Execution& execution) {
    require_sigma("sigma_p", parameters.sigma_p, false);
    require_sigma("sigma_s", parameters.sigma_s, true);
    require_shape(features, parameters.patch_size);
    match_fixed_reference(features, reference, parameters.patch_size, fca_stencil(parameters), map, execution);
}

void fca(const FeatureMap& features, const PatchReferences& references, const FcaParameters& parameters, float* map,
         const Execution& execution) {
    require_sigma("sigma_p", parameters.sigma_p, false);
    require_sigma("sigma_s", parameters.sigma_s, true);
    require_shape(features, parameters.patch_size);
    match_image_patches(features, references, parameters.patch_size, fca_stencil(parameters), map, execution);
}

}  // namespace perch
