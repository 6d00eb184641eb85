#pragma once

#include <vector>

#include "perch/execution.hpp"
#include "perch/feature_map.hpp"
#include "planes/accumulator.hpp"
#include "planes/stencil.hpp"
#include "simd/rank_match_kernel.hpp"
#include "simd/value_range_kernel.hpp"
#include "sorting/binade_shift.hpp"

namespace perch {

struct ChannelRange {
    ValueRange values;
    BinadeShift shift;  ///< of the values and the reference
};

/// Computes what rank_match_scalar computes, but counts ranks by SIMD comparisons (simd/rank_match_loops.hpp), and adds
/// channels with the same BinadeShift::base() one after the other.
///
/// Cost O(C H W T^2), several times faster than rank_match_scalar.
///
/// @param patch_size at most max_simd_patch_size
void rank_match_simd(const FeatureMap& features, const std::vector<float>& reference,
                     const std::vector<ChannelRange>& ranges, int patch_size, const Stencil& stencil,
                     const RankMatchKernel& kernel, Accumulator& accumulator, const Execution& execution);

}  // namespace perch
