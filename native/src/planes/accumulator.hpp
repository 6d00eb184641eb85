#pragma once

#include <vector>

#include "planes/tiles.hpp"

namespace perch {

/// Sums on consecutive pixels of a tile's flattened plane, or of every second row of it.
struct PartialSums {
    Tile tile;
    /// Index of the first pixel among these rows. Values before and after the plane are allowed and must be zero.
    int first;
    std::vector<float> values;
    int first_row = 0, row_step = 1;
};

/// Sums partial sums over the padded map in float64, in the order of the calls.
class Accumulator {
public:
    Accumulator(int height, int width, int patch_size);

    void add(const PartialSums& part);

    /// Writes the sums without the padding, multiplied by `scale`, to `map` (H x W).
    void crop(double scale, float* map) const;

private:
    int height_, width_, patch_size_;
    std::vector<double> sums_;
};

}  // namespace perch
