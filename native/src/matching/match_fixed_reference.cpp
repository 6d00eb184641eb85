#include "matching/match_fixed_reference.hpp"

#include "matching/rank_match_scalar.hpp"
#include "matching/rank_match_simd.hpp"
#include "planes/accumulator.hpp"
#include "simd/dispatch.hpp"
#include "validation/validation.hpp"

namespace perch {

void match_fixed_reference(const FeatureMap& features, const std::vector<float>& reference, int patch_size,
                           const Stencil& stencil, float* map, const Execution& execution) {
    require_shape(features, patch_size);
    require_reference(features, patch_size, reference);
    const Isa isa = resolve_isa(execution);
    require_finite(features, execution);
    Accumulator accumulator(features.height, features.width, patch_size);
    if (const RankMatchKernel* kernel = rank_match_kernel(isa, patch_size)) {
        rank_match_simd(features, reference, patch_size, stencil, *kernel, accumulator, execution);
    } else {
        rank_match_scalar(features, reference, patch_size, stencil, accumulator, execution);
    }
    accumulator.crop(1.0 / features.channels, map);
}

}  // namespace perch
