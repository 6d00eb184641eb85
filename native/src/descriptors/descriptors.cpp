#include "descriptors/descriptors.hpp"

#include <algorithm>

#include "validation/validation.hpp"
#include "descriptors/descriptor_plane.hpp"
#include "descriptors/knn_descriptors.hpp"
#include "execution/parallel.hpp"
#include "descriptors/descriptor_costs.hpp"
#include "validation/reference_validation.hpp"

namespace perch {
namespace {

/// Channels are summed in so many groups whatever the number of threads, so that the result does not depend on it.
constexpr int channel_groups = 16;

void sum_plane_costs(const FeatureMap& features, const Descriptors& descriptors, const VectorReference& reference, std::vector<double>& costs, const Execution& execution) {
    const int groups = std::min(channel_groups, features.channels);
    std::vector<std::vector<double>> sums(std::size_t(groups), std::vector<double>(features.pixels()));
    std::vector<DescriptorPlanes> planes(std::size_t(execution.threads), DescriptorPlanes(features, descriptors));
    Progress progress(execution, features.channels);
    for_each_index(std::size_t(groups), execution, [&](std::size_t group, int worker) {
        for (int c = int(group); c < features.channels; c += groups) {
            for (int index = 0; index < descriptors.planes_per_channel; index++) {
                check_cancelled(execution);
                add_plane_costs(planes[std::size_t(worker)].make(c, index), descriptors.metric, reference, sums[group]);
            }
            progress.advance(1);
        }
    });
    for (const std::vector<double>& sum : sums) {
        for (std::size_t i = 0; i < costs.size(); i++) costs[i] += sum[i];
    }
}

}  // namespace

void compare_descriptors(const FeatureMap& features, const Descriptors& descriptors, const VectorReference& reference,
                         double scale, float* map, const Execution& execution) {
    check_shape(features, descriptors.patch);
    check_spread("sigma", descriptors.sigma, false);
    check_execution(execution);
    check_references(features, reference);
    check_values(features, execution);
    std::vector<double> costs(features.pixels());
    if (const auto* nearest = std::get_if<NearestWindows>(&reference)) {
        const int count = int(std::min<std::size_t>(std::size_t(nearest->count), features.pixels()));
        nearest_descriptors(features, descriptors, count, costs, execution);
    } else {
        sum_plane_costs(features, descriptors, reference, costs, execution);
    }
    for (std::size_t i = 0; i < costs.size(); i++) map[i] = float(costs[i] * scale);
}

}  // namespace perch
