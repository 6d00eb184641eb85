#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "perch/feature_map.hpp"
#include "planes/tiles.hpp"
#include "simd/value_range_kernel.hpp"
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

    /// @param range that of the channel, which may have its lowest value often
    /// @param first_key the key of the lowest rank
    void rank(const float* channel, const ValueRange& range, int first_key, const Fields<std::int16_t>& keys);

    /// Copies the channel to the plane, without ranking.
    void copy(const float* channel, const Fields<float>& values) const;

private:
    void sort(const float* channel, const ValueRange& range);
    template <class Value>
    void pad(const Value* inside, int stride, const Fields<Value>& plane) const;

    int patch_size_, map_height_, map_width_;
    Tile tile_;
    int top_, left_, height_, width_;                  ///< the part of the map that the plane covers
    std::vector<int> columns_before_, columns_after_;  ///< of that part, that the padding left and right of it repeats
    std::vector<KeyedIndex> entries_, scratch_;
    std::vector<std::int16_t> keys_;
    std::vector<std::uint32_t> row_keys_, row_indices_;
};

}  // namespace perch
