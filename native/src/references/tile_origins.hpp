#pragma once

#include <cstdint>
#include <vector>

#include "perch/feature_map.hpp"

namespace perch {

/// Offset of the first value of each tile in a channel. The map is divided into non-overlapping T x T tiles, without the
/// remainder.
///
/// @param tiles their numbers, row by row; empty for all
std::vector<std::uint32_t> tile_origins(const FeatureMap& features, int patch_size,
                                        const std::vector<std::uint32_t>& tiles);

}  // namespace perch
