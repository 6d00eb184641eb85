#include "matching/rank_match_scalar.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "execution/parallel.hpp"
#include "simd/scatter_lanes.hpp"
#include "sorting/ordered_keys.hpp"
#include "sorting/radix_sort.hpp"
#include "validation/validation.hpp"

namespace perch {
namespace {

constexpr int lanes = 16;
/// Number of error sums that stay in the cache.
constexpr int max_errors = 192 * 1024;

/// Height and width of the largest tiles, 16 to 64 patches, whose error sums stay in the cache. Wide, because work is wasted
/// at the left and right of a tile.
std::pair<int, int> tile_size(int patch_size) {
    int height = 64, width = 64;
    const auto pixels = [&] { return (height + patch_size - 1) * (width + patch_size - 1); };
    while (width > 16 && pixels() * patch_size * patch_size > max_errors) (height > 16 ? height : width) -= 4;
    return {height, width};
}

/// Matches a pixel in the patches of one row that contain it. Three loops, because the compiler vectorizes the last
/// two.
/// @tparam width the patch size, or 0 to use `patch_size`
template <int width>
void match_row(std::uint16_t* visited, float* error, float value, const float* reference, int patch_size) {
    const int patches = width > 0 ? width : patch_size;
    float matches[max_patch_size];
    for (int x = 0; x < patches; x++) matches[x] = reference[visited[x]];
    for (int x = 0; x < patches; x++) visited[x]++;
    for (int x = 0; x < patches; x++) error[x] += std::fabs(value - matches[x]);
}

/// Matches the patches of one tile. Reuses its memory for the next tile of the same thread.
class TileMatcher {
public:
    TileMatcher(const FeatureMap& features, const std::vector<float>& reference, int patch_size)
        : features_(features), reference_(reference), patch_size_(patch_size), size_(patch_size * patch_size) {}

    PartialSums run(const Tile& tile, const Stencil& stencil, const Execution& execution) {
        tile_ = tile;
        source_indices_ = padded_source_indices(features_, tile, patch_size_);
        errors_.assign(source_indices_.size() * std::size_t(size_), 0.0f);
        for (int c = 0; c < features_.channels; c++) {
            check_canceled(execution);
            match_channel(features_.channel(c), reference_.data() + std::size_t(c) * std::size_t(size_));
        }
        clear_outside();
        return scatter(stencil);
    }

private:
    void match_channel(const float* values, const float* reference) {
        entries_.resize(source_indices_.size());
        for (std::size_t i = 0; i < source_indices_.size(); i++) {
            const auto key = radix_key(values[source_indices_[i]]);
            entries_[i] = {key, std::uint32_t(i)};
        }
        radix_sort(entries_, scratch_);
        visited_.assign(std::size_t(tile_.height * visited_width()), 0);
        // A constant patch size makes the loops faster. These are the common sizes.
        switch (patch_size_) {
            case 3: return visit_all<3>(values, reference);
            case 5: return visit_all<5>(values, reference);
            case 7: return visit_all<7>(values, reference);
            case 9: return visit_all<9>(values, reference);
            case 11: return visit_all<11>(values, reference);
            case 13: return visit_all<13>(values, reference);
            case 15: return visit_all<15>(values, reference);
            case 25: return visit_all<25>(values, reference);
            default: return visit_all<0>(values, reference);
        }
    }

    template <int size>
    void visit_all(const float* values, const float* reference) {
        for (const KeyedIndex& entry : entries_) {
            visit<size>(int(entry.index), values[source_indices_[entry.index]], reference);
        }
    }

    /// Patches left and right of the tile are counted, too, so that a pixel is in the same number of patches everywhere.
    int visited_width() const { return tile_.width + 2 * (patch_size_ - 1); }

    /// Matches one pixel in each of the patches that contain it. Errors are stored by patch in raster order, which is the
    /// reverse of the order of the pixel's positions.
    /// @tparam size the patch size, or 0 to use patch_size_
    template <int size>
    void visit(int pixel, float value, const float* reference) {
        const int row = pixel / tile_.plane_width(patch_size_), column = pixel % tile_.plane_width(patch_size_);
        const int top = std::max(0, row - patch_size_ + 1), bottom = std::min(tile_.height - 1, row);
        std::uint16_t* visited = visited_.data() + top * visited_width() + column;
        float* error =
            errors_.data() + std::size_t(pixel) * std::size_t(size_) + (top - row + patch_size_ - 1) * patch_size_;
        for (int y = top; y <= bottom; y++) {
            match_row<size>(visited, error, value, reference, patch_size_);
            visited += visited_width();
            error += patch_size_;
        }
    }

    /// Clears the errors in patches left and right of the tile.
    void clear_outside() {
        const int plane_width = tile_.plane_width(patch_size_), padding = patch_size_ - 1;
        float* errors = errors_.data();
        for (int pixel = 0; pixel < int(source_indices_.size()); pixel++) {
            const int column = pixel % plane_width;
            const int first = std::max(0, padding - column), end = std::min(patch_size_, plane_width - column);
            for (int i = 0; i < patch_size_; i++, errors += patch_size_) {
                std::fill(errors, errors + first, 0.0f);
                std::fill(errors + end, errors + patch_size_, 0.0f);
            }
        }
    }

    PartialSums scatter(const Stencil& stencil) const {
        const int stride = tile_.plane_width(patch_size_), margin = patch_size_ * stride;
        PartialSums part{tile_, -margin, std::vector<float>(source_indices_.size() + 2 * std::size_t(margin) + lanes)};
        std::vector<float> block(std::size_t(size_) * lanes);
        for (std::size_t first = 0; first < source_indices_.size(); first += lanes) {
            const std::size_t count = std::min<std::size_t>(lanes, source_indices_.size() - first);
            std::fill(block.begin(), block.end(), 0.0f);
            for (std::size_t lane = 0; lane < count; lane++) {
                const float* errors = errors_.data() + (first + lane) * std::size_t(size_);
                for (int i = 0; i < size_; i++) block[std::size_t(size_ - 1 - i) * lanes + lane] = errors[i];
            }
            float* sums = part.values.data() + margin + first;
            scatter_lanes<lanes>(block.data(), stencil.offsets.data(), stencil.offsets.size(), stencil.taps.data(),
                                 [&](int dy, int dx) { return sums + dy * stride + dx; });
        }
        return part;
    }

    const FeatureMap& features_;
    const std::vector<float>& reference_;
    int patch_size_, size_;
    Tile tile_{};
    std::vector<std::uint32_t> source_indices_;
    std::vector<KeyedIndex> entries_, scratch_;
    std::vector<std::uint16_t> visited_;  ///< for each patch
    std::vector<float> errors_;           ///< [pixel][patch, in raster order]
};

}  // namespace

void rank_match_scalar(const FeatureMap& features, const std::vector<float>& reference, int patch_size,
                       const Stencil& stencil, Accumulator& accumulator, const Execution& execution) {
    const auto [tile_height, tile_width] = tile_size(patch_size);
    const std::vector<Tile> tiles = make_tiles(features.height, features.width, tile_height, tile_width);
    std::vector<PartialSums> parts(tiles.size());
    std::vector<TileMatcher> matchers(std::size_t(execution.threads), TileMatcher(features, reference, patch_size));
    Progress progress(execution, double(tiles.size()));
    for_each_index(tiles.size(), execution, [&](std::size_t index, int worker) {
        parts[index] = matchers[std::size_t(worker)].run(tiles[index], stencil, execution);
        progress.advance(1);
    });
    for (const PartialSums& part : parts) accumulator.add(part);
}

}  // namespace perch
