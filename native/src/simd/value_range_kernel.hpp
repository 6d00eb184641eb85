#pragma once

#include <cstddef>

// The range of a channel's values, with a variant for each instruction set.
namespace perch {

/// Not finite if any of the values is not.
struct ValueRange {
    float lowest, highest;
};

/// @param count at least 1
using ValueRangeKernel = ValueRange (*)(const float* values, std::size_t count);

extern const ValueRangeKernel value_range_portable;
extern const ValueRangeKernel value_range_avx2;
extern const ValueRangeKernel value_range_avx512;

}  // namespace perch
