#include "regions/descending_positions.hpp"

#include <algorithm>
#include <bit>

#include "sorting/ordered_keys.hpp"

namespace perch {
namespace {

constexpr int bucket_bits = 12;
/// Every batch needs a pass over the map, so batches grow fast.
constexpr std::size_t batch_growth = 8;

}  // namespace

DescendingPositions::DescendingPositions(const MaskedMap& map, const ScoreKeyRange& range, std::size_t batch_size)
    : map_(map), range_(range), batch_size_(batch_size), counts_(std::size_t{1} << bucket_bits) {
    const auto keys = std::uint32_t(range.highest) - std::uint32_t(range.lowest);
    shift_ = std::max(0, int(std::bit_width(keys)) - bucket_bits);
    for (std::size_t at = 0; at < map.positions(); at++) {
        if (map.counts(at)) counts_[key_of(map.scores[at]) >> shift_]++;
    }
    for (const std::uint32_t count : counts_) size_ += count;
}

std::uint32_t DescendingPositions::key_of(float score) const {
    return std::uint32_t(range_.highest) - std::uint32_t(ordered_key(score));
}

std::span<const KeyedIndex> DescendingPositions::next() {
    const std::size_t first = next_bucket_;
    std::size_t count = 0;
    while (next_bucket_ < counts_.size() && count < batch_size_) count += counts_[next_bucket_++];
    batch_size_ *= batch_growth;
    batch_.clear();
    if (count == 0) return {};
    batch_.reserve(count);
    const auto buckets = std::uint32_t(next_bucket_ - first);
    for (std::size_t at = 0; at < map_.positions(); at++) {
        const std::uint32_t key = key_of(map_.scores[at]);
        if ((key >> shift_) - std::uint32_t(first) < buckets && map_.counts(at)) {
            batch_.push_back({key, std::uint32_t(at)});
        }
    }
    radix_sort(batch_, scratch_);
    return batch_;
}

}  // namespace perch
