#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

namespace perch {

/// Moves a channel's values and its reference by the same amount into a binade, the floats from 2^k to 2^(k+1), so that
/// the floats share their highest byte. Rounding changes a difference by at most 3e-7 of the channel's range.
///
/// Example: values from 3 to 4.5 move to those from 2 to 3.5, which are the floats 0x40000000 to 0x40600000.
class BinadeShift {
public:
    BinadeShift(float lowest, float highest) : lowest_(lowest), range_(highest - lowest) {
        int exponent;
        // The margin keeps rounding below 2^(k+1).
        std::frexp(range_ * 1.0001f, &exponent);
        base_ = std::ldexp(1.0f, std::max(exponent, -126));
    }

    float range() const { return range_; }
    /// False if the range is so large that no binade has it.
    bool exists() const { return range_ < 0x1p126f; }
    float lowest() const { return lowest_; }
    /// 2^k
    float base() const { return base_; }
    float operator()(float value) const { return (value - lowest_) + base_; }
    /// (value - lowest) / 2^k in units of 2^-16, rounded down. The greater of two values has no smaller fraction.
    std::uint32_t fraction(float value) const { return std::bit_cast<std::uint32_t>(operator()(value)) >> 7 & 0xffff; }

private:
    float lowest_, range_, base_;
};

}  // namespace perch
