#pragma once

#include <vector>

#include "simd/median_kernel.hpp"

namespace perch {

/// A sorting network for lists of `size` entries: Batcher's merge exchange (Knuth, TAOCP vol. 3, 5.2.2, Algorithm M).
/// O(size log^2 size) comparators.
std::vector<Comparator> sorting_network(int size);

}  // namespace perch
