#pragma once

#include <vector>

namespace perch {

/// Gaussian weights at the integer offsets -radius..radius, normalized to sum 1. A sigma of zero, or so small that its
/// square underflows, puts all weight on the center.
std::vector<double> gaussian(int radius, double sigma);

}  // namespace perch
