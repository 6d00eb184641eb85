#include "matching.hpp"

#include "arguments.hpp"
#include "sweep.hpp"
#include "tiles.hpp"

namespace perch {

void match_windows(const FeatureMap& features, const std::vector<float>& reference, int patch, const Fold& fold, float* map,
                   const Execution& execution) {
    check_shape(features, patch);
    check_reference(features, patch, reference);
    check_execution(execution);
    check_values(features, execution);
    Canvas canvas(features.height, features.width, patch);
    sweep(features, reference, patch, fold, canvas, execution);
    canvas.crop(1.0 / features.channels, map);
}

}  // namespace perch
