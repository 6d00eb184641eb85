#pragma once

#include <cstddef>

namespace perch {

/// A view of feature vectors: `count` rows of `length` float32, row-major. The caller owns the memory.
struct Rows {
    const float* values = nullptr;
    std::size_t count = 0;
    int length = 0;

    const float* row(std::size_t index) const { return values + index * std::size_t(length); }
};

/// The largest magnitude of a feature that is compared by squared distances. The squares of larger ones overflow
/// float32 when they are summed.
constexpr float max_compared_feature = 1e15f;

}  // namespace perch
