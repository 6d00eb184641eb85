#include "metrics/sorted_key_index.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace perch {
namespace {

constexpr std::size_t max_buckets = 1u << 20;
constexpr std::size_t buckets_per_key = 4;
/// A bucket with at most this many keys is scanned without branches; a longer one is bisected.
constexpr std::size_t linear_scan = 2;
/// Keys processed per prefetch batch, to overlap cache misses.
constexpr std::size_t prefetch_batch = 64;

void prefetch([[maybe_unused]] const void* address) {
#if defined(__GNUC__)
    __builtin_prefetch(address);
#endif
}

}  // namespace

SortedKeyIndex::SortedKeyIndex(std::vector<std::uint32_t> keys) : keys_(std::move(keys)), size_(keys_.size()) {
    if (size_ > 0) {
        const std::uint32_t range = keys_.back() - keys_.front();
        const std::size_t limit = std::min(max_buckets, buckets_per_key * size_);
        while ((range >> shift_) >= limit) shift_++;
        buckets_.reserve((range >> shift_) + 3);
        for (std::uint32_t index = 0; index < size_; index++) {
            const std::size_t bucket = (keys_[index] - keys_.front()) >> shift_;
            while (buckets_.size() <= bucket) buckets_.push_back(index);
        }
    }
    buckets_.insert(buckets_.end(), 2, static_cast<std::uint32_t>(size_));
    keys_.insert(keys_.end(), linear_scan, std::numeric_limits<std::uint32_t>::max());
}

std::size_t SortedKeyIndex::bucket_of(std::uint32_t key) const {
    const std::uint32_t first = keys_.front();
    const std::uint32_t offset = key > first ? key - first : 0;
    return std::min<std::size_t>(offset >> shift_, buckets_.size() - 2);
}

// Branch-free for short buckets, because the branch would be unpredictable.
std::size_t SortedKeyIndex::lower_bound(std::uint32_t key, std::size_t bucket) const {
    const std::size_t begin = buckets_[bucket], end = buckets_[bucket + 1];
    if (end - begin > linear_scan) {
        return std::lower_bound(keys_.begin() + begin, keys_.begin() + end, key) - keys_.begin();
    }
    std::size_t index = begin;
    for (std::size_t next = 0; next < linear_scan; next++) index += keys_[begin + next] < key;
    return index;
}

void SortedKeyIndex::count(std::vector<std::uint32_t>& counters, const std::uint32_t* keys, std::size_t count) const {
    std::array<std::size_t, prefetch_batch> buckets;
    for (std::size_t done = 0; done < count; done += prefetch_batch, keys += prefetch_batch) {
        const std::size_t batch = std::min(prefetch_batch, count - done);
        for (std::size_t i = 0; i < batch; i++) {
            buckets[i] = bucket_of(keys[i]);
            prefetch(&buckets_[buckets[i]]);
        }
        for (std::size_t i = 0; i < batch; i++) {
            const std::size_t begin = buckets_[buckets[i]];
            prefetch(&keys_[begin]);
            prefetch(&counters[2 * begin]);
        }
        for (std::size_t i = 0; i < batch; i++) {
            const std::size_t index = lower_bound(keys[i], buckets[i]);
            counters[2 * index + (keys_[index] == keys[i])]++;
        }
    }
}

}  // namespace perch
