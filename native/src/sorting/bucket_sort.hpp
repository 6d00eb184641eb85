#pragma once

#include <cstdint>
#include <vector>

#include "sorting/radix_sort.hpp"

namespace perch {

/// The index of an entry for `bucket_sort`.
///
/// @param bucket where the key lies between the lowest and the highest one; of two keys, the greater one has no smaller
/// bucket
inline std::uint32_t bucket_index(std::uint32_t bucket, std::uint32_t index) {
    return bucket << 16 | index;
}

/// The part of `bucket_index` that is not the bucket.
inline std::uint32_t index_in(std::uint32_t bucket_index) {
    return bucket_index & 0xffff;
}

/// Sorts by key, stable: distributes the entries, which have a `bucket_index`, to buckets, then sorts each bucket by
/// insertion. If many entries share few buckets, for instance because of an outlier, `radix_sort` sorts instead.
///
/// @param scratch memory of any size and content; resized to the number of entries
///
/// Cost O(n), half of `radix_sort` or less.
void bucket_sort(std::vector<KeyedIndex>& entries, std::vector<KeyedIndex>& scratch);

}  // namespace perch
