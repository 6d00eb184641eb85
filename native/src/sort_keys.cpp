#include "sort_keys.hpp"

#include <array>
#include <utility>
#include <vector>

#include "parallel.hpp"

namespace perch {
namespace {

constexpr int digit_bits = 8;
constexpr std::size_t digits = 1u << digit_bits;
/// Fewer keys are sorted before threads have started.
constexpr std::size_t fewest_to_share = 1u << 16;
/// Of each digit, for one share of the keys: how many there are, then where the next one goes.
using Places = std::array<std::size_t, digits>;

}  // namespace

void sort_keys(std::uint32_t* keys, std::uint32_t* scratch, std::size_t count, const Execution& execution) {
    const std::size_t shares = count < fewest_to_share ? 1 : static_cast<std::size_t>(execution.threads);
    std::vector<Places> places(shares);
    const auto first_of = [&](std::size_t share) { return count * share / shares; };
    for (int shift = 0; shift < 32; shift += digit_bits) {
        const auto digit_of = [shift](std::uint32_t key) { return key >> shift & (digits - 1); };
        for_each_index(shares, execution, [&](std::size_t share, int) {
            Places counts{};
            for (std::size_t i = first_of(share); i < first_of(share + 1); i++) counts[digit_of(keys[i])]++;
            places[share] = counts;
        });
        std::size_t place = 0;
        for (std::size_t digit = 0; digit < digits; digit++) {
            for (Places& of_share : places) place += std::exchange(of_share[digit], place);
        }
        for_each_index(shares, execution, [&](std::size_t share, int) {
            Places next = places[share];
            for (std::size_t i = first_of(share); i < first_of(share + 1); i++) scratch[next[digit_of(keys[i])]++] = keys[i];
        });
        std::swap(keys, scratch);
    }
}

}  // namespace perch
