#include "perch/mutual.hpp"

#include <algorithm>
#include <memory>
#include <string>

#include "execution/parallel.hpp"
#include "nearest/direct_distances.hpp"
#include "nearest/pair_comparison.hpp"
#include "perch/errors.hpp"
#include "simd/dispatch.hpp"
#include "validation/validation.hpp"

namespace perch {
namespace {

static_assert(max_neighborhood == max_taps);

void require_scales(const FeatureMap& image, const std::vector<FeatureMap>& others, const MutualScales& scales) {
    bool valid = !scales.sides.empty();
    for (std::size_t i = 0; i < scales.sides.size(); i++) {
        const int side = scales.sides[i];
        valid &= side >= 1 && side <= max_neighborhood && side % 2 == 1 && (i == 0 || side > scales.sides[i - 1]);
    }
    if (!valid)
        raise(InvalidArgument("The sides must be odd, ascending, 1 to " + std::to_string(max_neighborhood) + "."));
    if (scales.layers < 1 || image.channels < 1 || image.channels % scales.layers != 0) {
        raise(InvalidArgument(std::to_string(image.channels) + " channels cannot be divided into " +
                              std::to_string(scales.layers) + " layers."));
    }
    const auto require = [&](const FeatureMap& map) {
        if (map.channels != image.channels) {
            raise(InvalidArgument("The images have different numbers of channels: " + std::to_string(image.channels) +
                                  " and " + std::to_string(map.channels) + "."));
        }
        if (map.height < 1 || map.width < 1 || (double(map.height) + 8) * (double(map.width) + 8) > 1e9) {
            raise(InvalidArgument("The feature map is " + std::to_string(map.height) + " x " +
                                  std::to_string(map.width) + "; it must have 1 to 1e9 positions."));
        }
    };
    require(image);
    for (const FeatureMap& other : others) require(other);
}

FeatureMap layer_of(const FeatureMap& map, int layer, int layers) {
    const int channels = map.channels / layers;
    return {map.channel(layer * channels), channels, map.height, map.width};
}

/// The mean of each channel.
std::vector<float> center_of(const FeatureMap& map) {
    std::vector<float> center;
    for (int c = 0; c < map.channels; c++) {
        double sum = 0;
        for (std::size_t i = 0; i < map.pixels(); i++) sum += double(map.channel(c)[i]);
        center.push_back(float(sum / double(map.pixels())));
    }
    return center;
}

class Comparison {
public:
    Comparison(const FeatureMap& image, const std::vector<FeatureMap>& others, const MutualScales& scales,
               const Execution& execution)
        : image_(image), others_(others), scales_(scales), execution_(execution),
          kernel_(inner_product_kernel(resolve_isa(execution))), finishing_{1,
                                                                            resolve_isa(execution),
                                                                            execution.canceled,
                                                                            {}},
          progress_(execution, double(others.size()) * scales.layers) {
        std::size_t size = 0;
        for (const FeatureMap& other : others) {
            offsets_.push_back(size);
            size += scales.count() * (image.pixels() + other.pixels());
        }
        distances_.resize(size);
    }

    std::vector<float> run() {
        for (int layer = 0; layer < scales_.layers; layer++) {
            const FeatureMap own = layer_of(image_, layer, scales_.layers);
            require_comparable(own.values, own.pixels() * std::size_t(own.channels));
            const std::vector<float> center = center_of(own);
            const LayerPlanes image(own, scales_.sides, center, kernel_);
            // With fewer images than threads, threads share the comparison with one image.
            const bool share = others_.size() < std::size_t(execution_.threads);
            const auto compare = [&](std::size_t other, const Execution& inner) {
                const LayerPlanes planes(layer_of(others_[other], layer, scales_.layers), scales_.sides, center,
                                         kernel_);
                compare_with(other, layer, image, planes, inner);
            };
            Execution single = execution_;
            single.threads = 1;
            if (share) {
                for (std::size_t other = 0; other < others_.size(); other++) compare(other, execution_);
            } else {
                for_each_index(others_.size(), execution_, [&](std::size_t other, int) { compare(other, single); });
            }
        }
        return std::move(distances_);
    }

private:
    void compare_with(std::size_t other, int layer, const LayerPlanes& image, const LayerPlanes& planes,
                      const Execution& execution) {
        PairComparison pair(image, planes, kernel_);
        const int bands = std::max(PairComparison::band_count(image, planes), execution.threads);
        const double step = 1.0 / (double(bands) * image.height);
        for_each_index(std::size_t(bands), execution, [&](std::size_t band, int) {
            pair.compare_band(int(band), bands, [&] {
                check_canceled(execution_);
                progress_.advance(step);
            });
        });
        const std::size_t own_pixels = image_.pixels(), other_pixels = others_[other].pixels();
        float* to_other = distances_.data() + offsets_[other];
        float* from_other = to_other + scales_.count() * own_pixels;
        for (std::size_t side = 0; side < scales_.sides.size(); side++) {
            const std::size_t scale = std::size_t(layer) * scales_.sides.size() + side;
            check_canceled(execution_);
            direct_distances(image, planes, side, pair.partners(side).a, finishing_, to_other + scale * own_pixels);
            direct_distances(planes, image, side, pair.partners(side).b, finishing_, from_other + scale * other_pixels);
        }
    }

    const FeatureMap& image_;
    const std::vector<FeatureMap>& others_;
    const MutualScales& scales_;
    const Execution& execution_;
    const InnerProductKernel& kernel_;
    /// To find doubtful distances again.
    const Execution finishing_;
    Progress progress_;
    std::vector<std::size_t> offsets_;
    std::vector<float> distances_;
};

}  // namespace

std::vector<float> mutual_distances(const FeatureMap& image, const std::vector<FeatureMap>& others,
                                    const MutualScales& scales, const Execution& execution) {
    require_scales(image, others, scales);
    return Comparison(image, others, scales, execution).run();
}

}  // namespace perch
