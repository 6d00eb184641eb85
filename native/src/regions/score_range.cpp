#include "regions/score_range.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "perch/errors.hpp"
#include "sorting/ordered_keys.hpp"

namespace perch {

ScoreKeyRange require_scores(const MaskedMap& map) {
    // The forest of regions pads the map by one position at every side.
    const double padded = (double(map.height) + 2) * (double(map.width) + 2);
    if (map.height < 1 || map.width < 1 || padded > std::numeric_limits<std::int32_t>::max()) {
        raise(InvalidArgument("The map is " + std::to_string(map.height) + " x " + std::to_string(map.width) +
                              "; both sides must be at least 1 and it must have fewer than 2^31 positions."));
    }
    const float* const end = map.scores + map.positions();
    ScoreKeyRange range{std::numeric_limits<std::int32_t>::max(), std::numeric_limits<std::int32_t>::min()};
    for (const float* score = map.scores; score != end; score++) {
        const std::int32_t key = ordered_key(*score);
        range.lowest = std::min(range.lowest, key);
        range.highest = std::max(range.highest, key);
    }
    constexpr float infinity = std::numeric_limits<float>::infinity();
    if (range.lowest < ordered_key(-infinity) || range.highest > ordered_key(infinity)) {
        const float* nan = std::find_if(map.scores, end, [](float score) { return std::isnan(score); });
        raise(InvalidArgument("The score of position " + std::to_string(nan - map.scores) +
                              " is NaN. Scores must be numbers."));
    }
    return range;
}

}  // namespace perch
