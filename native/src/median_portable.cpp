#include "median_strips.hpp"

namespace perch {

const MedianKernel median_portable{sort_strip, select};

}  // namespace perch
