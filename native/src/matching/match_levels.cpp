#include "matching/match_levels.hpp"

#include <algorithm>

#include "execution/parallel.hpp"
#include "memory/aligned_vector.hpp"

namespace perch {
namespace {

/// Scores the positions of one tile, channel by channel and block of levels by block of levels. In each block, rows of
/// patches follow each other downward: their histograms slide, their errors go to a ring of T rows, and a row of
/// positions is scored once the ring holds all patches that contain it.
class LevelMatcher {
public:
    LevelMatcher(const FeatureMap& features, const LevelWeights& weights, const Tile& tile, const QfcaKernel& kernel)
        : features_(features), weights_(weights), tile_(tile), kernel_(kernel), half_((weights.patch_size - 1) / 2),
          radius_((int(weights.smoothing.size()) - 1) / 2), margin_(std::max(half_, radius_)),
          top_(std::max(0, tile.y - half_)), bottom_(std::min(features.height, tile.y + tile.height + half_)),
          left_(std::max(0, tile.x - half_)), right_(std::min(features.width, tile.x + tile.width + half_)),
          plane_left_(left_ - margin_), plane_top_(top_ - margin_), plane_width_(right_ - left_ + 2 * margin_),
          plane_(std::size_t(bottom_ - top_ + 2 * margin_) * std::size_t(plane_width_)),
          counts_(std::size_t(patches() + 2 * half_) * counts_of_block), ring_(std::size_t(weights.patch_size)),
          columns_(std::size_t(tile.width + 2 * half_) * level_block),
          shares_(std::size_t(tile.width + 2 * radius_) * level_block), used_(std::size_t(tile.width + 2 * radius_)) {
        for (auto& row : ring_) row.resize(std::size_t(patches()) * level_block);
    }

    void add(const float* values, const LevelChannel& channel, double* sums) {
        for (int y = 0; y < bottom_ - top_ + 2 * margin_; y++) {
            const int row = reflect(plane_top_ + y, features_.height);
            for (int x = 0; x < plane_width_; x++) {
                const int column = reflect(plane_left_ + x, features_.width);
                plane_[std::size_t(y) * std::size_t(plane_width_) + std::size_t(x)] =
                    channel.level_of(values[std::ptrdiff_t(row) * features_.width + column]);
            }
        }
        for (int first = 0; first < weights_.levels; first += level_block) add_block(channel, first, sums);
    }

private:
    int patches() const { return right_ - left_; }

    /// The levels at a position of the map, which may be up to margin_ outside of it.
    const std::uint8_t* levels_at(int y, int x) const {
        return plane_.data() + std::ptrdiff_t(y - plane_top_) * plane_width_ + (x - plane_left_);
    }

    void add_block(const LevelChannel& channel, int first_level, double* sums) {
        const LevelMatches matches{channel.prefix(), channel.unit(), channel.values() + first_level,
                                   channel.splits() + first_level, channel.slacks() + first_level};
        std::fill(counts_.begin(), counts_.end(), std::uint16_t(0));
        const auto slide = [&](int added, const std::uint8_t* removed) {
            kernel_.slide(levels_at(added, left_ - half_), removed, patches() + 2 * half_, first_level, counts_.data());
        };
        for (int y = top_ - half_; y < top_ + half_; y++) slide(y, nullptr);
        int next = tile_.y;
        for (int y = top_; y < bottom_; y++) {
            slide(y + half_, y == top_ ? nullptr : levels_at(y - half_ - 1, left_ - half_));
            kernel_.match(counts_.data(), weights_.patch_size, patches(), matches, row_of(y));
            while (next < tile_.y + tile_.height && std::min(next + half_, bottom_ - 1) <= y) {
                add_row(next, first_level, sums + std::ptrdiff_t(next - tile_.y) * tile_.width);
                next++;
            }
        }
    }

    float* row_of(int y) { return ring_[std::size_t(y % weights_.patch_size)].data(); }

    void add_row(int y, int first_level, double* scores) {
        if (!share_levels(y, first_level)) return;
        const float* rows[max_rows];
        const int from = std::max(0, y - half_), to = std::min(features_.height - 1, y + half_);
        for (int row = from; row <= to; row++) rows[row - from] = row_of(row);
        // Patches outside the map have no weight; the columns there stay zero.
        float* columns = columns_.data() + std::ptrdiff_t(left_ - tile_.x + half_) * level_block;
        kernel_.weigh_rows(rows, weights_.patch.data() + (from - y + half_), to - from + 1, patches(), columns);
        kernel_.add_scores(columns_.data(), weights_.patch.data(), weights_.patch_size, shares_.data(), used_.data(),
                           weights_.smoothing.data(), radius_, tile_.width, scores);
    }

    /// For each column, the weights of the levels of the block in a column of the smoothing.
    /// @return whether there are any
    bool share_levels(int y, int first_level) {
        std::fill(shares_.begin(), shares_.end(), 0.0f);
        std::fill(used_.begin(), used_.end(), std::uint8_t(0));
        bool any = false;
        const int columns = tile_.width + 2 * radius_;
        for (int d = -radius_; d <= radius_; d++) {
            const std::uint8_t* levels = levels_at(y + d, tile_.x - radius_);
            const float weight = weights_.smoothing[std::size_t(d + radius_)];
            for (int x = 0; x < columns; x++) {
                const int level = levels[x] - first_level;
                if (level < 0 || level >= level_block) continue;
                shares_[std::size_t(x) * level_block + std::size_t(level)] += weight;
                used_[std::size_t(x)] = 1;
                any = true;
            }
        }
        return any;
    }

    const FeatureMap& features_;
    const LevelWeights& weights_;
    Tile tile_;
    const QfcaKernel& kernel_;
    int half_, radius_, margin_;
    int top_, bottom_, left_, right_;  ///< the patches that contain a position of the tile
    int plane_left_, plane_top_, plane_width_;
    std::vector<std::uint8_t> plane_;  ///< the levels of these patches, with reflected borders
    AlignedVector<std::uint16_t> counts_;
    std::vector<AlignedVector<float>> ring_;
    AlignedVector<float> columns_, shares_;
    std::vector<std::uint8_t> used_;
};

}  // namespace

void match_levels(const FeatureMap& features, const std::vector<LevelChannel>& channels, const LevelWeights& weights,
                  const Tile& tile, const QfcaKernel& kernel, const Execution& execution, std::vector<double>& sums) {
    LevelMatcher matcher(features, weights, tile, kernel);
    sums.assign(std::size_t(tile.height) * std::size_t(tile.width), 0.0);
    for (int c = 0; c < features.channels; c++) {
        check_canceled(execution);
        matcher.add(features.channel(c), channels[std::size_t(c)], sums.data());
    }
}

}  // namespace perch
