#pragma once

#include <cstdint>
#include <vector>

#include "perch/feature_map.hpp"
#include "sorting/radix_sort.hpp"
#include "planes/tiles.hpp"

namespace perch {

/// Makes of a channel what comparison counting reads, on a tile's reflect-padded plane of at most 65 535 pixels. Keeps its
/// scratch memory from one channel to the next.
class ChannelRanking {
public:
    ChannelRanking(const FeatureMap& features, const Tile& tile, int patch);

    /// @param keys written: dense ranks less 32768, the plane flattened
    /// @param values written: the values, likewise
    void rank(const float* channel, std::int16_t* keys, float* values);

private:
    void sort(const float* channel);
    template <class Value>
    void pad(const Value* inside, int stride, Value* plane) const;

    int patch_, map_height_, map_width_;
    Tile tile_;
    int top_, left_, height_, width_;  ///< the part of the map that the plane shows
    std::vector<Sample> samples_, scratch_;
    std::vector<std::int16_t> keys_;
};

}  // namespace perch
