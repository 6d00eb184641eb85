#pragma once

#include <bit>
#include <cstdint>

// Integer keys in the order of the floats that they represent. Comparing and sorting integers is faster, and SIMD
// comparisons of integers need no special cases: -0 and +0 have the same key, and the keys of infinities and NaNs are
// outside the range of the keys of finite values.
//
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

/// The same order as an unsigned integer, for `radix_sort`.
inline std::uint32_t radix_key_of(std::int32_t ordered) {
    return std::uint32_t(ordered) ^ 0x80000000u;
}

inline std::uint32_t radix_key(float value) {
    return radix_key_of(ordered_key(value));
}

}  // namespace
}  // namespace perch
