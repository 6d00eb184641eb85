#include "matching/level_channel.hpp"

#include <algorithm>
#include <cmath>

#include "simd/qfca_kernel.hpp"

namespace perch {
namespace {

/// Largest term of the prefix sums. 31 * 31 terms fit into 31 bits.
constexpr double max_term = 1 << 21;

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

    std::vector<double> sums(std::size_t(levels), 0.0);
    std::vector<std::size_t> counts(std::size_t(levels), 0);
    for (std::size_t i = 0; i < pixels; i++) {
        const std::uint8_t level = level_of(values[i]);
        sums[level] += values[i];
        counts[level]++;
    }
    values_.assign(std::size_t((levels + level_block - 1) / level_block * level_block), 0.0f);
    for (std::size_t level = 0; level < sums.size(); level++) {
        if (counts[level] > 0) values_[level] = float(sums[level] / double(counts[level]) - first);
    }
}

std::uint8_t LevelChannel::level_of(float value) const {
    return std::uint8_t(std::min(levels_ - 1, int((double(value) - lowest_) * scale_)));
}

}  // namespace perch
