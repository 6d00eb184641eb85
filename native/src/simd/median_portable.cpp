#include "simd/median_loops.hpp"

namespace perch {

const MedianKernel median_portable{sort_batch, select_kth};

}  // namespace perch
