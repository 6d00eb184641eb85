#pragma once

#include <cstdint>
#include <vector>

#include "perch/feature_map.hpp"

namespace perch {

/// A channel's quantization into levels, and what samples of each level are matched with.
class LevelChannel {
public:
    /// @param values the channel
    /// @param reference T*T ascending values
    LevelChannel(const float* values, std::size_t pixels, const float* reference, int patch_size, int levels);

    /// The level of a value of the channel.
    std::uint8_t level_of(float value) const;

    /// See LevelMatches.
    const std::int32_t* prefix() const { return prefix_.data(); }
    float unit() const { return unit_; }
    /// For each level, rounded up to whole blocks.
    const float* values() const { return values_.data(); }
    const std::int32_t* splits() const { return splits_.data(); }
    const float* slacks() const { return slacks_.data(); }

private:
    int levels_;
    double lowest_, scale_;
    float unit_;
    std::vector<std::int32_t> prefix_, splits_;
    std::vector<float> values_, slacks_;
};

}  // namespace perch
