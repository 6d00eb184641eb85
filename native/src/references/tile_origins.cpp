#include "references/tile_origins.hpp"

#include <numeric>

namespace perch {

std::vector<std::uint32_t> tile_origins(const FeatureMap& features, int patch_size,
                                        const std::vector<std::uint32_t>& tiles) {
    const auto side = std::uint32_t(patch_size), width = std::uint32_t(features.width);
    const std::uint32_t rows = std::uint32_t(features.height) / side, columns = width / side;
    std::vector<std::uint32_t> origins = tiles;
    if (tiles.empty()) {
        origins.resize(std::size_t(rows) * columns);
        std::iota(origins.begin(), origins.end(), 0u);
    }
    for (std::uint32_t& origin : origins) origin = origin / columns * side * width + origin % columns * side;
    return origins;
}

}  // namespace perch
