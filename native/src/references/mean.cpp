#include "perch/mean.hpp"

#include <algorithm>
#include <cstdint>

#include "execution/parallel.hpp"
#include "references/tile_origins.hpp"
#include "sorting/ordered_keys.hpp"
#include "validation/validation.hpp"

namespace perch {

std::vector<float> mean_reference(const FeatureMap& features, int patch_size, const Execution& execution,
                                  const std::vector<std::uint32_t>& tiles) {
    require_shape(features, patch_size);
    require_tiles(features, patch_size, tiles);
    resolve_isa(execution);
    require_finite(features, execution);
    const std::vector<std::uint32_t> origins = tile_origins(features, patch_size, tiles);
    const std::size_t size = std::size_t(patch_size) * std::size_t(patch_size);
    std::vector<float> reference(std::size_t(features.channels) * size);
    for_each_index(std::size_t(features.channels), execution, [&](std::size_t c, int) {
        std::vector<std::int32_t> tile(size);
        std::vector<double> sums(size);
        for (const std::uint32_t origin_index : origins) {
            const float* origin = features.channel(int(c)) + origin_index;
            for (int y = 0; y < patch_size; y++) {
                const float* row = origin + std::ptrdiff_t(y) * features.width;
                std::transform(row, row + patch_size, tile.begin() + y * patch_size, ordered_key);
            }
            std::sort(tile.begin(), tile.end());
            for (std::size_t i = 0; i < size; i++) sums[i] += value_of_key(tile[i]);
        }
        for (std::size_t i = 0; i < size; i++) reference[c * size + i] = float(sums[i] / double(origins.size()));
    });
    return reference;
}

}  // namespace perch
