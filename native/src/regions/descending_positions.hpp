#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "perch/regions.hpp"
#include "regions/score_range.hpp"
#include "sorting/radix_sort.hpp"

namespace perch {

/// The positions of a masked map from the highest score to the lowest, in batches of growing size. A reader
/// that stops early avoids sorting the rest.
///
/// Scores are counted by the upper bits of their keys. A batch consists of as many of these buckets as its
/// size requires, and only its entries are collected and sorted. So positions with the same score are in the
/// same batch.
class DescendingPositions {
public:
    /// @param batch_size number of positions in the first batch, at least 1
    DescendingPositions(const MaskedMap& map, const ScoreKeyRange& range, std::size_t batch_size);

    /// Number of positions in the mask.
    std::size_t size() const { return size_; }

    /// The next batch; empty at the end. Its entries are valid until the next call. An entry's key grows as
    /// its score falls, and its index is the position in the map. Equal scores are in raster order.
    std::span<const KeyedIndex> next();

private:
    std::uint32_t key_of(float score) const;

    MaskedMap map_;
    ScoreKeyRange range_;
    std::size_t batch_size_;
    std::size_t size_ = 0;
    /// A bucket contains 2^shift_ consecutive keys.
    int shift_;
    std::vector<std::uint32_t> counts_;
    std::size_t next_bucket_ = 0;
    std::vector<KeyedIndex> batch_;
    std::vector<KeyedIndex> scratch_;
};

}  // namespace perch
