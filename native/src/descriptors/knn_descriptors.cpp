#include "descriptors/knn_descriptors.hpp"

#include <algorithm>

#include "validation/validation.hpp"
#include "memory/aligned_vector.hpp"
#include "descriptors/descriptor_plane.hpp"
#include "simd/dispatch.hpp"
#include "execution/parallel.hpp"

namespace perch {
namespace {

double mean_of_smallest(std::vector<float>& values, int count) {
    std::nth_element(values.begin(), values.begin() + (count - 1), values.end());
    double sum = 0;
    for (int i = 0; i < count; i++) sum += values[std::size_t(i)];
    return sum / count;
}

/// The descriptors of all positions, [panel][plane][position of the panel].
class DescriptorPanels {
public:
    DescriptorPanels(const FeatureMap& features, const Descriptors& descriptors, const Execution& execution, Progress& progress)
        : dimensions(features.channels * descriptors.planes_per_channel),
          count(int((features.pixels() + panel_width - 1) / panel_width)),
          values_(std::size_t(count) * std::size_t(dimensions) * panel_width) {
        std::vector<DescriptorPlanes> planes(std::size_t(execution.threads), DescriptorPlanes(features, descriptors));
        for_each_index(std::size_t(features.channels), execution, [&](std::size_t c, int worker) {
            for (int index = 0; index < descriptors.planes_per_channel; index++) {
                const std::vector<float>& plane = planes[std::size_t(worker)].make(int(c), index);
                float* to = values_.data() + (c * std::size_t(descriptors.planes_per_channel) + std::size_t(index)) * panel_width;
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
    CacheLines<float> values_;
};

}  // namespace

void nearest_descriptors(const FeatureMap& features, const Descriptors& descriptors, int count, std::vector<double>& costs, const Execution& execution) {
    const DifferenceKernel& kernel = difference_kernel(check_execution(execution));
    const auto add = descriptors.metric == Metric::squared ? kernel.add_squared : kernel.add_absolute;
    const double panels = double(features.pixels()) / panel_width;
    Progress progress(execution, features.channels + panels * panels);
    const DescriptorPanels columns(features, descriptors, execution, progress);
    const std::size_t pixels = features.pixels(), stride = std::size_t(columns.count) * panel_width;
    struct Scratch {
        CacheLines<float> sums;
        std::vector<float> row;
    };
    std::vector<Scratch> scratch(static_cast<std::size_t>(execution.threads));
    for_each_index(std::size_t(columns.count), execution, [&](std::size_t p, int worker) {
        auto& [sums, row] = scratch[std::size_t(worker)];
        sums.assign(stride * panel_width, 0.0f);
        for (int q = 0; q < columns.count; q++) {
            check_cancelled(execution);
            add(columns.panel(int(p)), columns.panel(q), columns.dimensions, sums.data() + q * panel_width, std::ptrdiff_t(stride));
        }
        for (std::size_t i = 0; i < panel_width && p * panel_width + i < pixels; i++) {
            row.assign(sums.begin() + std::ptrdiff_t(i * stride), sums.begin() + std::ptrdiff_t(i * stride + pixels));
            costs[p * panel_width + i] = mean_of_smallest(row, count);
        }
        progress.advance(panels);
    });
}

}  // namespace perch
