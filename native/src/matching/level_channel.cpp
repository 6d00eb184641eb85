#include "matching/level_channel.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "simd/qfca_kernel.hpp"

namespace perch {
namespace {

/// Largest term of the prefix sums. 31 * 31 terms fit into 31 bits.
constexpr double max_term = 1 << 21;

/// The samples of a level.
struct Samples {
    double sum = 0;
    std::size_t count = 0;
    float lowest = std::numeric_limits<float>::infinity(), highest = -lowest;

    void add(float value) {
        sum += value;
        count++;
        lowest = std::min(lowest, value);
        highest = std::max(highest, value);
    }
};

}  // namespace

LevelChannel::LevelChannel(const float* values, std::size_t pixels, const float* reference, int patch_size, int levels)
    : levels_(levels) {
    const auto [lowest, highest] = std::minmax_element(values, values + pixels);
    lowest_ = *lowest;
    const double range = double(*highest) - double(*lowest);
    scale_ = range > 0 ? levels / range : 0;

    const int ranks = patch_size * patch_size;
    const double first = reference[0], span = double(reference[ranks - 1]) - first;
    unit_ = float(span / max_term);
    prefix_.push_back(0);
    for (int rank = 0; rank <= ranks; rank++) {
        // One more than there are: the last value repeats for levels above all samples.
        const double above = double(reference[std::min(rank, ranks - 1)]) - first;
        const auto term = span > 0 ? std::int32_t(std::lround(above / span * max_term)) : 0;
        prefix_.push_back(prefix_.back() + term);
    }

    std::vector<Samples> samples(static_cast<std::size_t>(levels));
    for (std::size_t i = 0; i < pixels; i++) samples[level_of(values[i])].add(values[i]);
    const auto size = std::size_t((levels + level_block - 1) / level_block * level_block);
    values_.assign(size, 0.0f);
    slacks_.assign(size, 0.0f);
    splits_.assign(size, 0);
    for (std::size_t level = 0; level < samples.size(); level++) {
        const Samples& of_level = samples[level];
        if (of_level.count == 0) continue;
        const double mean = of_level.sum / double(of_level.count);
        values_[level] = float(mean - first);
        slacks_[level] = (of_level.highest - of_level.lowest) / 4;
        const auto below = std::lower_bound(reference, reference + ranks, mean) - reference;
        splits_[level] = std::int32_t(below == ranks ? ranks + 1 : below);
    }
}

std::uint8_t LevelChannel::level_of(float value) const {
    return std::uint8_t(std::min(levels_ - 1, int((double(value) - lowest_) * scale_)));
}

}  // namespace perch
