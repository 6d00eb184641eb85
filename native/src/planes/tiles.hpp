#pragma once

#include <cstdint>
#include <vector>

#include "perch/feature_map.hpp"

namespace perch {

/// A rectangle of window positions. The pixels of its windows, T-1 more a side, are a plane of their own, so that tiles can be
/// worked on by themselves. (y, x) is the first window's position, which is also its first pixel's in the padded map.
struct Tile {
    int y, x;
    int height, width;

    int plane_height(int patch) const { return height + patch - 1; }
    int plane_width(int patch) const { return width + patch - 1; }
    int plane_pixels(int patch) const { return plane_height(patch) * plane_width(patch); }
};

/// Cuts the H x W window positions into the fewest nearly equal tiles of at most `side` rows and columns.
std::vector<Tile> cut_tiles(int height, int width, int side);

/// For each pixel of a tile's plane, the index that reflect padding puts there from the unpadded channel.
std::vector<std::uint32_t> plane_sources(const FeatureMap& features, const Tile& tile, int patch);

/// A stretch of a tile's flattened plane with what was folded onto it.
struct PartialCanvas {
    Tile tile;
    int first;  ///< may lie before the plane, and the end behind it; only zeros are there
    std::vector<float> values;
};

/// The sum of partial canvases over the padded map, added in the order of the calls.
class Canvas {
public:
    Canvas(int height, int width, int patch);
    void add(const PartialCanvas& part);
    /// Writes the canvas without its padding, times `scale`, to `map` (H x W).
    void crop(double scale, float* map) const;

private:
    int height_, width_, patch_;
    std::vector<double> sums_;
};

}  // namespace perch
