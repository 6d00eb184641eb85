#pragma once

#include <vector>

#include "matching/binade_shift.hpp"
#include "perch/execution.hpp"
#include "perch/feature_map.hpp"
#include "planes/accumulator.hpp"
#include "planes/stencil.hpp"
#include "simd/rank_match_kernel.hpp"

namespace perch {

/// Computes what rank_match_scalar computes, with the channels added in the same order, but counts ranks by SIMD
/// comparisons (simd/rank_match_loops.hpp).
///
/// Cost O(C H W T^2), several times faster than rank_match_scalar.
///
/// @param shifts the shift of each channel's values and reference
/// @param patch_size at most max_simd_patch_size
void rank_match_simd(const FeatureMap& features, const std::vector<float>& reference,
                     const std::vector<BinadeShift>& shifts, int patch_size, const Stencil& stencil,
                     const RankMatchKernel& kernel, Accumulator& accumulator, const Execution& execution);

}  // namespace perch
