#include "perch/scored_pixels.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "parallel.hpp"
#include "perch/errors.hpp"
#include "radix_sort.hpp"
#include "region_runs.hpp"
#include "sort_keys.hpp"

namespace perch {

/// Normal pixels are told by their scores alone, so they are kept and sorted apart.
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

std::size_t distinct(const std::vector<Sample>& sorted) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < sorted.size(); i++) count += i == 0 || sorted[i].key != sorted[i - 1].key;
    return count;
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
    const float* nan = std::find_if(scores, scores + count, [](float score) { return std::isnan(score); });
    if (nan != scores + count) throw InvalidArgument("The score of pixel " + std::to_string(nan - scores) + " is not a number.");

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
    const float highest = count == 0 ? -std::numeric_limits<float>::infinity() : *std::max_element(scores, scores + count);
    return {highest, regions};
}

ScoredPixels::Corners ScoredPixels::sweep(const Execution& execution) {
    Pixels pixels = std::exchange(*pixels_, {});
    const std::uint32_t* normal = pixels.normal.get();
    std::vector<Sample>& anomalous = pixels.anomalous;
    check_cancelled(execution);
    {
        const auto scratch = std::make_unique_for_overwrite<std::uint32_t[]>(pixels.normals);
        sort_keys(pixels.normal.get(), scratch.get(), pixels.normals, execution);
    }
    {
        std::vector<Sample> scratch;
        radix_sort(anomalous, scratch);
    }
    check_cancelled(execution);

    Corners corners;
    const std::size_t most = 2 * distinct(anomalous) + 2;
    for (auto* column : {&corners.threshold, &corners.false_positives, &corners.true_positives, &corners.overlap})
        column->reserve(most);
    std::size_t fp = 0, tp = 0;
    double overlap = 0;
    tell(corners, std::numeric_limits<double>::infinity(), fp, tp, overlap);
    const auto pass_normal = [&](auto is_above) {
        const std::size_t before = fp;
        while (fp < pixels.normals && is_above(normal[fp])) fp++;
        return fp > before;
    };
    while (tp < anomalous.size()) {
        const std::uint32_t score = anomalous[tp].key;
        if (pass_normal([score](std::uint32_t key) { return key < score; }))
            tell(corners, score_of(normal[fp - 1]), fp, tp, overlap);
        pass_normal([score](std::uint32_t key) { return key == score; });
        for (; tp < anomalous.size() && anomalous[tp].key == score; tp++) overlap += 1.0 / pixels.sizes[anomalous[tp].pixel];
        tell(corners, score_of(score), fp, tp, overlap);
    }
    if (fp < pixels.normals) tell(corners, score_of(normal[pixels.normals - 1]), pixels.normals, tp, overlap);
    return corners;
}

}  // namespace perch
