#include "simd/value_range_loops.hpp"

namespace perch {

const ValueRangeKernel value_range_avx2 = value_range;

}  // namespace perch
