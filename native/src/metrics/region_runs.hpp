#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace perch {

/// Neighbouring marked pixels of one row, `begin` to before `end`, and the region they belong to.
struct Run {
    std::uint32_t row, begin, end, region;
};

/// The marked pixels of a mask in their order, and how many 8-connected regions they make, numbered from 0.
struct RegionRuns {
    std::vector<Run> runs;
    std::size_t regions;
};

/// @param mask height x width, 0 where a pixel is not marked
RegionRuns region_runs(const std::uint8_t* mask, std::size_t height, std::size_t width);

}  // namespace perch
