#include "matching/rank_match_scalar.hpp"

#include <algorithm>
#include <cmath>

#include "execution/parallel.hpp"
#include "simd/scatter_lanes.hpp"
#include "sorting/ordered_keys.hpp"
#include "sorting/radix_sort.hpp"
#include "validation/validation.hpp"

namespace perch {
namespace {

constexpr int lanes = 16;
/// Size in bytes of error sums that stay in the cache.
constexpr std::size_t error_budget = 192 * 1024;

/// Side of the largest tiles, 16 to 64 patches, within the budget.
int tile_side(int patch_size) {
    int side = 64;
    const auto plane_pixels = [&] { return (side + patch_size - 1) * (side + patch_size - 1); };
    while (side > 16 && plane_pixels() * patch_size * patch_size > int(error_budget)) side -= 4;
    return side;
}

/// Matches a pixel in the patches of one row that contain it. Three loops, because the compiler vectorizes the last
/// two.
/// @tparam width the number of patches, or 0 to use `count`
template <int width>
void match_row(std::uint16_t* visited, float* error, float value, const float* reference, int count) {
    const int patches = width > 0 ? width : count;
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
        visited_.assign(std::size_t(tile_.height * tile_.width), 0);
        // A constant patch size makes the loops about 20 % faster. These are the common sizes.
        switch (patch_size_) {
            case 5: return visit_all<5>(values, reference);
            case 7: return visit_all<7>(values, reference);
            case 9: return visit_all<9>(values, reference);
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

    /// Matches one pixel in each of the tile's patches that contain it. Errors are stored by patch in raster order,
    /// which is the reverse of the order of the pixel's positions.
    /// @tparam size the patch size, or 0 to use patch_size_
    template <int size>
    void visit(int pixel, float value, const float* reference) {
        const int row = pixel / tile_.plane_width(patch_size_), column = pixel % tile_.plane_width(patch_size_);
        const int top = std::max(0, row - patch_size_ + 1), bottom = std::min(tile_.height - 1, row);
        const int left = std::max(0, column - patch_size_ + 1), right = std::min(tile_.width - 1, column);
        float* errors = errors_.data() + std::size_t(pixel) * std::size_t(size_);
        for (int y = top; y <= bottom; y++) {
            std::uint16_t* visited = visited_.data() + y * tile_.width + left;
            float* error = errors + (y - row + patch_size_ - 1) * patch_size_ + (left - column + patch_size_ - 1);
            const int patches = right - left + 1;
            if (patches == size)
                match_row<size>(visited, error, value, reference, patches);
            else
                match_row<0>(visited, error, value, reference, patches);
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
    const std::vector<Tile> tiles = make_tiles(features.height, features.width, tile_side(patch_size));
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
