#include "perch/threshold_sweep.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <utility>

#include "execution/parallel.hpp"
#include "metrics/sorted_key_index.hpp"
#include "perch/errors.hpp"
#include "regions/region_runs.hpp"
#include "sorting/radix_sort.hpp"
#include "validation/validation.hpp"

namespace perch {

struct ThresholdSweep::State {
    std::vector<std::span<const float>> maps;
    std::size_t pixels = 0;
    float min_score = std::numeric_limits<float>::infinity();
    /// The anomalous pixels of all images. `index` is the pixel's region number.
    std::vector<KeyedIndex> anomalous;
    /// Number of pixels in each region.
    std::vector<std::uint32_t> region_sizes;
};

namespace {

constexpr std::uint32_t sign_bit = 0x80000000u;
constexpr std::size_t max_pixels = std::numeric_limits<std::uint32_t>::max();
/// Number of pixels per counting task.
constexpr std::size_t chunk_pixels = 1u << 16;

/// Maps scores to integers in the opposite order: the highest score has the smallest key. -0 and +0 have the
/// same key.
std::uint32_t key_of(float score) {
    const auto bits = std::bit_cast<std::uint32_t>(score + 0.0f);
    return bits & sign_bit ? bits : ~bits & ~sign_bit;
}

float score_of(std::uint32_t key) {
    return std::bit_cast<float>(key & sign_bit ? key : ~key & ~sign_bit);
}

struct ScoreRange {
    float lowest = std::numeric_limits<float>::infinity();
    float highest = -std::numeric_limits<float>::infinity();
    bool has_nan = false;
};

/// Uses independent lanes, so that the compiler can vectorize the minimum and maximum.
ScoreRange range_of(const float* scores, std::size_t count) {
    constexpr std::size_t lanes = 32;
    std::array<float, lanes> lowest, highest;
    std::array<std::uint32_t, lanes> nans{};
    lowest.fill(ScoreRange{}.lowest);
    highest.fill(ScoreRange{}.highest);
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes) {
        for (std::size_t lane = 0; lane < lanes; lane++) {
            const float score = scores[i + lane];
            lowest[lane] = score < lowest[lane] ? score : lowest[lane];
            highest[lane] = score > highest[lane] ? score : highest[lane];
            nans[lane] |= score != score;
        }
    }
    ScoreRange range{*std::min_element(lowest.begin(), lowest.end()), *std::max_element(highest.begin(), highest.end()),
                     std::any_of(nans.begin(), nans.end(), [](std::uint32_t nan) { return nan != 0; })};
    for (; i < count; i++) {
        range.lowest = std::min(range.lowest, scores[i]);
        range.highest = std::max(range.highest, scores[i]);
        range.has_nan |= std::isnan(scores[i]);
    }
    return range;
}

std::vector<std::uint32_t> distinct_keys(const std::vector<KeyedIndex>& sorted) {
    std::vector<std::uint32_t> keys;
    for (const KeyedIndex& entry : sorted) {
        if (keys.empty() || keys.back() != entry.key) keys.push_back(entry.key);
    }
    return keys;
}

std::vector<std::span<const float>> chunks_of(const std::vector<std::span<const float>>& maps) {
    std::vector<std::span<const float>> chunks;
    for (std::span<const float> map : maps) {
        for (; map.size() > chunk_pixels; map = map.subspan(chunk_pixels)) chunks.push_back(map.first(chunk_pixels));
        chunks.push_back(map);
    }
    return chunks;
}

/// Counts the pixels of all maps at and between the keys of the index. Each thread has its own counters.
/// Fewer threads run if the counters would take more memory than the pixels.
std::vector<std::uint32_t> count_pixels(const SortedKeyIndex& index, const std::vector<std::span<const float>>& maps,
                                        std::size_t pixels, const Execution& execution) {
    const std::vector<std::span<const float>> chunks = chunks_of(maps);
    const std::vector<std::uint32_t> zeros = index.counters();
    Execution limited = execution;
    limited.threads = static_cast<int>(std::clamp<std::size_t>(pixels / zeros.size(), 1, execution.threads));
    std::vector<std::vector<std::uint32_t>> counters(limited.threads, zeros);
    for_each_index(chunks.size(), limited, [&](std::size_t chunk, int worker) {
        std::array<std::uint32_t, 256> keys;
        for (std::span<const float> rest = chunks[chunk]; !rest.empty();) {
            const std::span<const float> block = rest.first(std::min(keys.size(), rest.size()));
            std::transform(block.begin(), block.end(), keys.begin(), key_of);
            index.count(counters[worker], keys.data(), block.size());
            rest = rest.subspan(block.size());
        }
    });
    std::vector<std::uint32_t>& sum = counters[0];
    for (std::size_t worker = 1; worker < counters.size(); worker++) {
        for (std::size_t i = 0; i < sum.size(); i++) sum[i] += counters[worker][i];
    }
    return std::move(sum);
}

void push_point(ThresholdSweep::OperatingPoints& points, double threshold, std::size_t fp, std::size_t tp,
                double overlap) {
    points.threshold.push_back(threshold);
    points.false_positives.push_back(static_cast<double>(fp));
    points.true_positives.push_back(static_cast<double>(tp));
    points.overlap.push_back(overlap);
}

}  // namespace

