#include "simd/median_loops.hpp"

namespace perch {

const MedianKernel median_avx2{sort_batch, select_kth};

}  // namespace perch
