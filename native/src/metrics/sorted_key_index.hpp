#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace perch {

/// A lower-bound index over ascending, distinct keys. It counts other keys that are equal to and between them.
///
/// A lookup table maps the upper bits of a key to the few index keys that share these bits; the rest is a comparison or
/// two. Example with keys {16, 18, 40} and buckets of 8 values, counted from the first key:
///
///     bucket            0 (16..23)  1 (24..31)  2 (32..39)  3 (40..47)  end
///     first key index   0           2           2           2           3
///
/// 17 falls into bucket 0, whose keys are those from index 0 up to 2. One of them (16) is below 17, so 17 lies between
/// the keys with index 0 and 1: counter 2 * 1 grows. 40 falls into bucket 3 and equals the key with index 2: counter 2
/// * 2 + 1.
class SortedKeyIndex {
public:
    explicit SortedKeyIndex(std::vector<std::uint32_t> keys);

    std::size_t size() const { return size_; }
    std::uint32_t operator[](std::size_t index) const { return keys_[index]; }

    /// Zeroed counters for `count`. Element 2i counts the keys between index keys i - 1 and i, element 2i + 1 those
    /// equal to index key i, and element 2 * size() those above the last. The last element is padding.
    std::vector<std::uint32_t> counters() const { return std::vector<std::uint32_t>(2 * size_ + 2); }

    /// Adds `count` keys, in any order, to `counters`.
    ///
    /// Cost O(count) if the keys are distributed like the index keys, O(count log size()) in the worst case. The table
    /// takes at most 4 MiB.
    void count(std::vector<std::uint32_t>& counters, const std::uint32_t* keys, std::size_t count) const;

private:
    std::size_t bucket_of(std::uint32_t key) const;
    /// Index of the first index key that is not below `key`.
    std::size_t lower_bound(std::uint32_t key, std::size_t bucket) const;

    /// Padded at the end with a few maximal keys, so that a linear scan needs no end check.
    std::vector<std::uint32_t> keys_;
    std::size_t size_;
    /// A bucket holds 2^shift_ consecutive values.
    int shift_ = 0;
    /// Index of the first key of each bucket, then size() twice.
    std::vector<std::uint32_t> buckets_;
};

}  // namespace perch
