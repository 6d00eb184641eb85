#include "planes/tiles.hpp"

namespace perch {

std::vector<Tile> make_tiles(int height, int width, int side) {
    return make_tiles(height, width, side, side);
}

std::vector<Tile> make_tiles(int height, int width, int tile_height, int tile_width) {
    const int rows = (height + tile_height - 1) / tile_height, columns = (width + tile_width - 1) / tile_width;
    const auto start = [](int length, int parts, int part) { return int(std::int64_t(length) * part / parts); };
    std::vector<Tile> tiles;
    for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) {
            const int y = start(height, rows, r), x = start(width, columns, c);
            tiles.push_back({y, x, start(height, rows, r + 1) - y, start(width, columns, c + 1) - x});
        }
    }
    return tiles;
}

std::vector<std::uint32_t> padded_source_indices(const FeatureMap& features, const Tile& tile, int patch_size) {
    const int half = (patch_size - 1) / 2;
    std::vector<std::uint32_t> indices;
    indices.reserve(std::size_t(tile.plane_pixels(patch_size)));
    for (int r = 0; r < tile.plane_height(patch_size); r++) {
        const int row = reflect(tile.y + r - half, features.height);
        for (int s = 0; s < tile.plane_width(patch_size); s++) {
            const int column = reflect(tile.x + s - half, features.width);
            indices.push_back(std::uint32_t(row) * std::uint32_t(features.width) + std::uint32_t(column));
        }
    }
    return indices;
}

}  // namespace perch
