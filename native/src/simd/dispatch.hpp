#pragma once

#include "perch/execution.hpp"
#include "simd/difference_kernel.hpp"
#include "simd/inner_product_kernel.hpp"
#include "simd/median_kernel.hpp"
#include "simd/qfca_kernel.hpp"
#include "simd/rank_match_kernel.hpp"
#include "simd/value_range_kernel.hpp"

// Selects the variant of each kernel for an instruction set. `isa` must not be `automatic` (see resolve_isa).
namespace perch {

const DifferenceKernel& difference_kernel(Isa isa);

const InnerProductKernel& inner_product_kernel(Isa isa);

const MedianKernel& median_kernel(Isa isa);

const QfcaKernel& qfca_kernel(Isa isa);

ValueRangeKernel value_range_kernel(Isa isa);

/// Null if the instruction set or the patch size has no kernel, in which case rank_match_scalar is used.
const RankMatchKernel* rank_match_kernel(Isa isa, int patch_size);

}  // namespace perch
