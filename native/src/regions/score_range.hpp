#pragma once

#include <cstdint>

#include "perch/regions.hpp"

namespace perch {

/// Ordered keys (`sorting/ordered_keys.hpp`) of a map's lowest and highest scores, inside and outside the
/// mask.
struct ScoreKeyRange {
    std::int32_t lowest;
    std::int32_t highest;
};

/// @throws InvalidArgument if a score is NaN, a side is below 1, or the map has 2^31 positions or more
ScoreKeyRange require_scores(const MaskedMap& map);

}  // namespace perch
