#include "perch/threshold_sweep.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <utility>

#include "metrics/sorted_key_index.hpp"
#include "execution/parallel.hpp"
#include "perch/errors.hpp"
#include "sorting/radix_sort.hpp"
#include "metrics/region_runs.hpp"

namespace perch {

struct ScoredPixels::Pixels {
    std::vector<std::span<const float>> maps;
    std::size_t count = 0;
    /// Of all scores.
    float lowest = std::numeric_limits<float>::infinity();
    /// `pixel` holds the number of the region.
    std::vector<Sample> anomalous;
    /// Pixels of each region.
    std::vector<std::uint32_t> sizes;
};

namespace {

constexpr std::uint32_t sign = 0x80000000u;
constexpr std::size_t most_pixels = std::numeric_limits<std::uint32_t>::max();
/// Pixels that a thread counts before it takes others.
constexpr std::size_t piece = 1u << 16;

/// Keys rise as scores fall; both zeros have one.
std::uint32_t key_of(float score) {
    const auto bits = std::bit_cast<std::uint32_t>(score + 0.0f);
    return bits & sign ? bits : ~bits & ~sign;
}

float score_of(std::uint32_t key) { return std::bit_cast<float>(key & sign ? key : ~key & ~sign); }

/// The lowest and the highest of scores, and whether one of them is not a number.
struct Range {
    float lowest = std::numeric_limits<float>::infinity();
    float highest = -std::numeric_limits<float>::infinity();
    bool has_nan = false;
};

/// Lanes side by side, for an extreme that waits for the one before is slow.
Range range_of(const float* scores, std::size_t count) {
    constexpr std::size_t lanes = 32;
    std::array<float, lanes> lowest, highest;
    std::array<std::uint32_t, lanes> nans{};
    lowest.fill(Range{}.lowest);
    highest.fill(Range{}.highest);
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes) {
        for (std::size_t lane = 0; lane < lanes; lane++) {
            const float score = scores[i + lane];
            lowest[lane] = score < lowest[lane] ? score : lowest[lane];
            highest[lane] = score > highest[lane] ? score : highest[lane];
            nans[lane] |= score != score;
        }
    }
    Range range{*std::min_element(lowest.begin(), lowest.end()), *std::max_element(highest.begin(), highest.end()),
                std::any_of(nans.begin(), nans.end(), [](std::uint32_t nan) { return nan != 0; })};
    for (; i < count; i++) {
        range.lowest = std::min(range.lowest, scores[i]);
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

/// Pixels of all maps counted on a ladder. Memory 4 bytes a pixel at most, or 8 a rung.
std::vector<std::uint32_t> count(const Ladder& ladder, const std::vector<std::span<const float>>& maps, std::size_t pixels,
                                 const Execution& execution) {
    std::vector<std::span<const float>> pieces;
    for (std::span<const float> map : maps) {
        for (; map.size() > piece; map = map.subspan(piece)) pieces.push_back(map.first(piece));
        pieces.push_back(map);
    }
    const std::vector<std::uint32_t> none = ladder.counters();
    Execution affordable = execution;
    affordable.threads = static_cast<int>(std::clamp<std::size_t>(pixels / none.size(), 1, execution.threads));
    std::vector<std::vector<std::uint32_t>> parts(affordable.threads, none);
    for_each_index(pieces.size(), affordable, [&](std::size_t index, int worker) {
        std::array<std::uint32_t, 256> keys;
        for (std::span<const float> left = pieces[index]; !left.empty();) {
            const std::span<const float> block = left.first(std::min(keys.size(), left.size()));
            std::transform(block.begin(), block.end(), keys.begin(), key_of);
            ladder.count(parts[worker], keys.data(), block.size());
            left = left.subspan(block.size());
        }
    });
    std::vector<std::uint32_t>& sum = parts[0];
    for (std::size_t part = 1; part < parts.size(); part++) {
        for (std::size_t i = 0; i < sum.size(); i++) sum[i] += parts[part][i];
    }
    return std::move(sum);
}

void tell(ScoredPixels::Corners& corners, double threshold, std::size_t fp, std::size_t tp, double overlap) {
    corners.threshold.push_back(threshold);
    corners.false_positives.push_back(static_cast<double>(fp));
    corners.true_positives.push_back(static_cast<double>(tp));
    corners.overlap.push_back(overlap);
}

}  // namespace

ScoredPixels::ScoredPixels() : pixels_(std::make_unique<Pixels>()) {}

ScoredPixels::~ScoredPixels() = default;

ScoredPixels::Image ScoredPixels::add(const float* scores, const std::uint8_t* ground_truth, std::size_t height,
                                      std::size_t width) {
    Pixels& pixels = *pixels_;
    const std::size_t count = height * width;
    if (count > most_pixels - pixels.count) throw InvalidArgument("A class may have 2^32 - 1 pixels at most.");
    const Range range = range_of(scores, count);
    if (range.has_nan) {
        const float* nan = std::find_if(scores, scores + count, [](float score) { return std::isnan(score); });
        throw InvalidArgument("The score of pixel " + std::to_string(nan - scores) + " is not a number.");
    }
    const auto [runs, regions] = region_runs(ground_truth, height, width);
    pixels.maps.emplace_back(scores, count);
    pixels.count += count;
    pixels.lowest = std::min(pixels.lowest, range.lowest);
    const auto first_region = static_cast<std::uint32_t>(pixels.sizes.size());
    pixels.sizes.resize(first_region + regions);
    for (const Run& run : runs) {
        const std::uint32_t region = first_region + run.region;
        const float* row = scores + run.row * width;
        for (std::size_t x = run.begin; x < run.end; x++) pixels.anomalous.push_back({key_of(row[x]), region});
        pixels.sizes[region] += run.end - run.begin;
    }
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
    const std::vector<std::uint32_t> counted = count(ladder, pixels.maps, pixels.count, execution);
    check_cancelled(execution);

    Corners corners;
    for (auto* column : {&corners.threshold, &corners.false_positives, &corners.true_positives, &corners.overlap})
        column->reserve(counted.size());
    std::size_t fp = 0, tp = 0;
    double overlap = 0;
    tell(corners, std::numeric_limits<double>::infinity(), fp, tp, overlap);
    const auto pass_normal = [&](std::uint32_t count, double threshold) {
        if (count == 0) return;
        fp += count;
        tell(corners, threshold, fp, tp, overlap);
    };
    for (std::size_t rung = 0; rung < ladder.size(); rung++) {
        const std::uint32_t key = ladder[rung];
        pass_normal(counted[2 * rung], score_of(key - 1));
        const std::size_t before = tp;
        for (; tp < anomalous.size() && anomalous[tp].key == key; tp++) overlap += 1.0 / pixels.sizes[anomalous[tp].pixel];
        fp += counted[2 * rung + 1] - (tp - before);
        tell(corners, score_of(key), fp, tp, overlap);
    }
    pass_normal(counted[2 * ladder.size()], pixels.lowest);
    return corners;
}

}  // namespace perch
