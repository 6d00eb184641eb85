#pragma once

#include <bit>
#include <cstdint>

// Integers that order as floats do, and in which -0 equals +0. Infinities and NaNs lie outside the keys of finite values.
// Internal linkage: this header is compiled for several instruction sets, which must not share code.
namespace perch {
namespace {

inline std::int32_t ordered_key(float value) {
    const auto bits = std::bit_cast<std::int32_t>(value + 0.0f);
    return bits ^ ((bits >> 31) & 0x7fffffff);
}

inline float value_of_key(std::int32_t key) {
    return std::bit_cast<float>(key ^ ((key >> 31) & 0x7fffffff));
}

}  // namespace
}  // namespace perch
