#include "sorting/bucket_sort.hpp"

#include <array>
#include <cstddef>
#include <utility>

namespace perch {
namespace {

/// Maximum number of comparisons for each entry.
constexpr std::uint64_t max_comparisons = 16;

void sort_by_insertion(KeyedIndex* entries, std::size_t count) {
    std::uint32_t highest = 0;
#pragma GCC unroll 4
    for (std::size_t i = 0; i < count; i++) {
        const KeyedIndex entry = entries[i];
        if (entry.key >= highest) {
            highest = entry.key;
            continue;
        }
        std::size_t to = i;
        for (; to > 0 && entries[to - 1].key > entry.key; to--) entries[to] = entries[to - 1];
        entries[to] = entry;
    }
}

/// @return false, with the entries unchanged, if buckets have too many entries
template <int bucket_bits>
bool sort(std::vector<KeyedIndex>& entries, std::vector<KeyedIndex>& scratch) {
    std::array<std::uint32_t, std::size_t(1) << bucket_bits> offsets{};
#pragma GCC unroll 4
    for (const KeyedIndex& entry : entries) offsets[entry.index >> (32 - bucket_bits)]++;
    std::uint32_t offset = 0;
    std::uint64_t pairs = 0;
#pragma GCC unroll 4
    for (std::uint32_t& count : offsets) {
        const std::uint32_t next = offset + count;
        pairs += std::uint64_t(count) * count;
        count = offset;
        offset = next;
    }
    if (pairs > max_comparisons * entries.size()) return false;
    KeyedIndex* const sorted = scratch.data();
#pragma GCC unroll 4
    for (const KeyedIndex& entry : entries) sorted[offsets[entry.index >> (32 - bucket_bits)]++] = entry;
    std::swap(entries, scratch);
    sort_by_insertion(entries.data(), entries.size());
    return true;
}

}  // namespace

void bucket_sort(std::vector<KeyedIndex>& entries, std::vector<KeyedIndex>& scratch) {
    scratch.resize(entries.size());
    const bool is_sorted = entries.size() < 4096 ? sort<11>(entries, scratch) : sort<12>(entries, scratch);
    if (!is_sorted) radix_sort(entries, scratch);
}

}  // namespace perch
