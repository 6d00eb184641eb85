#include "planes/tiles.hpp"

#include <algorithm>

#include "planes/stencil.hpp"

namespace perch {

std::vector<Tile> cut_tiles(int height, int width, int side) {
    const int rows = (height + side - 1) / side, columns = (width + side - 1) / side;
    const auto cut = [](int length, int parts, int part) { return int(std::int64_t(length) * part / parts); };
    std::vector<Tile> tiles;
    for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) {
            const int y = cut(height, rows, r), x = cut(width, columns, c);
            tiles.push_back({y, x, cut(height, rows, r + 1) - y, cut(width, columns, c + 1) - x});
        }
    }
    return tiles;
}

std::vector<std::uint32_t> plane_sources(const FeatureMap& features, const Tile& tile, int patch) {
    const int half = (patch - 1) / 2;
    std::vector<std::uint32_t> sources;
    sources.reserve(std::size_t(tile.plane_pixels(patch)));
    for (int r = 0; r < tile.plane_height(patch); r++) {
        const int row = reflect(tile.y + r - half, features.height);
        for (int s = 0; s < tile.plane_width(patch); s++) {
            const int column = reflect(tile.x + s - half, features.width);
            sources.push_back(std::uint32_t(row) * std::uint32_t(features.width) + std::uint32_t(column));
        }
    }
    return sources;
}

Canvas::Canvas(int height, int width, int patch)
    : height_(height), width_(width), patch_(patch),
      sums_(std::size_t(height + patch - 1) * std::size_t(width + patch - 1)) {}

void Canvas::add(const PartialCanvas& part) {
    const int stride = part.tile.plane_width(patch_);
    const int end = std::min(part.tile.plane_pixels(patch_), part.first + int(part.values.size()));
    for (int pixel = std::max(0, part.first); pixel < end;) {
        const int row = pixel / stride, column = pixel % stride;
        const int length = std::min(stride - column, end - pixel);
        const float* values = part.values.data() + (pixel - part.first);
        double* sums = sums_.data() + std::size_t(part.tile.y + row) * std::size_t(width_ + patch_ - 1) +
                       std::size_t(part.tile.x + column);
        for (int i = 0; i < length; i++) sums[i] += values[i];
        pixel += length;
    }
}

void Canvas::crop(double scale, float* map) const {
    const int half = (patch_ - 1) / 2;
    for (int y = 0; y < height_; y++) {
        const double* sums = sums_.data() + std::size_t(y + half) * std::size_t(width_ + patch_ - 1) + std::size_t(half);
        for (int x = 0; x < width_; x++) map[std::size_t(y) * std::size_t(width_) + std::size_t(x)] = float(sums[x] * scale);
    }
}

}  // namespace perch
