#include "descriptors/knn_descriptors.hpp"

#include <algorithm>
#include <limits>

#include "descriptors/descriptor_plane.hpp"
#include "execution/parallel.hpp"
#include "memory/aligned_vector.hpp"
#include "perch/errors.hpp"
#include "simd/dispatch.hpp"
#include "validation/validation.hpp"

namespace perch {
namespace {

/// The mean of the k smallest values. Reorders the values.
double mean_of_smallest(std::vector<float>& values, int k) {
    std::nth_element(values.begin(), values.begin() + (k - 1), values.end());
    double sum = 0;
    for (int i = 0; i < k; i++) sum += values[std::size_t(i)];
    return sum / k;
}

/// The descriptors of all positions, [panel][plane][position of the panel].
class DescriptorPanels {
public:
    DescriptorPanels(const FeatureMap& features, const DescriptorSpec& descriptors, const Execution& execution,
                     Progress& progress)
        : dimensions(features.channels * descriptors.planes_per_channel),
          count(int((features.pixels() + panel_width - 1) / panel_width)),
          values_(std::size_t(count) * std::size_t(dimensions) * panel_width) {
        std::vector<DescriptorPlane> planes(std::size_t(execution.threads), DescriptorPlane(features, descriptors));
        for_each_index(std::size_t(features.channels), execution, [&](std::size_t c, int worker) {
            for (int index = 0; index < descriptors.planes_per_channel; index++) {
                const std::vector<float>& plane = planes[std::size_t(worker)].compute(int(c), index);
                float* to = values_.data() +
                            (c * std::size_t(descriptors.planes_per_channel) + std::size_t(index)) * panel_width;
                for (std::size_t i = 0; i < plane.size(); i++) {
                    to[i / panel_width * std::size_t(dimensions) * panel_width + i % panel_width] = plane[i];
                }
            }
            progress.advance(1);
        });
    }

    const float* panel(int p) const { return values_.data() + std::ptrdiff_t(p) * dimensions * panel_width; }

    const int dimensions, count;

private:
    AlignedVector<float> values_;
};

}  // namespace

void knn_descriptor_costs(const FeatureMap& features, const DescriptorSpec& descriptors, const NearestPatches& nearest,
                          std::vector<double>& costs, const Execution& execution) {
    if (double(features.channels) * descriptors.planes_per_channel > std::numeric_limits<int>::max()) {
        raise(InvalidArgument("The feature map has too many channels for this statistic."));
    }
    const DifferenceKernel& kernel = difference_kernel(resolve_isa(execution));
    const auto add = descriptors.distance == Distance::squared ? kernel.add_squared : kernel.add_absolute;
    const double panels = double(features.pixels()) / panel_width;
    Progress progress(execution, features.channels + panels * panels);
    const DescriptorPanels columns(features, descriptors, execution, progress);
    const std::vector<std::uint32_t>& among = nearest.among;
    const std::size_t pixels = features.pixels(), searched = among.empty() ? pixels : among.size();
    const int k = int(std::min(std::size_t(nearest.k), searched));
    const std::size_t stride = std::size_t(columns.count) * panel_width;
    struct Scratch {
        AlignedVector<float> sums;
        std::vector<float> row;
    };
    std::vector<Scratch> scratch(static_cast<std::size_t>(execution.threads));
    for_each_index(std::size_t(columns.count), execution, [&](std::size_t p, int worker) {
        auto& [sums, row] = scratch[std::size_t(worker)];
        sums.assign(stride * panel_width, 0.0f);
        for (int q = 0; q < columns.count; q++) {
            check_canceled(execution);
            add(columns.panel(int(p)), columns.panel(q), columns.dimensions, sums.data() + q * panel_width,
                std::ptrdiff_t(stride));
        }
        for (std::size_t i = 0; i < panel_width && p * panel_width + i < pixels; i++) {
            const float* all = sums.data() + i * stride;
            row.assign(all, all + pixels);
            if (!among.empty()) {
                row.resize(among.size());
                std::transform(among.begin(), among.end(), row.begin(),
                               [&](std::uint32_t index) { return all[index]; });
            }
            costs[p * panel_width + i] = mean_of_smallest(row, k);
        }
        progress.advance(panels);
    });
}

}  // namespace perch
