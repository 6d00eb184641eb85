#include "perch/scored_pixels.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "ladder.hpp"
#include "parallel.hpp"
#include "perch/errors.hpp"
#include "radix_sort.hpp"
#include "region_runs.hpp"

namespace perch {

/// Normal pixels are told by their scores alone, and only counted between those of the anomalous ones.
struct ScoredPixels::Pixels {
    std::size_t capacity;
    std::unique_ptr<std::uint32_t[]> normal;
    std::size_t normals = 0;
    /// `pixel` holds the number of the region.
    std::vector<Sample> anomalous;
    /// Pixels of each region.
    std::vector<std::uint32_t> sizes;
};

namespace {

constexpr std::uint32_t sign = 0x80000000u;

/// Keys rise as scores fall; both zeros have one.
std::uint32_t key_of(float score) {
    const auto bits = std::bit_cast<std::uint32_t>(score + 0.0f);
    return bits & sign ? bits : ~bits & ~sign;
}

float score_of(std::uint32_t key) { return std::bit_cast<float>(key & sign ? key : ~key & ~sign); }

/// The highest of scores, and whether one of them is not a number.
struct Range {
    float highest = -std::numeric_limits<float>::infinity();
    bool has_nan = false;
};

/// Lanes side by side, for a maximum that waits for the one before is slow.
Range range_of(const float* scores, std::size_t count) {
    constexpr std::size_t lanes = 32;
    std::array<float, lanes> highest;
    std::array<std::uint32_t, lanes> nans{};
    highest.fill(Range{}.highest);
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes) {
        for (std::size_t lane = 0; lane < lanes; lane++) {
            const float score = scores[i + lane];
            highest[lane] = score > highest[lane] ? score : highest[lane];
            nans[lane] |= score != score;
        }
    }
    Range range{*std::max_element(highest.begin(), highest.end()),
                std::any_of(nans.begin(), nans.end(), [](std::uint32_t nan) { return nan != 0; })};
    for (; i < count; i++) {
        range.highest = std::max(range.highest, scores[i]);
        range.has_nan |= std::isnan(scores[i]);
    }
    return range;
}

std::vector<std::uint32_t> distinct_keys(const std::vector<Sample>& sorted) {
    std::vector<std::uint32_t> keys;
    for (const Sample& sample : sorted) {
        if (keys.empty() || keys.back() != sample.key) keys.push_back(sample.key);
    }
    return keys;
}

void tell(ScoredPixels::Corners& corners, double threshold, std::size_t fp, std::size_t tp, double overlap) {
    corners.threshold.push_back(threshold);
    corners.false_positives.push_back(static_cast<double>(fp));
    corners.true_positives.push_back(static_cast<double>(tp));
    corners.overlap.push_back(overlap);
}

}  // namespace

ScoredPixels::ScoredPixels(std::size_t capacity) : pixels_(std::make_unique<Pixels>()) {
    pixels_->capacity = capacity;
    pixels_->normal = std::make_unique_for_overwrite<std::uint32_t[]>(capacity);
}

ScoredPixels::~ScoredPixels() = default;

ScoredPixels::Image ScoredPixels::add(const float* scores, const std::uint8_t* ground_truth, std::size_t height,
                                      std::size_t width) {
    Pixels& pixels = *pixels_;
    const std::size_t count = height * width;
    if (count > pixels.capacity - pixels.normals - pixels.anomalous.size()) throw InvalidArgument("More pixels were added than there is room for.");
    const Range range = range_of(scores, count);
    if (range.has_nan) {
        const float* nan = std::find_if(scores, scores + count, [](float score) { return std::isnan(score); });
        throw InvalidArgument("The score of pixel " + std::to_string(nan - scores) + " is not a number.");
    }

    const auto [runs, regions] = region_runs(ground_truth, height, width);
    const auto first_region = static_cast<std::uint32_t>(pixels.sizes.size());
    pixels.sizes.resize(first_region + regions);
    std::size_t reached = 0;
    const auto add_normal = [&](std::size_t end) {
        std::uint32_t* place = pixels.normal.get() + pixels.normals;
        for (std::size_t i = reached; i < end; i++) place[i - reached] = key_of(scores[i]);
        pixels.normals += end - reached;
    };
    for (const Run& run : runs) {
        const std::size_t row = run.row * width;
        add_normal(row + run.begin);
        reached = row + run.end;
        const std::uint32_t region = first_region + run.region;
        for (std::size_t i = row + run.begin; i < reached; i++) pixels.anomalous.push_back({key_of(scores[i]), region});
        pixels.sizes[region] += run.end - run.begin;
    }
    add_normal(count);
    return {range.highest, regions};
}

ScoredPixels::Corners ScoredPixels::sweep(const Execution& execution) {
    Pixels pixels = std::exchange(*pixels_, {});
    std::vector<Sample>& anomalous = pixels.anomalous;
    check_cancelled(execution);
    {
        std::vector<Sample> scratch;
        radix_sort(anomalous, scratch);
    }
    const Ladder ladder(distinct_keys(anomalous));
    const std::vector<Ladder::Step> steps = ladder.count(pixels.normal.get(), pixels.normals, execution);
    pixels.normal.reset();
    check_cancelled(execution);

    Corners corners;
    for (auto* column : {&corners.threshold, &corners.false_positives, &corners.true_positives, &corners.overlap})
        column->reserve(2 * steps.size());
    std::size_t fp = 0, tp = 0;
    double overlap = 0;
    tell(corners, std::numeric_limits<double>::infinity(), fp, tp, overlap);
    const auto pass_normal = [&](const Ladder::Step& step) {
        if (step.between == 0) return;
        fp += step.between;
        tell(corners, score_of(step.last), fp, tp, overlap);
    };
    for (std::size_t rung = 0; rung < ladder.size(); rung++) {
        pass_normal(steps[rung]);
        fp += steps[rung].at;
        const std::uint32_t key = ladder[rung];
        for (; tp < anomalous.size() && anomalous[tp].key == key; tp++) overlap += 1.0 / pixels.sizes[anomalous[tp].pixel];
        tell(corners, score_of(key), fp, tp, overlap);
    }
    pass_normal(steps.back());
    return corners;
}

}  // namespace perch
