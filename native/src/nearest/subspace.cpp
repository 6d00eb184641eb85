#include "perch/subspace.hpp"

#include <algorithm>
#include <string>

#include "execution/parallel.hpp"
#include "memory/aligned_vector.hpp"
#include "perch/errors.hpp"
#include "simd/dispatch.hpp"
#include "validation/validation.hpp"

namespace perch {

void residual_energy(const FeatureMap& features, const std::vector<double>& mean, const Rows& directions, float* map,
                     const Execution& execution) {
    const InnerProductKernel& kernel = inner_product_kernel(resolve_isa(execution));
    if (features.channels < 1 || features.height < 1 || features.width < 1) {
        raise(InvalidArgument("The feature map is empty."));
    }
    const std::size_t channels = std::size_t(features.channels), count = directions.count;
    if (mean.size() != channels || directions.length != features.channels || count > channels) {
        raise(InvalidArgument("The features have " + std::to_string(channels) + " channels, but the subspace has " +
                              std::to_string(mean.size()) + "."));
    }
    require_comparable(features.values, channels * features.pixels());
    AlignedVector<float> transposed(channels * count);
    for (std::size_t d = 0; d < count; d++) {
        for (std::size_t c = 0; c < channels; c++) transposed[c * count + d] = directions.row(d)[c];
    }
    const std::size_t panels = (features.pixels() + panel_width - 1) / panel_width;
    Progress progress(execution, double(panels));
    for_each_index(panels, execution, [&](std::size_t p, int) {
        const std::size_t first = p * panel_width, size = std::min<std::size_t>(panel_width, features.pixels() - first);
        AlignedVector<float> panel(channels * panel_width), products(count * panel_width);
        for (std::size_t c = 0; c < channels; c++) {
            const float* source = features.channel(int(c)) + first;
            for (std::size_t j = 0; j < size; j++) panel[c * panel_width + j] = float(double(source[j]) - mean[c]);
        }
        kernel.multiply(transposed.data(), std::ptrdiff_t(count), int(count), panel.data(), features.channels,
                        products.data(), panel_width);
        double energy[panel_width] = {};
        for (std::size_t d = 0; d < count; d++) {
            for (int j = 0; j < panel_width; j++) {
                const float product = products[d * panel_width + std::size_t(j)];
                energy[j] += double(product) * product;
            }
        }
        for (std::size_t j = 0; j < size; j++) map[first + j] = float(energy[j]);
        progress.advance(1);
    });
}

}  // namespace perch
