#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace perch {

/// A sort key and an index: the pixel or region that has the key.
struct KeyedIndex {
    std::uint32_t key;
    std::uint32_t index;
};

/// Sorts by key with a stable least-significant-digit radix sort.
///
/// @param scratch memory of any size and content; resized to the number of entries
///
/// Cost O(n): four passes for fewer than 4096 entries, three for more.
void radix_sort(std::vector<KeyedIndex>& entries, std::vector<KeyedIndex>& scratch);

}  // namespace perch
