#include "validation/validation.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <string>

#include "execution/parallel.hpp"
#include "perch/errors.hpp"
#include "simd/dispatch.hpp"

namespace perch {
namespace {

[[noreturn]] void raise_not_finite(const FeatureMap& features, int channel) {
    const float* values = features.channel(channel);
    const float* found = std::find_if_not(values, values + features.pixels(), [](float v) { return std::isfinite(v); });
    const char* name = std::isnan(*found) ? "NaN" : *found > 0 ? "Infinity" : "-Infinity";
    const std::size_t index = std::size_t(found - values), width = std::size_t(features.width);
    raise(InvalidFeatures("The features are not finite: " + std::string(name) + " in channel " +
                          std::to_string(channel) + ", row " + std::to_string(index / width) + ", column " +
                          std::to_string(index % width) + "."));
}

void require_ascending(const std::vector<std::uint32_t>& numbers, const char* name) {
    if (std::adjacent_find(numbers.begin(), numbers.end(), std::greater_equal<>()) == numbers.end()) return;
    raise(InvalidArgument("The numbers of the " + std::string(name) + " must ascend."));
}

struct ReferenceCheck {
    const FeatureMap& features;

    void operator()(const GlobalMean& mean) const { require_part(mean.among); }
    void operator()(const AllPatches& all) const { require_part(all.among); }
    void operator()(const NearestPatches& nearest) const {
        require_part(nearest.among);
        if (nearest.k >= 1) return;
        raise(InvalidArgument("The number of nearest patches is " + std::to_string(nearest.k) +
                              "; it must be at least 1."));
    }
    void operator()(const PatchIndices& patches) const {
        if (patches.indices.empty()) raise(InvalidArgument("The list of reference patches is empty."));
        if (patches.indices.size() > std::size_t(std::numeric_limits<int>::max())) {
            raise(InvalidArgument("The list of reference patches is too long."));
        }
        for (const std::uint32_t index : patches.indices) require_inside(index);
    }

    void require_part(const std::vector<std::uint32_t>& among) const {
        require_ascending(among, "reference patches");
        if (!among.empty()) require_inside(among.back());
    }

    void require_inside(std::uint32_t index) const {
        if (index < features.pixels()) return;
        raise(InvalidArgument("The reference patch " + std::to_string(index) + " is outside the map, which has " +
                              std::to_string(features.pixels()) + " positions."));
    }
};

}  // namespace

void require_shape(const FeatureMap& features, int patch_size) {
    if (patch_size < min_patch_size || patch_size > max_patch_size || patch_size % 2 == 0) {
        raise(InvalidArgument("The patch size is " + std::to_string(patch_size) + "; it must be odd, 3 to 31."));
    }
    if (features.channels < 1) raise(InvalidArgument("The feature map has no channels."));
    if (features.height < patch_size || features.width < patch_size) {
        raise(InvalidArgument("The feature map is " + std::to_string(features.height) + " x " +
                              std::to_string(features.width) + ", smaller than the patch (" +
                              std::to_string(patch_size) + " x " + std::to_string(patch_size) + ")."));
    }
    const double padded_pixels = (double(features.height) + patch_size) * (double(features.width) + patch_size);
    if (padded_pixels > std::numeric_limits<int>::max()) {
        raise(InvalidArgument("The feature map is " + std::to_string(features.height) + " x " +
                              std::to_string(features.width) + "; it must have fewer than 2^31 pixels."));
    }
}

void require_reference(const FeatureMap& features, int patch_size, const std::vector<float>& reference) {
    const std::size_t size = std::size_t(patch_size) * std::size_t(patch_size);
    if (reference.size() != std::size_t(features.channels) * size) {
        raise(InvalidArgument("The reference has " + std::to_string(reference.size()) + " values; " +
                              std::to_string(features.channels) + " channels of " + std::to_string(size) +
                              " are needed."));
    }
    for (std::size_t i = 0; i < reference.size(); i++) {
        if (!std::isfinite(reference[i]) || (i % size != 0 && reference[i] < reference[i - 1])) {
            raise(InvalidArgument("The reference of channel " + std::to_string(i / size) +
                                  " is not a finite ascending list."));
        }
    }
}

void require_tiles(const FeatureMap& features, int patch_size, const std::vector<std::uint32_t>& tiles) {
    require_ascending(tiles, "tiles");
    const std::size_t count = std::size_t(features.height / patch_size) * std::size_t(features.width / patch_size);
    if (tiles.empty() || tiles.back() < count) return;
    raise(InvalidArgument("Tile " + std::to_string(tiles.back()) + " is outside the map, which has " +
                          std::to_string(count) + " tiles."));
}

void require_references(const FeatureMap& features, const PatchReferences& references) {
    std::visit(ReferenceCheck{features}, references);
}

void require_references(const FeatureMap& features, const DescriptorReference& reference) {
    std::visit(ReferenceCheck{features}, reference);
}

void require_sigma(const char* name, double sigma, bool zero_allowed) {
    if (std::isfinite(sigma) && (sigma > 0 || (zero_allowed && sigma == 0))) return;
    raise(InvalidArgument(std::string(name) + " is " + std::to_string(sigma) +
                          "; it must be a finite number above zero" + (zero_allowed ? " or zero." : ".")));
}

std::vector<ValueRange> require_finite(const FeatureMap& features, const Execution& execution) {
    const ValueRangeKernel range_of = value_range_kernel(resolve_isa(execution));
    std::vector<ValueRange> ranges(std::size_t(features.channels));
    for_each_index(ranges.size(), execution,
                   [&](std::size_t c, int) { ranges[c] = range_of(features.channel(int(c)), features.pixels()); });
    const auto broken = std::find_if_not(ranges.begin(), ranges.end(), [](const ValueRange& range) {
        return std::isfinite(range.lowest) && std::isfinite(range.highest);
    });
    if (broken != ranges.end()) raise_not_finite(features, int(broken - ranges.begin()));
    return ranges;
}

void require_comparable(const float* values, std::size_t count) {
    const auto is_comparable = [](float v) { return v >= -max_compared_feature && v <= max_compared_feature; };
    const float* found = std::find_if_not(values, values + count, is_comparable);
    if (found == values + count) return;
    const std::string reason = std::isfinite(*found) ? "too large" : "not finite";
    raise(InvalidFeatures("The features are " + reason + ": value " + std::to_string(found - values) + " is " +
                          std::to_string(*found) + "; the limit is 1e15."));
}

Isa resolve_isa(const Execution& execution) {
    if (execution.threads < 1 || execution.threads > max_threads) {
        raise(InvalidArgument("The number of threads is " + std::to_string(execution.threads) + "; it must be 1 to " +
                              std::to_string(max_threads) + "."));
    }
    const std::vector<Isa> isas = supported_isas();
    if (execution.isa == Isa::automatic) return isas.front();
    if (std::find(isas.begin(), isas.end(), execution.isa) == isas.end()) {
        raise(InvalidArgument("This processor does not support the requested instruction set."));
    }
    return execution.isa;
}

}  // namespace perch