ThresholdSweep::ThresholdSweep() : state_(std::make_unique<State>()) {}

ThresholdSweep::~ThresholdSweep() = default;

ThresholdSweep::ImageStats ThresholdSweep::add(const float* scores, const std::uint8_t* ground_truth,
                                               std::size_t height, std::size_t width) {
    State& state = *state_;
    if (height > max_pixels || width > max_pixels || (height > 0 && width > (max_pixels - state.pixels) / height)) {
        raise(InvalidArgument("The images of a class must have fewer than 2^32 pixels in total."));
    }
    const std::size_t count = height * width;
    if (count == 0) return {ScoreRange{}.highest, 0};
    const ScoreRange range = range_of(scores, count);
    if (range.has_nan) {
        const float* nan = std::find_if(scores, scores + count, [](float score) { return std::isnan(score); });
        raise(
            InvalidArgument("The score of pixel " + std::to_string(nan - scores) + " is NaN. Scores must be numbers."));
    }
    const auto [runs, regions] = label_runs(ground_truth, height, width);
    const std::size_t first_region = state.region_sizes.size();
    // Reserve before changing anything: running out of memory must not leave half an image behind.
    std::size_t anomalous = 0;
    for (const Run& run : runs) anomalous += run.end - run.begin;
    if (state.anomalous.capacity() - state.anomalous.size() < anomalous) {
        state.anomalous.reserve(std::max(2 * state.anomalous.size(), state.anomalous.size() + anomalous));
    }
    state.maps.reserve(state.maps.size() + 1);
    state.region_sizes.resize(first_region + regions);
    state.maps.emplace_back(scores, count);
    state.pixels += count;
    state.min_score = std::min(state.min_score, range.lowest);
    for (const Run& run : runs) {
        const auto region = static_cast<std::uint32_t>(first_region + run.region);
        const float* row = scores + run.row * width;
        for (std::size_t x = run.begin; x < run.end; x++) state.anomalous.push_back({key_of(row[x]), region});
        state.region_sizes[region] += run.end - run.begin;
    }
    return {range.highest, regions};
}

ThresholdSweep::OperatingPoints ThresholdSweep::operating_points(const Execution& execution) {
    resolve_isa(execution);
    State state = std::exchange(*state_, {});
    std::vector<KeyedIndex>& anomalous = state.anomalous;
    check_canceled(execution);
    {
        std::vector<KeyedIndex> scratch;
        radix_sort(anomalous, scratch);
    }
    const SortedKeyIndex index(distinct_keys(anomalous));
    const std::vector<std::uint32_t> counts = count_pixels(index, state.maps, state.pixels, execution);
    check_canceled(execution);

    OperatingPoints points;
    for (auto* column : {&points.threshold, &points.false_positives, &points.true_positives, &points.overlap}) {
        column->reserve(counts.size());
    }
    std::size_t fp = 0, tp = 0;
    double overlap = 0;
    push_point(points, std::numeric_limits<double>::infinity(), fp, tp, overlap);
    const auto advance_negatives = [&](std::uint32_t count, double threshold) {
        if (count == 0) return;
        fp += count;
        push_point(points, threshold, fp, tp, overlap);
    };
    for (std::size_t i = 0; i < index.size(); i++) {
        const std::uint32_t key = index[i];
        advance_negatives(counts[2 * i], score_of(key - 1));
        const std::size_t previous_tp = tp;
        for (; tp < anomalous.size() && anomalous[tp].key == key; tp++) {
            overlap += 1.0 / state.region_sizes[anomalous[tp].index];
        }
        fp += counts[2 * i + 1] - (tp - previous_tp);
        push_point(points, score_of(key), fp, tp, overlap);
    }
    advance_negatives(counts[2 * index.size()], state.min_score);
    return points;
}

}  // namespace perch
