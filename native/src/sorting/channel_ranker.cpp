#include "sorting/channel_ranker.hpp"

#include <algorithm>

#include "planes/stencil.hpp"
#include "sorting/ordered_keys.hpp"

namespace perch {

ChannelRanking::ChannelRanking(const FeatureMap& features, const Tile& tile, int patch)
    : patch_(patch), map_height_(features.height), map_width_(features.width), tile_(tile) {
    const int half = (patch - 1) / 2;
    top_ = std::max(0, tile.y - half);
    left_ = std::max(0, tile.x - half);
    height_ = std::min(features.height, tile.y + tile.height + half) - top_;
    width_ = std::min(features.width, tile.x + tile.width + half) - left_;
    keys_.resize(std::size_t(height_ * width_));
}

void ChannelRanking::rank(const float* channel, std::int16_t* keys, float* values) {
    sort(channel);
    int rank = -32768;
    std::fill(keys_.begin(), keys_.end(), std::int16_t(rank));
    std::uint32_t previous = 0;  // no sample's key: those of the lowest value are left out
    for (const Sample& sample : samples_) {
        rank += sample.key != previous;
        previous = sample.key;
        keys_[sample.pixel] = std::int16_t(rank);
    }
    pad(keys_.data(), width_, keys);
    pad(channel + std::size_t(top_) * std::size_t(map_width_) + left_, map_width_, values);
}

void ChannelRanking::sort(const float* channel) {
    const float* corner = channel + std::size_t(top_) * std::size_t(map_width_) + left_;
    std::int32_t lowest = ordered_key(*corner);
    for (int y = 0; y < height_; y++) {
        const float* row = corner + std::size_t(y) * std::size_t(map_width_);
        for (int x = 0; x < width_; x++) lowest = std::min(lowest, ordered_key(row[x]));
    }
    // Many networks end in a rectifier, so the lowest value is often a large part of all.
    samples_.resize(keys_.size());
    std::size_t count = 0;
    std::uint32_t pixel = 0;
    for (int y = 0; y < height_; y++) {
        const float* row = corner + std::size_t(y) * std::size_t(map_width_);
        for (int x = 0; x < width_; x++) {
            const std::int32_t key = ordered_key(row[x]);
            samples_[count] = {std::uint32_t(key) ^ 0x80000000u, pixel++};
            count += key != lowest;
        }
    }
    samples_.resize(count);
    radix_sort(samples_, scratch_);
}

template <class Value>
void ChannelRanking::pad(const Value* inside, int stride, Value* plane) const {
    const int half = (patch_ - 1) / 2, plane_width = tile_.plane_width(patch_);
    const auto column_of = [&](int s) { return reflect(tile_.x + s - half, map_width_) - left_; };
    const int before = left_ - (tile_.x - half);  // columns left of the map
    for (int r = 0; r < tile_.plane_height(patch_); r++) {
        const Value* row = inside + std::size_t(reflect(tile_.y + r - half, map_height_) - top_) * std::size_t(stride);
        Value* out = plane + std::size_t(r) * std::size_t(plane_width);
        for (int s = 0; s < before; s++) out[s] = row[column_of(s)];
        std::copy(row, row + width_, out + before);
        for (int s = before + width_; s < plane_width; s++) out[s] = row[column_of(s)];
    }
}

}  // namespace perch
