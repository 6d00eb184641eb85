#include "matching/rank_match_simd.hpp"

#include <algorithm>
#include <bit>
#include <functional>

#include "execution/parallel.hpp"
#include "memory/aligned_vector.hpp"
#include "sorting/channel_ranker.hpp"

namespace perch {
namespace {

/// Side of the largest plane whose dense ranks fit into 16 bits.
constexpr int plane_side = 255;
/// Maximum size in bytes of a tile's error sums.
constexpr std::size_t error_budget = 24 << 20;
/// Maximum size in bytes of the planes of a channel group. Together with the sums they should stay in the
/// last-level cache.
constexpr std::size_t group_budget = 16 << 20;
/// Number of pixels per task. Their error sums stay in a core's cache while the thread adds the channels of a
/// group.
constexpr int run_pixels = 512;
/// Estimated share of ranking in the cost of a channel, for progress.
constexpr double ranking_share = 0.25;

/// Side of the largest tiles whose ranks fit into 16 bits and whose errors are within the budget.
int tile_side(int patch_size) {
    int side = plane_side;
    while (std::size_t(side * side * patch_size * patch_size) * sizeof(float) > error_budget) side--;
    return side - patch_size + 1;
}

/// Matches the patches of one tile. For each group of channels, ranks the channels in parallel and then adds
/// the errors to the tile's sums, in parallel over runs of pixels.
class TileMatcher {
public:
    TileMatcher(const FeatureMap& features, const std::vector<float>& reference, int patch_size, const Tile& tile,
                const RankMatchKernel& kernel, const Execution& execution, Progress& progress)
        : features_(features), reference_(reference), size_(std::size_t(patch_size * patch_size)),
          patch_size_(patch_size), tile_(tile), kernel_(kernel), execution_(execution), progress_(progress),
          rankers_(std::size_t(execution.threads), ChannelRanker(features, tile, patch_size)),
          pixels_((std::size_t(tile.plane_pixels(patch_size)) + 63) / 64 * 64),
          margin_(std::size_t((patch_size - 1) * (tile.plane_width(patch_size) + 1))),
          key_plane_(pixels_ + 2 * margin_) {
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
                kernel_.sum_errors(planes((channels + 1) / 2 * 2), patch_size_, run, errors_of(run));
                progress_.advance((1 - ranking_share) * channels / double(runs));
            });
        }
    }

    void scatter_to(Accumulator& accumulator, const Stencil& stencil) {
        std::vector<PartialSums> parts((pixels_ + run_pixels - 1) / run_pixels);
        for_each_run(
            [&](PixelRun run, std::size_t) { parts[std::size_t(run.first / run_pixels)] = scatter(run, stencil); });
        for (const PartialSums& part : parts) accumulator.add(part);
    }

private:
    RankedPlanes planes(int channels) const {
        return {keys_.data() + margin_,
                std::ptrdiff_t(key_plane_),
                values_.data(),
                std::ptrdiff_t(pixels_),
                tables_.data(),
                channels,
                tile_.plane_height(patch_size_),
                tile_.plane_width(patch_size_)};
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
        // The kernel processes pairs of channels. The zeroed partner of an odd last channel adds no errors.
        if (channels % 2 == 1) std::fill_n(values_.data() + std::size_t(channels) * pixels_, pixels_, 0.0f);
        for_each_index(std::size_t(channels), execution_, [&](std::size_t c, int worker) {
            rankers_[std::size_t(worker)].rank(features_.channel(first + int(c)),
                                               keys_.data() + c * key_plane_ + margin_, values_.data() + c * pixels_);
            for (std::size_t r = 0; r < size_; r++) {
                const auto bits = std::bit_cast<std::uint32_t>(reference_[(std::size_t(first) + c) * size_ + r]);
                for (int byte = 0; byte < 4; byte++) {
                    tables_[c * table_bytes + std::size_t(byte) * 256 + r] = std::uint8_t(bits >> (8 * byte));
                }
            }
            progress_.advance(ranking_share);
        });
    }

    PartialSums scatter(PixelRun run, const Stencil& stencil) {
        const int margin = int(margin_), pixels = run.blocks * kernel_.lanes;
        PartialSums part{tile_, run.first - margin, std::vector<float>(std::size_t(pixels + 2 * margin))};
        AlignedVector<float> block(size_ * std::size_t(kernel_.lanes));
        kernel_.scatter(planes(0), patch_size_, run, errors_of(run), stencil.offsets.data(), stencil.offsets.size(),
                        stencil.taps.data(), block.data(), part.values.data() + margin);
        return part;
    }

    const FeatureMap& features_;
    const std::vector<float>& reference_;
    std::size_t size_;
    int patch_size_;
    Tile tile_;
    const RankMatchKernel& kernel_;
    const Execution& execution_;
    Progress& progress_;
    std::vector<ChannelRanker> rankers_;  ///< one per thread
    std::size_t pixels_;                  ///< number of plane pixels, rounded up to whole blocks of 64
    std::size_t margin_;                  ///< number of keys that the kernel reads before and after the plane
    std::size_t key_plane_;
    int group_;  ///< number of channels in a group, even
    AlignedVector<std::int16_t> keys_;
    AlignedVector<float> values_;
    std::vector<std::uint8_t> tables_;
    AlignedVector<float> errors_;
};

}  // namespace

void rank_match_simd(const FeatureMap& features, const std::vector<float>& reference, int patch_size,
                     const Stencil& stencil, const RankMatchKernel& kernel, Accumulator& accumulator,
                     const Execution& execution) {
    const std::vector<Tile> tiles = make_tiles(features.height, features.width, tile_side(patch_size));
    Progress progress(execution, double(tiles.size()) * features.channels);
    for (const Tile& tile : tiles) {
        TileMatcher matcher(features, reference, patch_size, tile, kernel, execution, progress);
        matcher.run();
        matcher.scatter_to(accumulator, stencil);
    }
}

}  // namespace perch
