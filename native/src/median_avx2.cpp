#include "median_strips.hpp"

namespace perch {

const MedianKernel median_avx2{sort_strip, select};

}  // namespace perch
