#include "perch/qfca.hpp"

#include <algorithm>
#include <string>

#include "execution/parallel.hpp"
#include "matching/match_levels.hpp"
#include "perch/errors.hpp"
#include "planes/gaussian.hpp"
#include "simd/dispatch.hpp"
#include "validation/validation.hpp"

namespace perch {
namespace {

constexpr int smoothing_radius = 2;
constexpr int min_levels = 2, max_levels = 128;
/// Largest and smallest side of a tile. Large tiles share more histograms, small ones keep all threads busy.
constexpr int max_side = 256, min_side = 32;

std::vector<float> weights_of(int radius, double sigma) {
    const std::vector<double> weights = gaussian(radius, sigma);
    return {weights.begin(), weights.end()};
}

}  // namespace

void qfca(const FeatureMap& features, const std::vector<float>& reference, const QfcaParameters& parameters, float* map,
          const Execution& execution) {
    const auto [patch_size, sigma_p, sigma_s, levels] = parameters;
    require_sigma("sigma_p", sigma_p, false);
    require_sigma("sigma_s", sigma_s, true);
    if (levels < min_levels || levels > max_levels) {
        raise(InvalidArgument("The number of levels is " + std::to_string(levels) + "; it must be 2 to 128."));
    }
    require_shape(features, patch_size);
    require_reference(features, patch_size, reference);
    const QfcaKernel& kernel = qfca_kernel(resolve_isa(execution));
    require_finite(features, execution);

    std::vector<LevelChannel> channels;
    for (int c = 0; c < features.channels; c++) {
        check_canceled(execution);
        const float* list = reference.data() + std::ptrdiff_t(c) * patch_size * patch_size;
        channels.emplace_back(features.channel(c), features.pixels(), list, patch_size, levels);
    }
    const LevelWeights weights{patch_size, levels, weights_of((patch_size - 1) / 2, sigma_p),
                               weights_of(sigma_s > 0 ? smoothing_radius : 0, sigma_s)};
    const int strip = std::clamp((features.height + execution.threads - 1) / execution.threads, min_side, max_side);
    std::vector<Tile> tiles;
    for (const Tile& rows : make_tiles(features.height, 1, strip)) {
        for (const Tile& columns : make_tiles(1, features.width, max_side)) {
            tiles.push_back({rows.y, columns.x, rows.height, columns.width});
        }
    }
    Progress progress(execution, double(tiles.size()));
    for_each_index(tiles.size(), execution, [&](std::size_t index, int) {
        const Tile& tile = tiles[index];
        std::vector<double> sums;
        match_levels(features, channels, weights, tile, kernel, execution, sums);
        for (int y = 0; y < tile.height; y++) {
            float* row = map + std::ptrdiff_t(tile.y + y) * features.width + tile.x;
            for (int x = 0; x < tile.width; x++) {
                row[x] = float(sums[std::size_t(y) * std::size_t(tile.width) + std::size_t(x)] / features.channels);
            }
        }
        progress.advance(1);
    });
}

}  // namespace perch
