#pragma once

#include <cstdint>
#include <functional>

#include "memory/aligned_vector.hpp"
#include "perch/execution.hpp"
#include "simd/difference_kernel.hpp"

namespace perch {

/// The squared distance, as a fraction of the sum of the squared lengths, below which inner products in float32 may
/// choose a partner that is farther away by more than 3e-5 of the distance.
constexpr double doubtful_distance = 0.005;

/// Writes a panel of columns, [dimension][panel_width], and which of its columns count.
using PackPanel = std::function<void(int panel, float* columns, bool* counts)>;

/// Finds the nearest columns of a few rows by differences. Slower than by inner products, but exact to float32.
class DifferenceSearch {
public:
    DifferenceSearch(int dimensions, Isa isa);

    /// The panel of rows, [dimension][panel_width], to fill before the search.
    float* rows() { return rows_.data(); }

    /// @param count number of rows
    /// @param nearest index of the nearest column of each row, written; the first of equal ones
    void find(int count, int panels, const PackPanel& pack, std::int32_t* nearest);

private:
    const int dimensions_;
    const DifferenceKernel& kernel_;
    AlignedVector<float> rows_, columns_, sums_;
};

}  // namespace perch
