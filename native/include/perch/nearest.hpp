#pragma once

#include <vector>

#include "perch/execution.hpp"
#include "perch/rows.hpp"

namespace perch {

/// The Euclidean distance of each row to the nearest row of a memory. The nearest row is chosen by inner products in
/// float32, and its distance is computed from the differences; if it is below 7 % of the lengths, the row is chosen again by
/// differences.
///
/// @param memory at least one row, of the same length
/// @throws InvalidFeatures, InvalidArgument, Canceled
///
/// Cost O(count length) per row of the memory. Memory besides the arguments: about 1 MiB per thread.
std::vector<float> nearest_distances(const Rows& rows, const Rows& memory, const Execution& execution);

}  // namespace perch
