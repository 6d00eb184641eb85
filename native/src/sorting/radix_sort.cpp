#include "sorting/radix_sort.hpp"

#include <algorithm>
#include <array>

namespace perch {
namespace {

/// Short lists take short digits, for the counters are cleared and summed whatever the number of samples.
template <int digit_bits>
void sort_by_digits(std::vector<Sample>& samples, std::vector<Sample>& scratch) {
    constexpr int passes = (32 + digit_bits - 1) / digit_bits;
    constexpr std::uint32_t digits = 1u << digit_bits;
    std::array<std::array<std::uint32_t, digits>, passes> places{};
    for (const Sample& sample : samples) {
        for (int pass = 0; pass < passes; pass++) places[pass][sample.key >> (pass * digit_bits) & (digits - 1)]++;
    }
    for (int pass = 0; pass < passes; pass++) {
        std::uint32_t place = 0;
        for (std::uint32_t& count : places[pass]) {
            const std::uint32_t next = place + count;
            count = place;
            place = next;
        }
        for (const Sample& sample : samples) {
            scratch[places[pass][sample.key >> (pass * digit_bits) & (digits - 1)]++] = sample;
        }
        std::swap(samples, scratch);
    }
}

}  // namespace

void radix_sort(std::vector<Sample>& samples, std::vector<Sample>& scratch) {
    scratch.resize(samples.size());
    if (samples.size() < 4096) {
        sort_by_digits<8>(samples, scratch);
    } else {
        sort_by_digits<11>(samples, scratch);
    }
}

}  // namespace perch
