#include <algorithm>
#include <vector>

#include "perch/regions.hpp"
#include "regions/limits.hpp"
#include "regions/region_runs.hpp"
#include "regions/score_range.hpp"

namespace perch {
namespace {

struct Extent {
    std::uint64_t area = 0;
    std::uint32_t left = 0, top = 0, right = 0, bottom = 0;
};

std::vector<Extent> extents_of(const RegionRuns& labeled) {
    std::vector<Extent> extents(labeled.regions);
    for (const Run& run : labeled.runs) {
        Extent& extent = extents[run.region];
        // Runs are in raster order, so the first one is at the top and the last one at the bottom.
        if (extent.area == 0) extent = {0, run.begin, run.row, run.end - 1, run.row};
        extent.area += run.end - run.begin;
        extent.left = std::min(extent.left, run.begin);
        extent.right = std::max(extent.right, run.end - 1);
        extent.bottom = run.row;
    }
    return extents;
}

}  // namespace

RegionTotals measure_regions(const MaskedMap& map, double threshold, const SizeLimits& limits) {
    require_scores(map);
    std::vector<std::uint8_t> above(map.positions());
    for (std::size_t at = 0; at < above.size(); at++) above[at] = map.counts(at) && map.scores[at] >= threshold;
    RegionTotals totals{0, 0};
    for (const auto& [area, left, top, right, bottom] :
         extents_of(label_runs(above.data(), std::size_t(map.height), std::size_t(map.width)))) {
        if (!reaches(limits, area, right - left + 1, bottom - top + 1)) continue;
        totals.count++;
        totals.area += area;
    }
    return totals;
}

}  // namespace perch
