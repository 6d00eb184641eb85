#pragma once

#include <cstdint>
#include <vector>

#include "perch/feature_map.hpp"

namespace perch {

/// Offset of each tile's first value in a channel. The map is divided into non-overlapping T x T tiles,
/// without the remainder.
///
/// @param tiles the tile numbers, row by row; empty for all tiles
std::vector<std::uint32_t> tile_origins(const FeatureMap& features, int patch_size,
                                        const std::vector<std::uint32_t>& tiles);

}  // namespace perch
