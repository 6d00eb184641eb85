#include "perch/median.hpp"

#include <algorithm>

#include "arguments.hpp"
#include "parallel.hpp"

namespace perch {

std::vector<float> median_reference(const FeatureMap& features, int patch, const Execution& execution) {
    check_shape(features, patch);
    check_execution(execution);
    check_values(features, execution);
    const int rows = features.height / patch, columns = features.width / patch, size = patch * patch;
    const std::size_t tiles = std::size_t(rows) * std::size_t(columns);
    std::vector<float> reference(std::size_t(features.channels) * std::size_t(size));
    for_each_index(std::size_t(features.channels), execution, [&](std::size_t c, int) {
        std::vector<float> ranks(std::size_t(size) * tiles), tile(static_cast<std::size_t>(size));
        for (std::size_t t = 0; t < tiles; t++) {
            const int y = int(t) / columns * patch, x = int(t) % columns * patch;
            for (int i = 0; i < size; i++) {
                tile[std::size_t(i)] = features.channel(int(c))[(y + i / patch) * features.width + x + i % patch];
            }
            std::sort(tile.begin(), tile.end());
            for (int i = 0; i < size; i++) ranks[std::size_t(i) * tiles + t] = tile[std::size_t(i)];
        }
        for (int r = 0; r < size; r++) {
            float* rank = ranks.data() + std::size_t(r) * tiles;
            std::nth_element(rank, rank + (tiles - 1) / 2, rank + tiles);
            reference[c * std::size_t(size) + std::size_t(r)] = rank[(tiles - 1) / 2];
        }
    });
    return reference;
}

}  // namespace perch
