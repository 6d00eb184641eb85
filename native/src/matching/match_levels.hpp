#pragma once

#include <vector>

#include "matching/level_channel.hpp"
#include "perch/execution.hpp"
#include "perch/feature_map.hpp"
#include "planes/tiles.hpp"
#include "simd/qfca_kernel.hpp"

namespace perch {

struct LevelWeights {
    int patch_size, levels;
    std::vector<float> patch;      ///< T weights of rows or columns of the patch
    std::vector<float> smoothing;  ///< 2 * radius + 1 weights, radius at most 2
};

/// Writes the scores of the tile's positions, summed over channels.
/// @param sums tile.height x tile.width
void match_levels(const FeatureMap& features, const std::vector<LevelChannel>& channels, const LevelWeights& weights,
                  const Tile& tile, const QfcaKernel& kernel, const Execution& execution, std::vector<double>& sums);

}  // namespace perch
