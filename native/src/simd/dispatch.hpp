#pragma once

#include "simd/difference_kernel.hpp"
#include "perch/execution.hpp"

namespace perch {

/// What the code path offers; `isa` is not `automatic`.
const DifferenceKernel& difference_kernel(Isa isa);

}  // namespace perch
