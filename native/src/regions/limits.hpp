#pragma once

#include <cstdint>

#include "perch/regions.hpp"

namespace perch {

/// Whether a region of this area and bounding box reaches the limits.
inline bool reaches(const SizeLimits& limits, std::uint64_t area, std::uint32_t columns, std::uint32_t rows) {
    const double across = columns * limits.pixels_per_column;
    const double down = rows * limits.pixels_per_row;
    return area >= limits.min_area && across * across + down * down >= limits.min_length * limits.min_length;
}

}  // namespace perch
