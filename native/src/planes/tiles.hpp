#pragma once

#include <cstdint>
#include <vector>

#include "perch/feature_map.hpp"

namespace perch {

/// A rectangle of patch positions that is processed separately, to bound memory and to stay in the cache. The
/// pixels of its patches form the tile's plane, which has T-1 more rows and columns than the tile. (y, x) is
/// the position of the first patch, and also of that patch's first pixel in the reflect-padded map.
struct Tile {
    int y, x;
    int height, width;

    int plane_height(int patch_size) const { return height + patch_size - 1; }
    int plane_width(int patch_size) const { return width + patch_size - 1; }
    int plane_pixels(int patch_size) const { return plane_height(patch_size) * plane_width(patch_size); }
};

/// Divides the H x W patch positions into the fewest, nearly equal tiles with at most `tile_height` rows and `tile_width` columns.
std::vector<Tile> make_tiles(int height, int width, int tile_height, int tile_width);
std::vector<Tile> make_tiles(int height, int width, int side);

/// For each pixel of a tile's plane, the index of the unpadded channel's pixel that reflect padding copies
/// there.
std::vector<std::uint32_t> padded_source_indices(const FeatureMap& features, const Tile& tile, int patch_size);

/// The index in 0..length-1 that reflection at the border (without repeating the border) maps `index` to.
/// @param index -length < index < 2 * length - 1
constexpr int reflect(int index, int length) {
    if (index < 0) index = -index;
    return index < length ? index : 2 * (length - 1) - index;
}

}  // namespace perch
