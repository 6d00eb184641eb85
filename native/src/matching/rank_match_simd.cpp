#include "matching/rank_match_simd.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <functional>
#include <numeric>

#include "execution/parallel.hpp"
#include "memory/aligned_vector.hpp"
#include "sorting/channel_ranker.hpp"

namespace perch {
namespace {

/// Maximum size in bytes of a tile's error sums.
constexpr std::size_t error_budget = 24 << 20;
/// Maximum size in bytes of the planes of a channel group. Together with the sums they should stay in the
/// last-level cache.
constexpr std::size_t group_budget = 16 << 20;
/// Number of pixels of each field per task. Their error sums stay in a core's cache while the thread adds the channels of
/// a group.
constexpr int run_pixels = 256;
/// Estimated share of ranking in the cost of a channel, for progress.
constexpr double ranking_share = 0.25;

/// Side of the largest tiles whose ranks the kernel can compare and whose errors are within the budget.
int tile_side(int patch_size, const RankMatchKernel& kernel) {
    int side = kernel.max_plane_side;
    while (std::size_t(side * side * patch_size * patch_size) * sizeof(float) > error_budget) side--;
    return side - patch_size + 1;
}

/// Number of pixels of the even field of a plane, which is not smaller than the odd one, rounded up to whole blocks.
std::size_t field_pixels(int height, int width) {
    return (std::size_t((height + 1) / 2 * width) + 31) / 32 * 32;
}

/// All channels, those with the same base next to each other.
std::vector<int> order_by_base(const std::vector<ChannelRange>& ranges) {
    std::vector<int> order(ranges.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
        return ranges[std::size_t(a)].shift.base() < ranges[std::size_t(b)].shift.base();
    });
    return order;
}

/// Matches the patches of one tile. For each group of channels, ranks the channels in parallel and then adds
/// the errors to the tile's sums, in parallel over runs of pixels.
class TileMatcher {
public:
    TileMatcher(const FeatureMap& features, const std::vector<float>& reference,
                const std::vector<ChannelRange>& ranges, int patch_size, const Tile& tile,
                const RankMatchKernel& kernel, const Execution& execution, Progress& progress)
        : features_(features), reference_(reference), ranges_(ranges), order_(order_by_base(ranges)),
          size_(std::size_t(patch_size * patch_size)), patch_size_(patch_size), tile_(tile), kernel_(kernel),
          execution_(execution), progress_(progress),
          rankers_(std::size_t(execution.threads), ChannelRanker(features, tile, patch_size)),
          pixels_(field_pixels(tile.plane_height(patch_size), tile.plane_width(patch_size))),
          margin_(std::size_t(patch_size - 1) * std::size_t(tile.plane_width(patch_size) + 2) / 2),
          key_field_(pixels_ + 2 * margin_) {
        const std::size_t channel_bytes = 2 * (key_field_ * sizeof(std::int16_t) + pixels_ * sizeof(float));
        group_ = std::min(int(std::max<std::size_t>(group_budget / channel_bytes, 1)), features.channels);
        keys_.resize(2 * key_field_ * std::size_t(group_));
        values_.resize(2 * pixels_ * std::size_t(group_));
        errors_.resize(2 * pixels_ * size_);
    }

    void run() {
        for (int first = 0; first < features_.channels; first += group_) {
            const int channels = std::min(group_, features_.channels - first);
            rank(first, channels);
            for_each_run([&](PixelRun run, std::size_t runs) {
                kernel_.sum_errors(planes(channels), patch_size_, run, errors_of(run));
                progress_.advance((1 - ranking_share) * channels / double(runs));
            });
        }
    }

    void scatter_to(Accumulator& accumulator, const Stencil& stencil) {
        std::vector<std::array<PartialSums, 2>> parts((pixels_ + run_pixels - 1) / run_pixels);
        for_each_run(
            [&](PixelRun run, std::size_t) { parts[std::size_t(run.first / run_pixels)] = scatter(run, stencil); });
        for (const std::array<PartialSums, 2>& fields : parts) {
            for (const PartialSums& part : fields) accumulator.add(part);
        }
    }

private:
    RankedPlanes planes(int channels) const {
        return {keys_.data() + margin_,
                std::ptrdiff_t(2 * key_field_),
                std::ptrdiff_t(key_field_),
                values_.data(),
                std::ptrdiff_t(2 * pixels_),
                std::ptrdiff_t(pixels_),
                tables_.data(),
                channels,
                tile_.plane_height(patch_size_),
                tile_.plane_width(patch_size_)};
    }

