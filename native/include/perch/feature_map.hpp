#pragma once

#include <cstddef>

namespace perch {

/// A view of the features of one image: C x H x W float32, row-major, all finite. The caller owns the memory.
struct FeatureMap {
    const float* values = nullptr;
    int channels = 0;
    int height = 0;
    int width = 0;

    std::size_t pixels() const { return std::size_t(height) * std::size_t(width); }
    const float* channel(int c) const { return values + std::size_t(c) * pixels(); }
};

}  // namespace perch
