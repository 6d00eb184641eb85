#include "planes/blur.hpp"

#include <algorithm>

#include "planes/stencil.hpp"

namespace perch {

Blur::Blur(int height, int width, int patch, double sigma)
    : height_(height), width_(width), half_((patch - 1) / 2), across_(std::size_t(height) * std::size_t(width)),
      padded_(std::size_t(width + patch - 1)) {
    const std::vector<double> weights = gaussian(half_, sigma);
    weights_.assign(weights.begin() + half_, weights.end());
}

void Blur::operator()(float* plane) {
    const auto row_of = [&](float* values, int row) { return values + std::ptrdiff_t(row) * width_; };
    for (int y = 0; y < height_; y++) along_row(row_of(plane, y), row_of(across_.data(), y));
    for (int y = 0; y < height_; y++) {
        float* to = row_of(plane, y);
        const float* own = row_of(across_.data(), y);
        for (int x = 0; x < width_; x++) to[x] = weights_[0] * own[x];
        for (int k = 1; k <= half_; k++) {
            const float* above = row_of(across_.data(), reflect(y - k, height_));
            const float* below = row_of(across_.data(), reflect(y + k, height_));
            const float weight = weights_[std::size_t(k)];
            for (int x = 0; x < width_; x++) to[x] += weight * (above[x] + below[x]);
        }
    }
}

void Blur::along_row(const float* from, float* to) {
    for (int x = -half_; x < width_ + half_; x++) padded_[std::size_t(x + half_)] = from[reflect(x, width_)];
    const float* own = padded_.data() + half_;
    for (int x = 0; x < width_; x++) to[x] = weights_[0] * own[x];
    for (int k = 1; k <= half_; k++) {
        const float weight = weights_[std::size_t(k)];
        for (int x = 0; x < width_; x++) to[x] += weight * (own[x - k] + own[x + k]);
    }
}

}  // namespace perch
