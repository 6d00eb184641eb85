#pragma once

#include "simd/value_range_kernel.hpp"
#include "sorting/ordered_keys.hpp"

// A loop that compilers vectorize. Each instruction set compiles this header with its own flags.
//
// Internal linkage: this header is compiled for several instruction sets, which must not share code.
namespace perch {
namespace {

/// Compares keys, because the keys of infinities and NaNs are outside the range of those of finite values.
inline ValueRange value_range(const float* values, std::size_t count) {
    std::int32_t lowest = ordered_key(values[0]), highest = lowest;
    for (std::size_t i = 0; i < count; i++) {
        const std::int32_t key = ordered_key(values[i]);
        lowest = key < lowest ? key : lowest;
        highest = key > highest ? key : highest;
    }
    return {value_of_key(lowest), value_of_key(highest)};
}

}  // namespace
}  // namespace perch
