#include "matching/match_fixed_reference.hpp"

#include "validation/validation.hpp"
#include "matching/rank_match_simd.hpp"
#include "matching/rank_match_scalar.hpp"
#include "planes/tiles.hpp"

namespace perch {
namespace {

/// The comparison counting that a code path has for a patch side; none where the sweep is to be used.
const CountingKernel* kernel_of([[maybe_unused]] Isa isa, [[maybe_unused]] int patch) {
#ifdef PERCH_X86_KERNELS
    if (patch > largest_counted_patch) return nullptr;
    if (isa == Isa::avx512) return &counting_avx512;
    if (isa == Isa::avx2) return &counting_avx2;
#endif
    return nullptr;
}

}  // namespace

void match_windows(const FeatureMap& features, const std::vector<float>& reference, int patch, const Fold& fold, float* map,
                   const Execution& execution) {
    check_shape(features, patch);
    check_reference(features, patch, reference);
    const Isa isa = check_execution(execution);
    check_values(features, execution);
    Canvas canvas(features.height, features.width, patch);
    if (const CountingKernel* kernel = kernel_of(isa, patch)) {
        count_windows(features, reference, patch, fold, *kernel, canvas, execution);
    } else {
        sweep(features, reference, patch, fold, canvas, execution);
    }
    canvas.crop(1.0 / features.channels, map);
}

}  // namespace perch
