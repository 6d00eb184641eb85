#include "matching/match_image_patches.hpp"

#include <algorithm>

#include "validation/validation.hpp"
#include "matching/knn_patches.hpp"
#include "validation/reference_validation.hpp"
#include "planes/tiles.hpp"
#include "matching/patch_errors.hpp"

namespace perch {
namespace {

/// Where the windows of a tile need no others, tiles have at most so many rows and columns of windows: their sorted values stay
/// in the cache.
constexpr int tile_side = 32;

PartialCanvas fold_tile(const Tile& tile, const std::vector<double>& errors, int patch, const Fold& fold) {
    const int stride = tile.plane_width(patch), size = patch * patch;
    std::vector<double> sums(std::size_t(tile.plane_pixels(patch)));
    for (int window = 0; window < tile.height * tile.width; window++) {
        const double* error = errors.data() + std::ptrdiff_t(window) * size;
        const int corner = window / tile.width * stride + window % tile.width;
        for (const FoldShift& shift : fold.shifts) {
            for (int t = shift.first; t < shift.first + shift.count; t++) {
                const int row = fold.terms[t].position / patch, column = fold.terms[t].position % patch;
                const int pixel = corner + (row + shift.dy) * stride + column + shift.dx;
                sums[std::size_t(pixel)] += fold.terms[t].weight * error[fold.terms[t].position];
            }
        }
    }
    return {tile, 0, std::vector<float>(sums.begin(), sums.end())};
}

}  // namespace

void match_windows(const FeatureMap& features, const SampleWindows& references, int patch, const Fold& fold, float* map,
                   const Execution& execution) {
    check_shape(features, patch);
    check_execution(execution);
    check_values(features, execution);
    check_references(features, references);
    const double values = double(features.pixels()) * features.channels * patch * patch;
    std::vector<std::uint32_t> neighbours;
    double scale = 1.0 / features.channels;
    double steps = values;
    if (const auto* chosen = std::get_if<ChosenWindows>(&references)) steps = values * double(chosen->positions.size());
    const auto* nearest = std::get_if<NearestWindows>(&references);
    const int count = nearest ? int(std::min<std::size_t>(std::size_t(nearest->count), features.pixels())) : 0;
    if (nearest) {
        steps = values * count + comparison_steps(features, patch);
        scale /= count;
    }
    Progress progress(execution, steps);
    if (nearest) neighbours = nearest_windows(features, patch, count, execution, progress);
    const bool independent = std::holds_alternative<ChosenWindows>(references);
    const std::vector<Tile> tiles = independent ? cut_tiles(features.height, features.width, tile_side)
                                                : std::vector<Tile>{{0, 0, features.height, features.width}};
    Canvas canvas(features.height, features.width, patch);
    for (const Tile& tile : tiles) {
        const std::vector<double> errors =
            window_errors(features, tile, patch, references, neighbours, execution, progress);
        canvas.add(fold_tile(tile, errors, patch, fold));
    }
    canvas.crop(scale, map);
}

}  // namespace perch
