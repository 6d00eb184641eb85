#include <algorithm>
#include <functional>
#include <limits>
#include <optional>
#include <random>
#include <set>
#include <vector>

#include "perch/errors.hpp"
#include "perch/regions.hpp"
#include "regions/descending_positions.hpp"
#include "testing.hpp"

namespace perch::testing {
namespace {

struct Map {
    int height, width;
    std::vector<float> scores;
    std::vector<std::uint8_t> mask;

    MaskedMap view() const { return {scores.data(), mask.empty() ? nullptr : mask.data(), height, width}; }
};

Map random_map(std::mt19937& random) {
    Map map{1 + int(random() % 12), 1 + int(random() % 12), {}, {}};
    const unsigned levels = random() % 2 ? 6 : 100000;
    for (int i = 0; i < map.height * map.width; i++) {
        map.scores.push_back(float(random() % levels) - 2.0f);
        map.mask.push_back(random() % 5 != 0);
    }
    if (random() % 2) map.mask.clear();
    return map;
}

/// Number and area of the regions at or above a threshold that reach the limits, by flood fill.
RegionTotals naive_totals(const Map& map, double threshold, const SizeLimits& limits) {
    RegionTotals totals{0, 0};
    std::vector<bool> seen(map.scores.size());
    const auto enters = [&](int at) {
        return !seen[at] && map.scores[at] >= threshold && (map.mask.empty() || map.mask[at]);
    };
    for (int start = 0; start < map.height * map.width; start++) {
        if (!enters(start)) continue;
        std::vector<int> members{start};
        seen[start] = true;
        int left = map.width, right = 0, top = map.height, bottom = 0;
        for (std::size_t next = 0; next < members.size(); next++) {
            const int row = members[next] / map.width, column = members[next] % map.width;
            left = std::min(left, column);
            right = std::max(right, column);
            top = std::min(top, row);
            bottom = std::max(bottom, row);
            for (int y = std::max(0, row - 1); y <= std::min(map.height - 1, row + 1); y++) {
                for (int x = std::max(0, column - 1); x <= std::min(map.width - 1, column + 1); x++) {
                    if (!enters(y * map.width + x)) continue;
                    seen[y * map.width + x] = true;
                    members.push_back(y * map.width + x);
                }
            }
        }
        const double across = (right - left + 1) * limits.pixels_per_column;
        const double down = (bottom - top + 1) * limits.pixels_per_row;
        if (members.size() < limits.min_area || across * across + down * down < limits.min_length * limits.min_length) {
            continue;
        }
        totals.count++;
        totals.area += members.size();
    }
    return totals;
}

std::optional<float> naive_score(const Map& map, const SizeLimits& limits) {
    const std::set<float, std::greater<float>> thresholds(map.scores.begin(), map.scores.end());
    for (const float threshold : thresholds) {
        if (naive_totals(map, threshold, limits).count > 0) return threshold;
    }
    return {};
}

}  // namespace

void test_regions() {
    test("the image score is the highest threshold with a region that reaches the limits", [] {
        std::mt19937 random(6);
        int none = 0;
        for (int round = 0; round < 2000; round++) {
            const Map map = random_map(random);
            const SizeLimits limits{1 + std::uint32_t(random() % 15), double(random() % 9), 1.5, 0.75};
            const auto expected = naive_score(map, limits);
            const auto found = image_score(map.view(), limits);
            expect(found.has_value() == expected.has_value(), "whether there is a region");
            none += !found;
            if (!found) continue;
            expect(found->score == *expected, "score");
            expect(found->region.area >= limits.min_area, "area of the region");
            const double threshold = map.scores[std::size_t(round) % map.scores.size()];
            const auto totals = measure_regions(map.view(), threshold, limits);
            const auto expected_totals = naive_totals(map, threshold, limits);
            expect(totals.count == expected_totals.count && totals.area == expected_totals.area, "totals");
        }
        expect(none > 100 && none < 1900, "maps with and without a score");
    });
    test("batches list every position in the mask, from the highest score to the lowest", [] {
        std::mt19937 random(7);
        for (const float spread : {1.0f, 1e-6f, 1e30f}) {
            Map map{60, 70, {}, {}};
            for (int i = 0; i < 60 * 70; i++) {
                map.scores.push_back(1 + spread * float(random() % 3000));
                map.mask.push_back(random() % 4 != 0);
            }
            DescendingPositions positions(map.view(), require_scores(map.view()), 10);
            std::vector<std::uint32_t> expected;
            for (std::uint32_t i = 0; i < map.scores.size(); i++) {
                if (map.mask[i]) expected.push_back(i);
            }
            std::stable_sort(expected.begin(), expected.end(),
                             [&](std::uint32_t a, std::uint32_t b) { return map.scores[a] > map.scores[b]; });
            expect(positions.size() == expected.size(), "number of positions");
            std::vector<std::uint32_t> actual;
            for (auto batch = positions.next(); !batch.empty(); batch = positions.next()) {
                for (const KeyedIndex& entry : batch) actual.push_back(entry.index);
            }
            expect(actual == expected, "order");
        }
    });
    test("an image score describes its region", [] {
        const Map map{3, 5, {9, 0, 0, 4, 3, 0, 0, 5, 0, -0.0f, 0, 0, 0, 0, 0}, {}};
        const auto found = image_score(map.view(), {3, 0, 1, 1});
        expect(found && found->score == 3, "score");
        const Region& region = found->region;
        expect(region.area == 3 && region.left == 2 && region.top == 0 && region.columns == 3 && region.rows == 2,
               "area and bounding box");
        expect(region.peak == 5 && region.peak_column == 2 && region.peak_row == 1, "peak");
        expect(region.centroid_column == 3 && region.centroid_row == 1.0 / 3, "centroid");
    });
    test("maps without positions, too large maps and NaN scores are rejected", [] {
        const std::vector<float> scores{1, 2, std::numeric_limits<float>::quiet_NaN(), -1};
        for (const float nan : {scores[2], -scores[2]}) {
            const std::vector<float> bad{1, 2, nan, -1};
            expect_throws<InvalidArgument>("position 2 is NaN", [&] { image_score({bad.data(), nullptr, 2, 2}, {}); });
        }
        expect_throws<InvalidArgument>("The map is 0 x 4", [&] { image_score({scores.data(), nullptr, 0, 4}, {}); });
        expect_throws<InvalidArgument>("fewer than 2^31", [&] {
            measure_regions({scores.data(), nullptr, 1 << 16, 1 << 15}, 0, {});
        });
    });
}

}  // namespace perch::testing
