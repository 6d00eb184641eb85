#pragma once

#include <cuda_runtime.h>

#include <cstdint>
#include <cstring>

namespace perch::cuda {

/// An integer in the order of the floats (src/sorting/ordered_keys.hpp). -0 and +0 have the same key.
__host__ __device__ inline std::int32_t ordered_key(float value) {
    value += 0.0f;
    std::int32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits ^ ((bits >> 31) & 0x7fffffff);
}

__host__ __device__ inline float value_of_key(std::int32_t key) {
    key ^= (key >> 31) & 0x7fffffff;
    float value;
    memcpy(&value, &key, sizeof value);
    return value;
}

}  // namespace perch::cuda
