#include "planes/accumulator.hpp"

#include <algorithm>

namespace perch {

Accumulator::Accumulator(int height, int width, int patch_size)
    : height_(height), width_(width), patch_size_(patch_size),
      sums_(std::size_t(height + patch_size - 1) * std::size_t(width + patch_size - 1)) {}

void Accumulator::add(const PartialSums& part) {
    const int stride = part.tile.plane_width(patch_size_);
    const int rows = (part.tile.plane_height(patch_size_) - part.first_row + part.row_step - 1) / part.row_step;
    const int end = std::min(rows * stride, part.first + int(part.values.size()));
    for (int pixel = std::max(0, part.first); pixel < end;) {
        const int row = part.first_row + pixel / stride * part.row_step, column = pixel % stride;
        const int length = std::min(stride - column, end - pixel);
        const float* values = part.values.data() + (pixel - part.first);
        double* sums = sums_.data() + std::size_t(part.tile.y + row) * std::size_t(width_ + patch_size_ - 1) +
                       std::size_t(part.tile.x + column);
        for (int i = 0; i < length; i++) sums[i] += values[i];
        pixel += length;
    }
}

void Accumulator::crop(double scale, float* map) const {
    const int half = (patch_size_ - 1) / 2;
    const std::size_t width = std::size_t(width_), stride = std::size_t(width_ + patch_size_ - 1);
    for (int y = 0; y < height_; y++) {
        const double* sums = sums_.data() + std::size_t(y + half) * stride + std::size_t(half);
        for (std::size_t x = 0; x < width; x++) map[std::size_t(y) * width + x] = float(sums[x] * scale);
    }
}

}  // namespace perch
