#include "counting.hpp"

#include <algorithm>
#include <bit>
#include <memory>
#include <new>

#include "parallel.hpp"
#include "ranked_channel.hpp"

namespace perch {
namespace {

/// Dense ranks take 16 bits on a plane of at most this many pixels a side.
constexpr int plane_side = 255;
/// Memory for the planes of a group of channels.
constexpr std::size_t group_budget = 64 << 20;
/// Pixels whose sums of errors a thread keeps in its cache while it goes through the channels.
constexpr int run_pixels = 512;
/// Ranking a channel costs about this part of counting in it.
constexpr double ranking_share = 0.25;

template <class Value>
struct AlignedDeleter {
    void operator()(Value* values) const { ::operator delete[](values, std::align_val_t(64)); }
};
template <class Value>
using Aligned = std::unique_ptr<Value[], AlignedDeleter<Value>>;

/// Memory that starts on a cache line and is not initialised.
template <class Value>
Aligned<Value> aligned(std::size_t count) {
    return Aligned<Value>(static_cast<Value*>(::operator new[](count * sizeof(Value), std::align_val_t(64))));
}

/// A thread's memory for summing the errors of a run.
struct Scratch {
    Aligned<float> errors;
    Aligned<float> block;
};

class Counting {
public:
    Counting(const FeatureMap& features, const std::vector<float>& reference, int patch, const Fold& fold,
             const CountingKernel& kernel, const Execution& execution)
        : features_(features), reference_(reference), patch_(patch), fold_(fold), kernel_(kernel),
          execution_(execution), tiles_(cut_tiles(features.height, features.width, plane_side - patch + 1)),
          progress_(execution, double(tiles_.size()) * features.channels) {
        const std::size_t size = std::size_t(patch * patch);
        for (int worker = 0; worker < execution.threads; worker++) {
            scratch_.push_back({aligned<float>(size * run_pixels), aligned<float>(size * std::size_t(kernel.lanes))});
        }
    }

    void run(Canvas& canvas) {
        for (const Tile& tile : tiles_) {
            const std::size_t channel_bytes = key_plane(tile) * sizeof(std::int16_t) + value_plane(tile) * sizeof(float);
            const int group = int(std::max<std::size_t>(group_budget / channel_bytes, 2) / 2 * 2);
            keys_ = aligned<std::int16_t>(key_plane(tile) * std::min(group, features_.channels + 1));
            values_ = aligned<float>(value_plane(tile) * std::min(group, features_.channels + 1));
            for (int first = 0; first < features_.channels; first += group) {
                count(tile, first, std::min(group, features_.channels - first), canvas);
            }
        }
    }

private:
    std::size_t margin(const Tile& tile) const { return std::size_t((patch_ - 1) * (tile.plane_width(patch_) + 1)); }
    std::size_t value_plane(const Tile& tile) const { return (std::size_t(tile.plane_pixels(patch_)) + 63) / 64 * 64; }
    std::size_t key_plane(const Tile& tile) const { return (value_plane(tile) + 2 * margin(tile) + 31) / 32 * 32; }

    void count(const Tile& tile, int first, int channels, Canvas& canvas) {
        const int even = (channels + 1) / 2 * 2;
        tables_.assign(std::size_t(even) * 1024, 0);
        const RankedPlanes planes{keys_.get() + margin(tile), std::ptrdiff_t(key_plane(tile)), values_.get(),
                                  std::ptrdiff_t(value_plane(tile)), tables_.data(), even,
                                  tile.plane_height(patch_), tile.plane_width(patch_)};
        rank(tile, first, channels);
        const int blocks = int(value_plane(tile)) / kernel_.lanes, blocks_a_run = run_pixels / kernel_.lanes;
        const int runs = (blocks + blocks_a_run - 1) / blocks_a_run;
        std::vector<PartialCanvas> parts(static_cast<std::size_t>(runs));
        for_each_index(parts.size(), execution_, [&](std::size_t index, int worker) {
            const int block = int(index) * blocks_a_run;
            const PixelRun run{block * kernel_.lanes, std::min(blocks_a_run, blocks - block)};
            parts[index] = folded(tile, planes, run, scratch_[std::size_t(worker)]);
            progress_.advance((1 - ranking_share) * channels / runs);
        });
        for (const PartialCanvas& part : parts) canvas.add(part);
    }

    void rank(const Tile& tile, int first, int channels) {
        std::vector<ChannelRanking> rankings(std::size_t(execution_.threads), ChannelRanking(features_, tile, patch_));
        for_each_index(std::size_t(channels), execution_, [&](std::size_t c, int worker) {
            const float* values = features_.channel(first + int(c));
            std::int16_t* keys = keys_.get() + c * key_plane(tile);
            float* padded = values_.get() + c * value_plane(tile);
            std::fill_n(keys, margin(tile), std::int16_t(0));
            std::fill(keys + margin(tile) + tile.plane_pixels(patch_), keys + key_plane(tile), std::int16_t(0));
            std::fill(padded + tile.plane_pixels(patch_), padded + value_plane(tile), 0.0f);
            rankings[std::size_t(worker)].rank(values, keys + margin(tile), padded);
            const std::size_t size = std::size_t(patch_ * patch_);
            for (std::size_t r = 0; r < size; r++) {
                const auto entry = std::bit_cast<std::uint32_t>(reference_[(std::size_t(first) + c) * size + r]);
                for (int byte = 0; byte < 4; byte++) tables_[c * 1024 + byte * 256 + r] = std::uint8_t(entry >> (8 * byte));
            }
            progress_.advance(ranking_share);
        });
        if (channels % 2 == 0) return;
        // Channels are counted in pairs; the partner of the last one has no errors.
        std::fill_n(keys_.get() + std::size_t(channels) * key_plane(tile), key_plane(tile), std::int16_t(0));
        std::fill_n(values_.get() + std::size_t(channels) * value_plane(tile), value_plane(tile), 0.0f);
    }

    PartialCanvas folded(const Tile& tile, const RankedPlanes& planes, PixelRun run, Scratch& scratch) const {
        const int spread = (patch_ - 1) * (planes.width + 1);
        const int pixels = run.blocks * kernel_.lanes;
        PartialCanvas part{tile, run.first - spread, std::vector<float>(std::size_t(pixels + 2 * spread))};
        kernel_.sum_errors(planes, patch_, run, scratch.errors.get());
        kernel_.fold(planes, patch_, run, scratch.errors.get(), fold_.shifts.data(), fold_.shifts.size(),
                     fold_.terms.data(), scratch.block.get(), part.values.data() + spread);
        return part;
    }

    const FeatureMap& features_;
    const std::vector<float>& reference_;
    int patch_;
    const Fold& fold_;
    const CountingKernel& kernel_;
    const Execution& execution_;
    std::vector<Tile> tiles_;
    Progress progress_;
    std::vector<Scratch> scratch_;
    Aligned<std::int16_t> keys_;
    Aligned<float> values_;
    std::vector<std::uint8_t> tables_;
};

}  // namespace

void count_windows(const FeatureMap& features, const std::vector<float>& reference, int patch, const Fold& fold,
                   const CountingKernel& kernel, Canvas& canvas, const Execution& execution) {
    Counting(features, reference, patch, fold, kernel, execution).run(canvas);
}

}  // namespace perch
