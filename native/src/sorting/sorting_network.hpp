#pragma once

#include <vector>

#include "simd/median_kernel.hpp"

namespace perch {

/// Comparators that sort any list of `size` entries: Batcher's merge exchange (Knuth, TAOCP 3, 5.2.2, algorithm M).
std::vector<Comparator> sorting_network(int size);

}  // namespace perch
