#include "descriptors/descriptors.hpp"

#include <algorithm>

#include "descriptors/descriptor_costs.hpp"
#include "descriptors/descriptor_plane.hpp"
#include "descriptors/knn_descriptors.hpp"
#include "execution/parallel.hpp"
#include "validation/validation.hpp"

namespace perch {
namespace {

/// Channels are summed in this number of groups, so that the result does not depend on the number of threads.
constexpr int channel_groups = 16;

void sum_descriptor_costs(const FeatureMap& features, const DescriptorSpec& descriptors,
                          const DescriptorReference& reference, std::vector<double>& costs,
                          const Execution& execution) {
    const int groups = std::min(channel_groups, features.channels);
    std::vector<std::vector<double>> sums(std::size_t(groups), std::vector<double>(features.pixels()));
    std::vector<DescriptorPlane> planes(std::size_t(execution.threads), DescriptorPlane(features, descriptors));
    Progress progress(execution, features.channels);
    for_each_index(std::size_t(groups), execution, [&](std::size_t group, int worker) {
        for (int c = int(group); c < features.channels; c += groups) {
            for (int index = 0; index < descriptors.planes_per_channel; index++) {
                check_canceled(execution);
                add_descriptor_costs(planes[std::size_t(worker)].compute(c, index), descriptors.distance, reference,
                                     sums[group]);
            }
            progress.advance(1);
        }
    });
    for (const std::vector<double>& sum : sums) {
        for (std::size_t i = 0; i < costs.size(); i++) costs[i] += sum[i];
    }
}

}  // namespace

void compare_descriptors(const FeatureMap& features, const DescriptorSpec& descriptors,
                         const DescriptorReference& reference, double scale, float* map, const Execution& execution) {
    require_shape(features, descriptors.patch_size);
    require_sigma("sigma", descriptors.sigma, false);
    resolve_isa(execution);
    require_references(features, reference);
    require_finite(features, execution);
    std::vector<double> costs(features.pixels());
    if (const auto* nearest = std::get_if<NearestPatches>(&reference)) {
        knn_descriptor_costs(features, descriptors, *nearest, costs, execution);
    } else {
        sum_descriptor_costs(features, descriptors, reference, costs, execution);
    }
    for (std::size_t i = 0; i < costs.size(); i++) map[i] = float(costs[i] * scale);
}

}  // namespace perch
