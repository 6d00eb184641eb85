#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace perch {

/// A horizontal run of marked pixels, from column `begin` up to but not including `end`.
struct Run {
    std::uint32_t row, begin, end;
    /// Number of the region that the run belongs to, from 0.
    std::uint32_t region;
};

struct RegionRuns {
    /// In raster order.
    std::vector<Run> runs;
    /// Number of 8-connected regions.
    std::size_t regions;
};

/// Labels the connected components of a mask run by run (two-pass union-find).
///
/// @param mask height x width, 0 for an unmarked pixel; both sides at most 2^32 - 1
///
/// Cost O(H W); memory 16 bytes for each run.
RegionRuns label_runs(const std::uint8_t* mask, std::size_t height, std::size_t width);

}  // namespace perch
