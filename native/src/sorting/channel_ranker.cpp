#include "sorting/channel_ranker.hpp"

#include <algorithm>

#include "planes/tiles.hpp"
#include "sorting/binade_shift.hpp"
#include "sorting/bucket_sort.hpp"
#include "sorting/ordered_keys.hpp"

namespace perch {

ChannelRanker::ChannelRanker(const FeatureMap& features, const Tile& tile, int patch_size)
    : patch_size_(patch_size), map_height_(features.height), map_width_(features.width), tile_(tile) {
    const int half = (patch_size - 1) / 2;
    top_ = std::max(0, tile.y - half);
    left_ = std::max(0, tile.x - half);
    height_ = std::min(features.height, tile.y + tile.height + half) - top_;
    width_ = std::min(features.width, tile.x + tile.width + half) - left_;
    for (int s = tile.x - half; s < tile.x - half + tile.plane_width(patch_size); s++) {
        const int column = reflect(s, features.width) - left_;
        if (s < left_) columns_before_.push_back(column);
        if (s >= left_ + width_) columns_after_.push_back(column);
    }
    keys_.resize(std::size_t(height_ * width_));
    row_keys_.resize(std::size_t(width_));
    row_indices_.resize(std::size_t(width_));
}

void ChannelRanker::rank(const float* channel, const ValueRange& range, int first_key,
                         const Fields<std::int16_t>& keys) {
    sort(channel, range);
    int rank = first_key;
    std::fill(keys_.begin(), keys_.end(), std::int16_t(rank));
    std::uint32_t previous = 0;  // below every key in entries_, because sort() omits the lowest value
#pragma GCC unroll 4
    for (const KeyedIndex& entry : entries_) {
        rank += entry.key != previous;
        previous = entry.key;
        keys_[index_in(entry.index)] = std::int16_t(rank);
    }
    pad(keys_.data(), width_, keys);
}

void ChannelRanker::copy(const float* channel, const Fields<float>& values) const {
    pad(channel + std::size_t(top_) * std::size_t(map_width_) + left_, map_width_, values);
}

/// Pixels with the lowest value need no sorting. Many networks end in a ReLU, so these pixels are often a large part.
void ChannelRanker::sort(const float* channel, const ValueRange& range) {
    const float* origin = channel + std::size_t(top_) * std::size_t(map_width_) + left_;
    const std::uint32_t omitted = radix_key(range.lowest);
    const BinadeShift shift(range.lowest, range.highest);
    entries_.resize(keys_.size());
    KeyedIndex* entry = entries_.data();
    std::uint32_t *const keys = row_keys_.data(), *const indices = row_indices_.data();
    for (int y = 0; y < height_; y++) {
        const float* row = origin + std::size_t(y) * std::size_t(map_width_);
        const int width = width_, first = y * width;
        for (int x = 0; x < width; x++) {
            keys[x] = radix_key(row[x]);
            indices[x] = bucket_index(shift.fraction(row[x]), std::uint32_t(first + x));
        }
#pragma GCC unroll 4
        for (int x = 0; x < width; x++) {
            const std::uint32_t key = keys[x];
            *entry = {key, indices[x]};
            entry += key != omitted;
        }
    }
    entries_.resize(std::size_t(entry - entries_.data()));
    bucket_sort(entries_, scratch_);
}

template <class Value>
void ChannelRanker::pad(const Value* inside, int stride, const Fields<Value>& plane) const {
    const int half = (patch_size_ - 1) / 2, plane_width = tile_.plane_width(patch_size_);
    const int before = int(columns_before_.size()), after = int(columns_after_.size());
    for (int r = 0; r < tile_.plane_height(patch_size_); r++) {
        const Value* row = inside + std::size_t(reflect(tile_.y + r - half, map_height_) - top_) * std::size_t(stride);
        Value* out = plane.row(r, plane_width);
        for (int s = 0; s < before; s++) out[s] = row[columns_before_[std::size_t(s)]];
        std::copy(row, row + width_, out + before);
        for (int s = 0; s < after; s++) out[before + width_ + s] = row[columns_after_[std::size_t(s)]];
    }
}

}  // namespace perch
