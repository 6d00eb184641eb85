#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "perch/feature_map.hpp"
#include "planes/tiles.hpp"
#include "sorting/radix_sort.hpp"

namespace perch {

/// A plane's even rows, flattened, and its odd rows.
template <class Value>
struct Fields {
    Value* even;
    Value* odd;

    Value* row(int y, int width) const { return (y % 2 ? odd : even) + std::ptrdiff_t(y / 2) * width; }
};

/// Computes the dense ranks of a channel on a tile's reflect-padded plane of at most 65 535 pixels, as rank_match_simd
/// needs them. Reuses its scratch memory for the next channel: use one object for each thread.
class ChannelRanker {
public:
    ChannelRanker(const FeatureMap& features, const Tile& tile, int patch_size);

    /// @param lowest a value that the channel has often; none is below
    /// @param first_key the key of the lowest rank
    void rank(const float* channel, float lowest, int first_key, const Fields<std::int16_t>& keys);

    /// Copies the channel to the plane, without ranking.
    void copy(const float* channel, const Fields<float>& values) const;

private:
    void sort(const float* channel, float lowest);
    template <class Value>
    void pad(const Value* inside, int stride, const Fields<Value>& plane) const;

    int patch_size_, map_height_, map_width_;
    Tile tile_;
    int top_, left_, height_, width_;  ///< the part of the map that the plane covers
    std::vector<KeyedIndex> entries_, scratch_;
    std::vector<std::int16_t> keys_;
    std::vector<std::uint32_t> row_keys_;
};

}  // namespace perch
