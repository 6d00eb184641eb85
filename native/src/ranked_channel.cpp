#include "ranked_channel.hpp"

#include <algorithm>

#include "fold.hpp"
#include "ordered_keys.hpp"

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
    std::uint32_t previous = samples_.empty() ? 0 : samples_.front().key;
    for (const Sample& sample : samples_) {
        rank += sample.key != previous;
        previous = sample.key;
        keys_[sample.pixel] = std::int16_t(rank);
    }
    pad(keys_.data(), width_, keys);
    pad(channel + std::size_t(top_) * std::size_t(map_width_) + left_, map_width_, values);
}

void ChannelRanking::sort(const float* channel) {
    samples_.resize(keys_.size());
    Sample* sample = samples_.data();
    std::uint32_t pixel = 0;
    for (int y = 0; y < height_; y++) {
        const float* row = channel + std::size_t(top_ + y) * std::size_t(map_width_) + left_;
        for (int x = 0; x < width_; x++) {
            *sample++ = {std::uint32_t(ordered_key(row[x])) ^ 0x80000000u, pixel++};
        }
    }
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
