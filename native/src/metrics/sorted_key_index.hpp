#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace perch {

/// Ascending, distinct keys, the rungs, between which others are counted.
class Ladder {
public:
    explicit Ladder(std::vector<std::uint32_t> rungs);

    std::size_t size() const { return size_; }
    std::uint32_t operator[](std::size_t rung) const { return rungs_[rung]; }

    /// Counters that `count` adds to: how many keys lie below each rung and above the one before, and how many at it, in turn;
    /// at the end how many lie above the last, and one more that is of no account.
    std::vector<std::uint32_t> counters() const { return std::vector<std::uint32_t>(2 * size_ + 2); }

    /// Adds keys, in any order, to `counters`.
    ///
    /// Cost O(count) for keys that spread as the rungs do, O(count log rungs) at worst: a table of 4 MiB at most leads from the
    /// upper bits of a key to the few rungs that share them.
    void count(std::vector<std::uint32_t>& counters, const std::uint32_t* keys, std::size_t count) const;

private:
    std::size_t bucket_of(std::uint32_t key) const;
    /// The first rung that is not below a key of a bucket.
    std::size_t rung_of(std::uint32_t key, std::size_t bucket) const;

    /// Behind the last rung stand a few that no key passes.
    std::vector<std::uint32_t> rungs_;
    std::size_t size_;
    int shift_ = 0;
    /// The first rung of each bucket: of those with the same upper bits, counted from the first rung. Two more have none.
    std::vector<std::uint32_t> buckets_;
};

}  // namespace perch
