#include "perch/sww.hpp"

#include "matching/match_fixed_reference.hpp"
#include "matching/match_image_patches.hpp"
#include "planes/gaussian.hpp"
#include "statistics/stencils.hpp"
#include "validation/validation.hpp"

namespace perch {

Stencil sww_stencil(const SwwParameters& parameters) {
    const int patch_size = parameters.patch_size, half = (patch_size - 1) / 2;
    const std::vector<double> weight = gaussian(half, parameters.sigma);
    AxisWeights weights;
    for (int i = 0; i < patch_size; i++) weights[half - i][i] = weight[i];
    return {weights, patch_size};
}

void sww(const FeatureMap& features, const std::vector<float>& reference, const SwwParameters& parameters, float* map,
         const Execution& execution) {
    require_sigma("sigma", parameters.sigma, false);
    require_shape(features, parameters.patch_size);
    match_fixed_reference(features, reference, parameters.patch_size, sww_stencil(parameters), map, execution);
}

void sww(const FeatureMap& features, const PatchReferences& references, const SwwParameters& parameters, float* map,
         const Execution& execution) {
    require_sigma("sigma", parameters.sigma, false);
    require_shape(features, parameters.patch_size);
    match_image_patches(features, references, parameters.patch_size, sww_stencil(parameters), map, execution);
}

}  // namespace perch
