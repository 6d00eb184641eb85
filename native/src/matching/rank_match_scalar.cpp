#include "matching/rank_match_scalar.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "simd/scatter_lanes.hpp"
#include "sorting/ordered_keys.hpp"
#include "execution/parallel.hpp"
#include "sorting/radix_sort.hpp"

namespace perch {
namespace {

constexpr int lanes = 16;
/// The largest patch side that is taken.
constexpr int max_patch = 31;
constexpr std::size_t error_budget = 192 * 1024;

/// The largest tiles, of 16 to 64 windows a side, whose sums of errors stay in the cache.
int tile_side(int patch) {
    int side = 64;
    while (side > 16 && (side + patch - 1) * (side + patch - 1) * patch * patch > int(error_budget)) side -= 4;
    return side;
}

/// Matches a pixel in the windows of one row that hold it. In three loops, of which the compiler vectorises the last two.
/// @tparam width their number, or 0 where it is known when running only
template <int width>
void match_row(std::uint16_t* visited, float* error, float value, const float* reference, int count) {
    const int windows = width > 0 ? width : count;
    float matches[max_patch];
    for (int x = 0; x < windows; x++) matches[x] = reference[visited[x]];
    for (int x = 0; x < windows; x++) visited[x]++;
    for (int x = 0; x < windows; x++) error[x] += std::fabs(value - matches[x]);
}

/// The work on one tile, with memory that the next tile of the same thread uses again.
class TileSweep {
public:
    TileSweep(const FeatureMap& features, const std::vector<float>& reference, int patch)
        : features_(features), reference_(reference), patch_(patch), size_(patch * patch) {}

    PartialCanvas run(const Tile& tile, const Fold& fold, const Execution& execution) {
        tile_ = tile;
        sources_ = plane_sources(features_, tile, patch_);
        errors_.assign(sources_.size() * std::size_t(size_), 0.0f);
        for (int c = 0; c < features_.channels; c++) {
            check_cancelled(execution);
            sweep_channel(features_.channel(c), reference_.data() + std::size_t(c) * std::size_t(size_));
        }
        return folded(fold);
    }

private:
    void sweep_channel(const float* values, const float* reference) {
        samples_.resize(sources_.size());
        for (std::size_t i = 0; i < sources_.size(); i++) {
            const auto key = std::uint32_t(ordered_key(values[sources_[i]])) ^ 0x80000000u;
            samples_[i] = {key, std::uint32_t(i)};
        }
        radix_sort(samples_, scratch_);
        visited_.assign(std::size_t(tile_.height * tile_.width), 0);
        // The common patch sides have code of their own, a fifth faster.
        switch (patch_) {
            case 5: return visit_all<5>(values, reference);
            case 7: return visit_all<7>(values, reference);
            case 9: return visit_all<9>(values, reference);
            case 15: return visit_all<15>(values, reference);
            case 25: return visit_all<25>(values, reference);
            default: return visit_all<0>(values, reference);
        }
    }

    template <int side>
    void visit_all(const float* values, const float* reference) {
        for (const Sample& sample : samples_) {
            visit<side>(int(sample.pixel), values[sources_[sample.pixel]], reference);
        }
    }

    /// Matches one pixel in each of the tile's windows that hold it. Errors are kept by window, in raster order, which is
    /// the reverse order of the pixel's position.
    /// @tparam side of the patch, or 0 where it is known when running only
    template <int side>
    void visit(int pixel, float value, const float* reference) {
        const int row = pixel / tile_.plane_width(patch_), column = pixel % tile_.plane_width(patch_);
        const int top = std::max(0, row - patch_ + 1), bottom = std::min(tile_.height - 1, row);
        const int left = std::max(0, column - patch_ + 1), right = std::min(tile_.width - 1, column);
        float* errors = errors_.data() + std::size_t(pixel) * std::size_t(size_);
        for (int y = top; y <= bottom; y++) {
            std::uint16_t* visited = visited_.data() + y * tile_.width + left;
            float* error = errors + (y - row + patch_ - 1) * patch_ + (left - column + patch_ - 1);
            const int windows = right - left + 1;
            if (windows == side) match_row<side>(visited, error, value, reference, windows);
            else match_row<0>(visited, error, value, reference, windows);
        }
    }

    PartialCanvas folded(const Fold& fold) const {
        const int stride = tile_.plane_width(patch_), margin = patch_ * stride;
        PartialCanvas part{tile_, -margin, std::vector<float>(sources_.size() + 2 * std::size_t(margin) + lanes)};
        std::vector<float> block(std::size_t(size_) * lanes);
        for (std::size_t first = 0; first < sources_.size(); first += lanes) {
            const std::size_t count = std::min<std::size_t>(lanes, sources_.size() - first);
            std::fill(block.begin(), block.end(), 0.0f);
            for (std::size_t lane = 0; lane < count; lane++) {
                const float* errors = errors_.data() + (first + lane) * std::size_t(size_);
                for (int at = 0; at < size_; at++) block[std::size_t(size_ - 1 - at) * lanes + lane] = errors[at];
            }
            fold_lanes<lanes>(block.data(), fold.shifts.data(), fold.shifts.size(), fold.terms.data(), stride,
                              part.values.data() + margin + first);
        }
        return part;
    }

    const FeatureMap& features_;
    const std::vector<float>& reference_;
    int patch_, size_;
    Tile tile_{};
    std::vector<std::uint32_t> sources_;
    std::vector<Sample> samples_, scratch_;
    std::vector<std::uint16_t> visited_;  ///< per window
    std::vector<float> errors_;           ///< [pixel][window, in raster order]
};

}  // namespace

void sweep(const FeatureMap& features, const std::vector<float>& reference, int patch, const Fold& fold, Canvas& canvas,
           const Execution& execution) {
    const std::vector<Tile> tiles = cut_tiles(features.height, features.width, tile_side(patch));
    std::vector<PartialCanvas> parts(tiles.size());
    std::vector<TileSweep> sweeps(std::size_t(execution.threads), TileSweep(features, reference, patch));
    Progress progress(execution, double(tiles.size()));
    for_each_index(tiles.size(), execution, [&](std::size_t index, int worker) {
        parts[index] = sweeps[std::size_t(worker)].run(tiles[index], fold, execution);
        progress.advance(1);
    });
    for (const PartialCanvas& part : parts) canvas.add(part);
}

}  // namespace perch
