#include "simd/value_range_loops.hpp"

namespace perch {

const ValueRangeKernel value_range_portable = value_range;

}  // namespace perch
