#include "perch/moments.hpp"

#include "descriptors/descriptors.hpp"

namespace perch {
namespace {

/// Planes of the values' powers 1 to `count`.
DescriptorSpec powers(const FeatureMap& features, const MomentsParameters& parameters, int count) {
    const auto transform = [features](int channel, int index, std::vector<double>& plane) {
        for (std::size_t i = 0; i < plane.size(); i++) {
            const double value = features.channel(channel)[i];
            double power = value;
            for (int k = 0; k < index; k++) power *= value;
            plane[i] = power;
        }
    };
    return {parameters.patch_size, parameters.sigma, count, Distance::squared, transform};
}

}  // namespace

void moments(const FeatureMap& features, const DescriptorReference& reference, const MomentsParameters& parameters,
             float* map, const Execution& execution) {
    constexpr int orders = 4;
    const double scale = 1.0 / (orders * double(features.channels));
    compare_descriptors(features, powers(features, parameters, orders), reference, scale, map, execution);
}

void knn_mean_distances(const FeatureMap& features, const NearestPatches& neighbors,
                        const MomentsParameters& parameters, float* map, const Execution& execution) {
    compare_descriptors(features, powers(features, parameters, 1), neighbors, 1, map, execution);
}

}  // namespace perch
