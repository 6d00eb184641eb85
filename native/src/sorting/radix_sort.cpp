#include "sorting/radix_sort.hpp"

#include <algorithm>
#include <array>

namespace perch {
namespace {

template <int digit_bits>
void sort_by_digits(std::vector<KeyedIndex>& entries, std::vector<KeyedIndex>& scratch) {
    constexpr int passes = (32 + digit_bits - 1) / digit_bits;
    constexpr std::uint32_t digits = 1u << digit_bits;
    std::array<std::array<std::uint32_t, digits>, passes> offsets{};
    for (const KeyedIndex& entry : entries) {
        for (int pass = 0; pass < passes; pass++) offsets[pass][entry.key >> (pass * digit_bits) & (digits - 1)]++;
    }
    for (int pass = 0; pass < passes; pass++) {
        std::uint32_t offset = 0;
        for (std::uint32_t& count : offsets[pass]) {
            const std::uint32_t next = offset + count;
            count = offset;
            offset = next;
        }
        for (const KeyedIndex& entry : entries) {
            scratch[offsets[pass][entry.key >> (pass * digit_bits) & (digits - 1)]++] = entry;
        }
        std::swap(entries, scratch);
    }
}

}  // namespace

// Clearing and summing the counters costs the same for every length, so short lists use short digits.
void radix_sort(std::vector<KeyedIndex>& entries, std::vector<KeyedIndex>& scratch) {
    scratch.resize(entries.size());
    if (entries.size() < 4096) {
        sort_by_digits<8>(entries, scratch);
    } else {
        sort_by_digits<11>(entries, scratch);
    }
}

}  // namespace perch
