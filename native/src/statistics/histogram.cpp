#include "perch/histogram.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "descriptors/descriptors.hpp"
#include "perch/errors.hpp"

namespace perch {

void histogram(const FeatureMap& features, const DescriptorReference& reference, const HistogramParameters& parameters,
               float* map, const Execution& execution) {
    const int bins = parameters.bins;
    if (bins < 2 || bins > 256) {
        raise(InvalidArgument("The number of bins is " + std::to_string(bins) + "; it must be 2 to 256."));
    }
    // The earth mover's distance of two histograms is the L1 distance of their cumulative sums, of which the last is 1
    // in both. Bins are computed in float32, as in the authors' code, so that values at bin edges fall into the same
    // bin.
    const auto transform = [features, bins](int channel, int index, std::vector<double>& plane) {
        const float* values = features.channel(channel);
        const auto [lowest, highest] = std::minmax_element(values, values + plane.size());
        const float range = *highest - *lowest + 1e-8f, factor = float(0.999 * bins);
        for (std::size_t i = 0; i < plane.size(); i++) {
            const float scaled = (values[i] - *lowest) / range;
            plane[i] = std::floor(factor * scaled) <= float(index) ? 1.0 : 0.0;
        }
    };
    const DescriptorSpec cumulative{parameters.patch_size, parameters.sigma, bins - 1, Distance::absolute, transform};
    const double scale = 1.0 / (double(features.channels) * bins);
    compare_descriptors(features, cumulative, reference, scale, map, execution);
}

}  // namespace perch
