#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace perch {

/// A value of a plane as sorting sees it.
struct Sample {
    std::uint32_t key;
    std::uint32_t pixel;
};

/// Sorts by key, least significant digit first; samples of equal key keep their order. `scratch` is of any size.
void radix_sort(std::vector<Sample>& samples, std::vector<Sample>& scratch);

}  // namespace perch
