#include "matching/rank_match_simd.hpp"

#include <algorithm>
#include <bit>
#include <functional>

#include "memory/aligned_vector.hpp"
#include "execution/parallel.hpp"
#include "sorting/channel_ranker.hpp"

namespace perch {
namespace {

/// Dense ranks take 16 bits on a plane of at most this many pixels a side.
constexpr int plane_side = 255;
/// Memory for the sums of errors of a tile.
constexpr std::size_t error_budget = 24 << 20;
/// Memory for the planes of a group of channels. All of it, and those sums, should stay in the processor's last cache.
constexpr std::size_t group_budget = 16 << 20;
/// Pixels whose sums of errors stay in a core's own cache while a thread goes through the channels of a group.
constexpr int run_pixels = 512;
/// Ranking a channel costs about this part of counting in it.
constexpr double ranking_share = 0.25;

/// The largest tiles whose ranks fit 16 bits and whose errors fit their budget.
int tile_side(int patch) {
    int side = plane_side;
    while (std::size_t(side * side * patch * patch) * sizeof(float) > error_budget) side--;
    return side - patch + 1;
}

/// The work on one tile. Channels come in groups: their planes are ranked in parallel, channel by channel, then their errors
/// are added to the tile's sums in parallel, run by run.
class TileCounting {
public:
    TileCounting(const FeatureMap& features, const std::vector<float>& reference, int patch, const Tile& tile,
                 const CountingKernel& kernel, const Execution& execution, Progress& progress)
        : features_(features), reference_(reference), size_(std::size_t(patch * patch)), patch_(patch), tile_(tile),
          kernel_(kernel), execution_(execution), progress_(progress),
          rankings_(std::size_t(execution.threads), ChannelRanking(features, tile, patch)),
          pixels_((std::size_t(tile.plane_pixels(patch)) + 63) / 64 * 64),
          margin_(std::size_t((patch - 1) * (tile.plane_width(patch) + 1))), key_plane_(pixels_ + 2 * margin_) {
        const std::size_t channel_bytes = key_plane_ * sizeof(std::int16_t) + pixels_ * sizeof(float);
        group_ = std::min(int(std::max<std::size_t>(group_budget / channel_bytes, 2)), features.channels + 1) / 2 * 2;
        keys_.resize(key_plane_ * std::size_t(group_));
        values_.resize(pixels_ * std::size_t(group_));
        errors_.resize(pixels_ * size_);
    }

    void run() {
        for (int first = 0; first < features_.channels; first += group_) {
            const int channels = std::min(group_, features_.channels - first);
            rank(first, channels);
            for_each_run([&](PixelRun run, std::size_t runs) {
                kernel_.sum_errors(planes((channels + 1) / 2 * 2), patch_, run, errors_of(run));
                progress_.advance((1 - ranking_share) * channels / double(runs));
            });
        }
    }

    void fold_onto(Canvas& canvas, const Fold& fold) {
        std::vector<PartialCanvas> parts((pixels_ + run_pixels - 1) / run_pixels);
        for_each_run([&](PixelRun run, std::size_t) { parts[std::size_t(run.first / run_pixels)] = folded(run, fold); });
        for (const PartialCanvas& part : parts) canvas.add(part);
    }

private:
    RankedPlanes planes(int channels) const {
        return {keys_.data() + margin_,
                std::ptrdiff_t(key_plane_),
                values_.data(),
                std::ptrdiff_t(pixels_),
                tables_.data(),
                channels,
                tile_.plane_height(patch_),
                tile_.plane_width(patch_)};
    }

    float* errors_of(PixelRun run) { return errors_.data() + std::size_t(run.first) * size_; }

    void for_each_run(const std::function<void(PixelRun, std::size_t runs)>& task) {
        const std::size_t runs = (pixels_ + run_pixels - 1) / run_pixels;
        for_each_index(runs, execution_, [&](std::size_t index, int) {
            const int first = int(index) * run_pixels;
            task({first, std::min(run_pixels, int(pixels_) - first) / kernel_.lanes}, runs);
        });
    }

    void rank(int first, int channels) {
        tables_.assign(std::size_t(group_) * table_bytes, 0);
        // Channels are counted in pairs; the partner of the last one has no errors.
        if (channels % 2 == 1) std::fill_n(values_.data() + std::size_t(channels) * pixels_, pixels_, 0.0f);
        for_each_index(std::size_t(channels), execution_, [&](std::size_t c, int worker) {
            rankings_[std::size_t(worker)].rank(features_.channel(first + int(c)), keys_.data() + c * key_plane_ + margin_,
                                                values_.data() + c * pixels_);
            for (std::size_t r = 0; r < size_; r++) {
                const auto entry = std::bit_cast<std::uint32_t>(reference_[(std::size_t(first) + c) * size_ + r]);
                for (int byte = 0; byte < 4; byte++) {
                    tables_[c * table_bytes + std::size_t(byte) * 256 + r] = std::uint8_t(entry >> (8 * byte));
                }
            }
            progress_.advance(ranking_share);
        });
    }

    PartialCanvas folded(PixelRun run, const Fold& fold) {
        const int spread = int(margin_), pixels = run.blocks * kernel_.lanes;
        PartialCanvas part{tile_, run.first - spread, std::vector<float>(std::size_t(pixels + 2 * spread))};
        CacheLines<float> block(size_ * std::size_t(kernel_.lanes));
        kernel_.fold(planes(0), patch_, run, errors_of(run), fold.shifts.data(), fold.shifts.size(), fold.terms.data(),
                     block.data(), part.values.data() + spread);
        return part;
    }

    const FeatureMap& features_;
    const std::vector<float>& reference_;
    std::size_t size_;
    int patch_;
    Tile tile_;
    const CountingKernel& kernel_;
    const Execution& execution_;
    Progress& progress_;
    std::vector<ChannelRanking> rankings_;  ///< one a thread
    std::size_t pixels_;                    ///< of the plane, rounded up to whole blocks
    std::size_t margin_;                    ///< keys that are read before and after the plane
    std::size_t key_plane_;
    int group_;  ///< channels at a time, even
    CacheLines<std::int16_t> keys_;
    CacheLines<float> values_;
    std::vector<std::uint8_t> tables_;
    CacheLines<float> errors_;
};

}  // namespace

void count_windows(const FeatureMap& features, const std::vector<float>& reference, int patch, const Fold& fold,
                   const CountingKernel& kernel, Canvas& canvas, const Execution& execution) {
    const std::vector<Tile> tiles = cut_tiles(features.height, features.width, tile_side(patch));
    Progress progress(execution, double(tiles.size()) * features.channels);
    for (const Tile& tile : tiles) {
        TileCounting counting(features, reference, patch, tile, kernel, execution, progress);
        counting.run();
        counting.fold_onto(canvas, fold);
    }
}

}  // namespace perch
