#pragma once

#include <cstdint>

#include "perch/regions.hpp"

namespace perch {

/// Ordered keys (`sorting/ordered_keys.hpp`) of the lowest and the highest score of a map, inside the mask or not.
struct ScoreKeyRange {
    std::int32_t lowest;
    std::int32_t highest;
};

/// @throws InvalidArgument if a score is NaN, a side is below 1, or the map has 2^31 positions or more
ScoreKeyRange require_scores(const MaskedMap& map);

}  // namespace perch
