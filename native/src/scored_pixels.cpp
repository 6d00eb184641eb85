#include "perch/scored_pixels.hpp"

#include <bit>
#include <cmath>
#include <limits>
#include <string>

#include "parallel.hpp"
#include "perch/errors.hpp"
#include "radix_sort.hpp"

namespace perch {

struct ScoredPixels::Samples {
    std::size_t capacity;
    /// `pixel` holds the number of the region.
    std::vector<Sample> list;
};

namespace {

constexpr std::uint32_t sign = 0x80000000u;

/// Keys rise as scores fall; both zeros have one.
std::uint32_t key_of(float score) {
    const auto bits = std::bit_cast<std::uint32_t>(score + 0.0f);
    return bits & sign ? bits : ~bits & ~sign;
}

float score_of(std::uint32_t key) { return std::bit_cast<float>(key & sign ? key : ~key & ~sign); }

}  // namespace

ScoredPixels::ScoredPixels(std::size_t capacity) : samples_(std::make_unique<Samples>()) {
    samples_->capacity = capacity;
    samples_->list.reserve(capacity);
}

ScoredPixels::~ScoredPixels() = default;

void ScoredPixels::add(const float* scores, const std::int32_t* regions, std::size_t count) {
    std::vector<Sample>& list = samples_->list;
    if (count > samples_->capacity - list.size()) throw InvalidArgument("More pixels were added than there is room for.");
    for (std::size_t i = 0; i < count; i++) {
        if (std::isnan(scores[i])) throw InvalidArgument("The score of pixel " + std::to_string(i) + " is not a number.");
        list.push_back({key_of(scores[i]), static_cast<std::uint32_t>(regions[i])});
    }
}

std::vector<ScoredPixels::Corner> ScoredPixels::sweep(const std::vector<double>& region_sizes, const Execution& execution) {
    std::vector<Sample> list = std::move(samples_->list);
    {
        std::vector<Sample> scratch;
        check_cancelled(execution);
        radix_sort(list, scratch);
        check_cancelled(execution);
    }
    Corner reached{std::numeric_limits<double>::infinity(), 0, 0, 0};
    std::vector<Corner> corners{reached};
    bool told = true;
    for (std::size_t i = 0; i < list.size();) {
        const std::uint32_t key = list[i].key;
        Corner next = reached;
        next.threshold = score_of(key);
        for (; i < list.size() && list[i].key == key; i++) {
            const std::uint32_t region = list[i].pixel;
            if (region == 0) {
                next.false_positives++;
                continue;
            }
            if (region > region_sizes.size()) throw InvalidArgument("There is no size of region " + std::to_string(region) + ".");
            next.true_positives++;
            next.overlap += 1 / region_sizes[region - 1];
        }
        const bool anomalous = next.true_positives > reached.true_positives;
        if (anomalous && !told) corners.push_back(reached);
        if (anomalous) corners.push_back(next);
        told = anomalous;
        reached = next;
    }
    if (!told) corners.push_back(reached);
    return corners;
}

}  // namespace perch
