#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "perch/execution.hpp"

namespace perch {

/// Ascending, distinct keys, the rungs, between which others are counted.
class Ladder {
public:
    /// What was found on the way to a rung from the one before, and at it.
    struct Step {
        std::uint32_t between = 0;
        std::uint32_t at = 0;
        /// The largest key that lies between; 0 where none does.
        std::uint32_t last = 0;
    };

    explicit Ladder(std::vector<std::uint32_t> rungs);

    std::size_t size() const { return size_; }
    std::uint32_t operator[](std::size_t rung) const { return rungs_[rung]; }

    /// A step for each rung, and one more for the keys above the last. The order of the keys is of no account.
    ///
    /// @throws Cancelled
    ///
    /// Cost O(count + rungs) for keys that spread as the rungs do, O(count log rungs) at worst: a table leads from the upper
    /// bits of a key to the few rungs that share them. Memory beside the steps: 4 bytes a key at most, and the table of 4 MiB.
    std::vector<Step> count(const std::uint32_t* keys, std::size_t count, const Execution& execution) const;

private:
    std::size_t bucket_of(std::uint32_t key) const;
    /// The first rung that is not below a key of a bucket.
    std::size_t rung_of(std::uint32_t key, std::size_t bucket) const;
    void count_into(std::vector<Step>& steps, const std::uint32_t* keys, std::size_t count) const;

    /// Behind the last rung stand a few that no key reaches.
    std::vector<std::uint32_t> rungs_;
    std::size_t size_;
    int shift_ = 0;
    /// The first rung of each bucket: of those with the same upper bits, counted from the first rung. Two more have none.
    std::vector<std::uint32_t> buckets_;
};

}  // namespace perch
