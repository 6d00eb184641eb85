#include "matching/match_image_patches.hpp"

#include <algorithm>

#include "matching/knn_patches.hpp"
#include "matching/patch_errors.hpp"
#include "planes/accumulator.hpp"
#include "validation/validation.hpp"

namespace perch {
namespace {

/// Side of the tiles if the patches of a tile do not need other patches, so that their sorted values stay in
/// the cache.
constexpr int independent_tile_side = 32;

PartialSums scatter_tile(const Tile& tile, const std::vector<double>& errors, int patch_size, const Stencil& stencil) {
    const int stride = tile.plane_width(patch_size), size = patch_size * patch_size;
    std::vector<double> sums(std::size_t(tile.plane_pixels(patch_size)));
    for (int patch = 0; patch < tile.height * tile.width; patch++) {
        const double* error = errors.data() + std::ptrdiff_t(patch) * size;
        const int origin = patch / tile.width * stride + patch % tile.width;
        for (const StencilOffset& offset : stencil.offsets) {
            for (int t = offset.first; t < offset.first + offset.count; t++) {
                const Tap& tap = stencil.taps[std::size_t(t)];
                const int row = tap.position / patch_size, column = tap.position % patch_size;
                const int pixel = origin + (row + offset.dy) * stride + column + offset.dx;
                sums[std::size_t(pixel)] += tap.weight * error[tap.position];
            }
        }
    }
    return {tile, 0, std::vector<float>(sums.begin(), sums.end())};
}

}  // namespace

void match_image_patches(const FeatureMap& features, const PatchReferences& references, int patch_size,
                         const Stencil& stencil, float* map, const Execution& execution) {
    require_shape(features, patch_size);
    resolve_isa(execution);
    require_references(features, references);
    require_finite(features, execution);
    const auto* indices = std::get_if<PatchIndices>(&references);
    const auto* nearest = std::get_if<NearestPatches>(&references);
    const std::size_t searched = nearest && !nearest->among.empty() ? nearest->among.size() : features.pixels();
    const int k = nearest ? int(std::min(std::size_t(nearest->k), searched)) : 0;
    const double values = double(features.pixels()) * features.channels * patch_size * patch_size;
    double scale = 1.0 / features.channels;
    double steps = values;
    if (indices) steps = values * double(indices->indices.size());
    if (nearest) {
        steps = values * k + knn_steps(features, patch_size);
        scale /= k;
    }
    Progress progress(execution, steps);
    std::vector<std::uint32_t> neighbors;
    if (nearest) neighbors = knn_patches(features, patch_size, k, nearest->among, execution, progress);
    const std::vector<Tile> tiles = indices ? make_tiles(features.height, features.width, independent_tile_side)
                                            : std::vector<Tile>{{0, 0, features.height, features.width}};
    Accumulator accumulator(features.height, features.width, patch_size);
    for (const Tile& tile : tiles) {
        const std::vector<double> errors =
            patch_errors(features, tile, patch_size, references, neighbors, execution, progress);
        accumulator.add(scatter_tile(tile, errors, patch_size, stencil));
    }
    accumulator.crop(scale, map);
}

}  // namespace perch
