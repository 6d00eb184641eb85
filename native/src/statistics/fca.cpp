#include "perch/fca.hpp"

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
    AxisWeights weights;
    for (int i = 0; i < patch_size; i++) {
        for (int y = -smoothing_radius; y <= smoothing_radius; y++) {
            const int row = reflect(i + y, patch_size);
            const double smoothing = kernel[y + smoothing_radius];
            if (smoothing != 0) weights[i - row][row] += weight[i] * smoothing;
        }
    }
    return {weights, patch_size};
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
