#include "perch/mean.hpp"

#include <algorithm>
#include <cstdint>

#include "execution/parallel.hpp"
#include "sorting/ordered_keys.hpp"
#include "validation/validation.hpp"

namespace perch {

std::vector<float> mean_reference(const FeatureMap& features, int patch_size, const Execution& execution) {
    require_shape(features, patch_size);
    resolve_isa(execution);
    require_finite(features, execution);
    const int rows = features.height / patch_size, columns = features.width / patch_size;
    const std::size_t size = std::size_t(patch_size) * std::size_t(patch_size);
    std::vector<float> reference(std::size_t(features.channels) * size);
    for_each_index(std::size_t(features.channels), execution, [&](std::size_t c, int) {
        std::vector<std::int32_t> tile(size);
        std::vector<double> sums(size);
        for (int t = 0; t < rows * columns; t++) {
            const float* origin = features.channel(int(c)) + std::ptrdiff_t(t / columns) * patch_size * features.width +
                                  t % columns * patch_size;
            for (int y = 0; y < patch_size; y++) {
                const float* row = origin + std::ptrdiff_t(y) * features.width;
                std::transform(row, row + patch_size, tile.begin() + y * patch_size, ordered_key);
            }
            std::sort(tile.begin(), tile.end());
            for (std::size_t i = 0; i < size; i++) sums[i] += value_of_key(tile[i]);
        }
        for (std::size_t i = 0; i < size; i++) reference[c * size + i] = float(sums[i] / (double(rows) * columns));
    });
    return reference;
}

}  // namespace perch
