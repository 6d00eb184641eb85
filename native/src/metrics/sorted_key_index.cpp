#include "metrics/sorted_key_index.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace perch {
namespace {

constexpr std::size_t most_buckets = 1u << 20;
/// Buckets for each rung.
constexpr std::size_t buckets_per_rung = 4;
/// More rungs than these in a bucket are halved; so many are compared at once.
constexpr std::size_t few = 2;
/// Keys that wait for memory together: each goes to places of its own, and would wait for each of them alone.
constexpr std::size_t together = 64;

void prefetch([[maybe_unused]] const void* place) {
#if defined(__GNUC__)
    __builtin_prefetch(place);
#endif
}

}  // namespace

Ladder::Ladder(std::vector<std::uint32_t> rungs) : rungs_(std::move(rungs)), size_(rungs_.size()) {
    if (size_ > 0) {
        const std::uint32_t reach = rungs_.back() - rungs_.front();
        const std::size_t most = std::min(most_buckets, buckets_per_rung * size_);
        while ((reach >> shift_) >= most) shift_++;
        buckets_.reserve((reach >> shift_) + 3);
        for (std::uint32_t rung = 0; rung < size_; rung++) {
            const std::size_t bucket = (rungs_[rung] - rungs_.front()) >> shift_;
            while (buckets_.size() <= bucket) buckets_.push_back(rung);
        }
    }
    buckets_.insert(buckets_.end(), 2, static_cast<std::uint32_t>(size_));
    rungs_.insert(rungs_.end(), few, std::numeric_limits<std::uint32_t>::max());
}

std::size_t Ladder::bucket_of(std::uint32_t key) const {
    const std::uint32_t first = rungs_.front();
    const std::uint32_t above = key > first ? key - first : 0;
    return std::min<std::size_t>(above >> shift_, buckets_.size() - 2);
}

// Where a key lies among the rungs of its bucket is a matter of chance, so nothing branches on it but where they are many.
std::size_t Ladder::rung_of(std::uint32_t key, std::size_t bucket) const {
    const std::size_t start = buckets_[bucket], end = buckets_[bucket + 1];
    if (end - start > few) return std::lower_bound(rungs_.begin() + start, rungs_.begin() + end, key) - rungs_.begin();
    std::size_t rung = start;
    for (std::size_t next = 0; next < few; next++) rung += rungs_[start + next] < key;
    return rung;
}

void Ladder::count(std::vector<std::uint32_t>& counters, const std::uint32_t* keys, std::size_t count) const {
    std::array<std::size_t, together> buckets;
    for (std::size_t done = 0; done < count; done += together, keys += together) {
        const std::size_t block = std::min(together, count - done);
        for (std::size_t i = 0; i < block; i++) {
            buckets[i] = bucket_of(keys[i]);
            prefetch(&buckets_[buckets[i]]);
        }
        for (std::size_t i = 0; i < block; i++) {
            const std::size_t start = buckets_[buckets[i]];
            prefetch(&rungs_[start]);
            prefetch(&counters[2 * start]);
        }
        for (std::size_t i = 0; i < block; i++) {
            const std::size_t rung = rung_of(keys[i], buckets[i]);
            counters[2 * rung + (rungs_[rung] == keys[i])]++;
        }
    }
}

}  // namespace perch