    float* errors_of(PixelRun run) { return errors_.data() + 2 * std::size_t(run.first) * size_; }

    void for_each_run(const std::function<void(PixelRun, std::size_t runs)>& task) {
        const std::size_t runs = (pixels_ + run_pixels - 1) / run_pixels;
        for_each_index(runs, execution_, [&](std::size_t index, int) {
            const int first = int(index) * run_pixels;
            task({first, 2 * std::min(run_pixels, int(pixels_) - first) / kernel_.lanes}, runs);
        });
    }

    void rank(int first, int channels) {
        tables_.assign(std::size_t(group_) * table_bytes, 0);
        for_each_index(std::size_t(channels), execution_, [&](std::size_t c, int worker) {
            const auto number = std::size_t(order_[std::size_t(first) + c]);
            const float* channel = features_.channel(int(number));
            const auto& [range, shift] = ranges_[number];
            std::int16_t* keys = keys_.data() + 2 * c * key_field_ + margin_;
            float* values = values_.data() + 2 * c * pixels_;
            ChannelRanker& ranker = rankers_[std::size_t(worker)];
            ranker.rank(channel, range, kernel_.first_key, {keys, keys + key_field_});
            ranker.copy(channel, {values, values + pixels_});
            for (std::size_t i = 0; i < 2 * pixels_; i++) values[i] = shift(values[i]);
            fill_table(reference_.data() + number * size_, shift, tables_.data() + c * table_bytes);
            progress_.advance(ranking_share);
        });
    }

    void fill_table(const float* reference, const BinadeShift& shift, std::uint8_t* table) const {
        for (std::size_t r = 0; r < size_; r++) {
            const auto bits = std::bit_cast<std::uint32_t>(shift(reference[r]));
            for (int byte = 0; byte < 4; byte++) table[std::size_t(byte) * 256 + r] = std::uint8_t(bits >> (8 * byte));
        }
    }

    std::array<PartialSums, 2> scatter(PixelRun run, const Stencil& stencil) {
        const int margin = int(margin_), pixels = run.blocks * kernel_.lanes / 2;
        const std::vector<float> zeros(std::size_t(pixels + 2 * margin));
        std::array<PartialSums, 2> fields{
            {{tile_, run.first - margin, zeros, 0, 2}, {tile_, run.first - margin, zeros, 1, 2}}};
        float* const sums[] = {fields[0].values.data() + margin, fields[1].values.data() + margin};
        AlignedVector<float> block(size_ * std::size_t(kernel_.lanes));
        std::vector<float> rows(std::size_t(patch_size_ * 2 * (pixels + 2 * (patch_size_ - 1))));
        kernel_.scatter(planes(0), patch_size_, run, errors_of(run), stencil.axis.data(), stencil.axis.size(),
                        {block.data(), rows.data()}, sums);
        return fields;
    }

    const FeatureMap& features_;
    const std::vector<float>& reference_;
    const std::vector<ChannelRange>& ranges_;
    std::vector<int> order_;  ///< of the channels
    std::size_t size_;
    int patch_size_;
    Tile tile_;
    const RankMatchKernel& kernel_;
    const Execution& execution_;
    Progress& progress_;
    std::vector<ChannelRanker> rankers_;  ///< one per thread
    std::size_t pixels_;                  ///< number of a field's pixels, rounded up to whole blocks
    std::size_t margin_;                  ///< number of keys that the kernel reads before and after a field
    std::size_t key_field_;
    int group_;  ///< number of channels in a group
    AlignedVector<std::int16_t> keys_;
    AlignedVector<float> values_;
    std::vector<std::uint8_t> tables_;
    AlignedVector<float> errors_;
};

}  // namespace

void rank_match_simd(const FeatureMap& features, const std::vector<float>& reference,
                     const std::vector<ChannelRange>& ranges, int patch_size, const Stencil& stencil,
                     const RankMatchKernel& kernel, Accumulator& accumulator, const Execution& execution) {
    const std::vector<Tile> tiles = make_tiles(features.height, features.width, tile_side(patch_size, kernel));
    Progress progress(execution, double(tiles.size()) * features.channels);
    for (const Tile& tile : tiles) {
        TileMatcher matcher(features, reference, ranges, patch_size, tile, kernel, execution, progress);
        matcher.run();
        matcher.scatter_to(accumulator, stencil);
    }
}

}  // namespace perch
