#include "perch/histogram.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "descriptors/descriptors.hpp"
#include "perch/errors.hpp"

namespace perch {

void histogram(const FeatureMap& features, const VectorReference& reference, const HistogramParameters& parameters, float* map,
               const Execution& execution) {
    const int bins = parameters.bins;
    if (bins < 2 || bins > 256) {
        throw InvalidArgument("The number of bins is " + std::to_string(bins) + "; it must be 2 to 256.");
    }
    // The distance of two histograms is that of their cumulative sums; the last of these is 1 in both. Bins are found in
    // float32, so that values at their edges fall where the authors have them.
    const auto derive = [features, bins](int channel, int index, std::vector<double>& plane) {
        const float* values = features.channel(channel);
        const auto [lowest, highest] = std::minmax_element(values, values + plane.size());
        const float range = *highest - *lowest + 1e-8f, factor = float(0.999 * bins);
        for (std::size_t i = 0; i < plane.size(); i++) {
            const float scaled = (values[i] - *lowest) / range;
            plane[i] = std::floor(factor * scaled) <= float(index) ? 1.0 : 0.0;
        }
    };
    const Descriptors cumulative{parameters.patch, parameters.sigma, bins - 1, Metric::absolute, derive};
    const double scale = 1.0 / (double(features.channels) * bins);
    compare_descriptors(features, cumulative, reference, scale, map, execution);
}

}  // namespace perch
