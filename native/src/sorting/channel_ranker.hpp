#pragma once

#include <cstdint>
#include <vector>

#include "perch/feature_map.hpp"
#include "planes/tiles.hpp"
#include "sorting/radix_sort.hpp"

namespace perch {

/// Computes the dense ranks of a channel on a tile's reflect-padded plane of at most 65 535 pixels, as rank_match_simd
/// needs them. Reuses its scratch memory for the next channel: use one object for each thread.
class ChannelRanker {
public:
    ChannelRanker(const FeatureMap& features, const Tile& tile, int patch_size);

    /// @param keys plane, written: dense ranks minus 32768
    /// @param values plane, written: the padded values
    void rank(const float* channel, std::int16_t* keys, float* values);

private:
    void sort(const float* channel);
    template <class Value>
    void pad(const Value* inside, int stride, Value* plane) const;

    int patch_size_, map_height_, map_width_;
    Tile tile_;
    int top_, left_, height_, width_;  ///< the part of the map that the plane covers
    std::vector<KeyedIndex> entries_, scratch_;
    std::vector<std::int16_t> keys_;
};

}  // namespace perch
