#include <algorithm>
#include <cstdint>
#include <limits>

#include "perch/regions.hpp"
#include "regions/descending_positions.hpp"
#include "regions/limits.hpp"
#include "regions/region_forest.hpp"
#include "regions/score_range.hpp"

namespace perch {
namespace {

/// Minimum number of positions in the first batch.
constexpr std::size_t min_batch = 256;
constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

bool reaches_limits(const RegionForest::Node& region, const SizeLimits& limits) {
    return reaches(limits, region.area, region.right - region.left + 1, region.bottom - region.top + 1);
}

/// The region with the highest peak that reaches the limits, among those with a node from `begin` on; empty
/// if there is none.
std::uint32_t highest_region(RegionForest& forest, std::uint32_t begin, const SizeLimits& limits) {
    std::uint32_t highest = none;
    for (std::uint32_t node = begin; node < forest.size(); node++) {
        const std::uint32_t region = forest.region_of(node);
        if (reaches_limits(forest[region], limits)) highest = std::min(highest, region);
    }
    return highest;
}

Region describe(const MaskedMap& map, RegionForest& forest, std::uint32_t region) {
    const auto width = std::uint32_t(map.width);
    double columns = 0, rows = 0;
    for (std::uint32_t node = region; node < forest.size(); node++) {
        if (forest.region_of(node) != region) continue;
        columns += forest[node].position % width;
        rows += forest[node].position / width;
    }
    const auto& [peak, parent, area, left, top, right, bottom] = forest[region];
    return {area,
            left,
            top,
            right - left + 1,
            bottom - top + 1,
            map.scores[peak] + 0.0f,
            peak % width,
            peak / width,
            columns / area,
            rows / area};
}

}  // namespace

std::optional<ImageScore> image_score(const MaskedMap& map, const SizeLimits& limits) {
    const std::size_t first_batch = std::max(min_batch, 8 * std::size_t(limits.min_area));
    DescendingPositions positions(map, require_scores(map), first_batch);
    if (positions.size() < limits.min_area) return {};
    RegionForest forest(map.height, map.width);
    for (auto batch = positions.next(); !batch.empty(); batch = positions.next()) {
        for (std::size_t begin = 0, end = 0; begin < batch.size(); begin = end) {
            const auto first_node = std::uint32_t(forest.size());
            bool reached = false;
            for (; end < batch.size() && batch[end].key == batch[begin].key; end++) {
                reached |= reaches_limits(forest[forest.add(batch[end].index)], limits);
            }
            if (!reached) continue;
            const float score = map.scores[batch[begin].index] + 0.0f;
            return ImageScore{score, describe(map, forest, highest_region(forest, first_node, limits))};
        }
    }
    return {};
}

}  // namespace perch
