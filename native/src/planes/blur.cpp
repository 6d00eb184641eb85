#include "planes/blur.hpp"

#include <algorithm>

#include "planes/gaussian.hpp"
#include "planes/tiles.hpp"

namespace perch {

Blur::Blur(int height, int width, int patch_size, double sigma)
    : height_(height), width_(width), half_((patch_size - 1) / 2), rows_(std::size_t(height) * std::size_t(width)),
      padded_(std::size_t(width + patch_size - 1)) {
    const std::vector<double> weights = gaussian(half_, sigma);
    weights_.assign(weights.begin() + half_, weights.end());
}

void Blur::operator()(float* plane) {
    const auto row_of = [&](float* values, int row) { return values + std::ptrdiff_t(row) * width_; };
    for (int y = 0; y < height_; y++) blur_row(row_of(plane, y), row_of(rows_.data(), y));
    for (int y = 0; y < height_; y++) {
        float* to = row_of(plane, y);
        const float* center = row_of(rows_.data(), y);
        for (int x = 0; x < width_; x++) to[x] = weights_[0] * center[x];
        for (int k = 1; k <= half_; k++) {
            const float* above = row_of(rows_.data(), reflect(y - k, height_));
            const float* below = row_of(rows_.data(), reflect(y + k, height_));
            const float weight = weights_[std::size_t(k)];
            for (int x = 0; x < width_; x++) to[x] += weight * (above[x] + below[x]);
        }
    }
}

void Blur::blur_row(const float* from, float* to) {
    for (int x = -half_; x < width_ + half_; x++) padded_[std::size_t(x + half_)] = from[reflect(x, width_)];
    const float* center = padded_.data() + half_;
    for (int x = 0; x < width_; x++) to[x] = weights_[0] * center[x];
    for (int k = 1; k <= half_; k++) {
        const float weight = weights_[std::size_t(k)];
        for (int x = 0; x < width_; x++) to[x] += weight * (center[x - k] + center[x + k]);
    }
}

}  // namespace perch
