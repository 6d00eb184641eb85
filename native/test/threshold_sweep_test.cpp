#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <set>

#include "perch/errors.hpp"
#include "perch/threshold_sweep.hpp"
#include "testing.hpp"

namespace perch::testing {
namespace {

constexpr int rows = 13, columns = 11;

struct LabeledMap {
    std::vector<float> scores;
    std::vector<std::uint8_t> truth;
};

/// A map with few distinct scores, some negative, so that many are tied, and with random ground truth.
LabeledMap random_map(std::mt19937& random, double anomalous_fraction) {
    LabeledMap map;
    for (int i = 0; i < rows * columns; i++) {
        map.scores.push_back(static_cast<float>(static_cast<int>(random() % 9) - 4) * 0.25f);
        map.truth.push_back(static_cast<double>(random() % 1000) < 1000 * anomalous_fraction ? 1 : 0);
    }
    return map;
}

/// Labels the 8-connected regions from 1 by flood fill. Returns their number.
int label(const LabeledMap& map, std::vector<int>& labels) {
    labels.assign(map.truth.size(), 0);
    int regions = 0;
    for (int start = 0; start < rows * columns; start++) {
        if (!map.truth[start] || labels[start]) continue;
        std::vector<int> open{start};
        labels[start] = ++regions;
        while (!open.empty()) {
            const int y = open.back() / columns, x = open.back() % columns;
            open.pop_back();
            for (int ny = std::max(0, y - 1); ny <= std::min(rows - 1, y + 1); ny++) {
                for (int nx = std::max(0, x - 1); nx <= std::min(columns - 1, x + 1); nx++) {
                    const int next = ny * columns + nx;
                    if (!map.truth[next] || labels[next]) continue;
                    labels[next] = regions;
                    open.push_back(next);
                }
            }
        }
    }
    return regions;
}

/// Compares the counts at a threshold with counts over every pixel.
void expect_operating_point(const std::vector<LabeledMap>& maps, double threshold, double fp, double tp,
                            double overlap) {
    double normal = 0, anomalous = 0, covered = 0;
    for (const LabeledMap& map : maps) {
        std::vector<int> labels;
        const int regions = label(map, labels);
        std::vector<double> sizes(regions), above(regions);
        for (std::size_t i = 0; i < labels.size(); i++) {
            const bool reached = map.scores[i] >= threshold;
            if (labels[i] == 0) {
                normal += reached;
                continue;
            }
            anomalous += reached;
            sizes[labels[i] - 1]++;
            above[labels[i] - 1] += reached;
        }
        for (int region = 0; region < regions; region++) covered += above[region] / sizes[region];
    }
    expect(normal == fp && anomalous == tp, "counts at threshold " + std::to_string(threshold));
    expect(std::fabs(covered - overlap) < 1e-9, "overlap at threshold " + std::to_string(threshold));
}

}  // namespace

void test_threshold_sweep() {
    test("operating points count the pixels at or above each threshold", [] {
        std::mt19937 random(1);
        for (int round = 0; round < 200; round++) {
            std::vector<LabeledMap> maps;
            maps.reserve(3);
            ThresholdSweep sweep;
            for (int i = 0; i < 3; i++) {
                maps.push_back(random_map(random, (round % 11) / 10.0));
                std::vector<int> labels;
                const auto image = sweep.add(maps.back().scores.data(), maps.back().truth.data(), rows, columns);
                expect(image.regions == static_cast<std::size_t>(label(maps.back(), labels)), "regions of an image");
                expect(image.max_score == *std::max_element(maps.back().scores.begin(), maps.back().scores.end()),
                       "highest score");
            }
            const auto points = sweep.operating_points({2, Isa::automatic, nullptr, {}});
            std::set<float> anomalous;
            for (const LabeledMap& map : maps) {
                for (int i = 0; i < rows * columns; i++) {
                    if (map.truth[i]) anomalous.insert(map.scores[i]);
                }
            }
            for (std::size_t i = 0; i < points.threshold.size(); i++) {
                expect_operating_point(maps, points.threshold[i], points.false_positives[i], points.true_positives[i],
                                       points.overlap[i]);
                expect(i == 0 || points.threshold[i] < points.threshold[i - 1], "thresholds descend");
                anomalous.erase(static_cast<float>(points.threshold[i]));
            }
            expect(anomalous.empty(), "every anomalous score is an operating point");
            const double all = points.false_positives.back() + points.true_positives.back();
            expect(all == 3 * rows * columns, "the last point counts every pixel");
        }
    });
    test("the number of threads does not change the operating points", [] {
        std::mt19937 random(2);
        const std::size_t side = 400;
        std::vector<float> scores(side * side);
        std::vector<std::uint8_t> truth(side * side);
        for (std::size_t i = 0; i < scores.size(); i++) {
            scores[i] = std::ldexp(static_cast<float>(random()) - 2e9f, static_cast<int>(random() % 40) - 20);
            truth[i] = i % side < 20 && i / side < 20;
        }
        const auto points_with = [&](int threads) {
            ThresholdSweep sweep;
            sweep.add(scores.data(), truth.data(), side, side);
            return sweep.operating_points({threads, Isa::automatic, nullptr, {}});
        };
        const auto one = points_with(1), three = points_with(3);
        expect(one.threshold == three.threshold && one.false_positives == three.false_positives, "the same points");
        expect(one.false_positives.back() == static_cast<double>(side * side - 400), "all normal pixels");
        for (std::size_t point = 0; point < one.threshold.size(); point += 20) {
            const double threshold = one.threshold[point];
            double above = 0;
            for (std::size_t i = 0; i < scores.size(); i++) above += !truth[i] && scores[i] >= threshold;
            expect(above == one.false_positives[point], "normal pixels at or above " + std::to_string(threshold));
        }
    });
    test("NaN scores are rejected", [] {
        std::vector<float> scores{0, 1, std::numeric_limits<float>::quiet_NaN(), -1};
        const std::vector<std::uint8_t> truth{0, 1, 0, 0};
        ThresholdSweep sweep;
        expect_throws<InvalidArgument>("pixel 2 is NaN", [&] { sweep.add(scores.data(), truth.data(), 2, 2); });
        scores[2] = -std::numeric_limits<float>::infinity();
        sweep.add(scores.data(), truth.data(), 2, 2);
        expect(sweep.operating_points({}).false_positives.back() == 3, "the rejected image was not added");
    });
}

}  // namespace perch::testing
