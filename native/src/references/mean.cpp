#include "perch/mean.hpp"

#include <algorithm>

#include "validation/validation.hpp"
#include "execution/parallel.hpp"

namespace perch {

std::vector<float> mean_reference(const FeatureMap& features, int patch, const Execution& execution) {
    check_shape(features, patch);
    check_execution(execution);
    check_values(features, execution);
    const int rows = features.height / patch, columns = features.width / patch;
    const std::size_t size = std::size_t(patch) * std::size_t(patch);
    std::vector<float> reference(std::size_t(features.channels) * size);
    for_each_index(std::size_t(features.channels), execution, [&](std::size_t c, int) {
        std::vector<float> tile(size);
        std::vector<double> sums(size);
        for (int t = 0; t < rows * columns; t++) {
            const float* corner = features.channel(int(c)) + std::ptrdiff_t(t / columns) * patch * features.width + t % columns * patch;
            for (int y = 0; y < patch; y++) std::copy_n(corner + std::ptrdiff_t(y) * features.width, patch, tile.begin() + y * patch);
            std::sort(tile.begin(), tile.end());
            for (std::size_t i = 0; i < size; i++) sums[i] += tile[i];
        }
        for (std::size_t i = 0; i < size; i++) reference[c * size + i] = float(sums[i] / (double(rows) * columns));
    });
    return reference;
}

}  // namespace perch
