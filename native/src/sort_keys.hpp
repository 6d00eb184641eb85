#pragma once

#include <cstddef>
#include <cstdint>

#include "perch/execution.hpp"

namespace perch {

/// Sorts keys ascending, on execution.threads threads, by four stable passes over their bytes.
///
/// @param scratch room for as many keys
/// @throws Cancelled
void sort_keys(std::uint32_t* keys, std::uint32_t* scratch, std::size_t count, const Execution& execution);

}  // namespace perch
