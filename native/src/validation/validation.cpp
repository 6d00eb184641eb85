#include "validation/validation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "sorting/ordered_keys.hpp"
#include "execution/parallel.hpp"
#include "perch/errors.hpp"

namespace perch {
namespace {

const std::int32_t key_of_infinity = ordered_key(std::numeric_limits<float>::infinity());

[[noreturn]] void refuse(const FeatureMap& features, int channel) {
    const float* values = features.channel(channel);
    const std::size_t at = std::find_if_not(values, values + features.pixels(), [](float v) { return std::isfinite(v); }) - values;
    const char* what = std::isnan(values[at]) ? "NaN" : values[at] > 0 ? "Infinity" : "-Infinity";
    throw InvalidFeatures("The features are not finite: " + std::string(what) + " in channel " + std::to_string(channel) +
                          ", row " + std::to_string(at / features.width) + ", column " +
                          std::to_string(at % features.width) + ".");
}

}  // namespace

void check_shape(const FeatureMap& features, int patch) {
    if (patch < 3 || patch > 31 || patch % 2 == 0) {
        throw InvalidArgument("The patch side is " + std::to_string(patch) + "; it must be odd, 3 to 31.");
    }
    if (features.channels < 1) throw InvalidArgument("The feature map has no channels.");
    if (features.height < patch || features.width < patch) {
        throw InvalidArgument("The feature map is " + std::to_string(features.height) + " x " +
                              std::to_string(features.width) + ", smaller than the patch (" + std::to_string(patch) +
                              " x " + std::to_string(patch) + ").");
    }
}

void check_reference(const FeatureMap& features, int patch, const std::vector<float>& reference) {
    const std::size_t size = std::size_t(patch) * std::size_t(patch);
    if (reference.size() != std::size_t(features.channels) * size) {
        throw InvalidArgument("The reference has " + std::to_string(reference.size()) + " values; " +
                              std::to_string(features.channels) + " channels of " + std::to_string(size) + " are needed.");
    }
    for (std::size_t i = 0; i < reference.size(); i++) {
        if (!std::isfinite(reference[i]) || (i % size != 0 && reference[i] < reference[i - 1])) {
            throw InvalidArgument("The reference of channel " + std::to_string(i / size) +
                                  " is not a finite ascending list.");
        }
    }
}

void check_spread(const char* name, double sigma, bool zero_allowed) {
    if (std::isfinite(sigma) && (sigma > 0 || (zero_allowed && sigma == 0))) return;
    throw InvalidArgument(std::string(name) + " is " + std::to_string(sigma) + "; it must be a finite number above zero" +
                          (zero_allowed ? " or zero." : "."));
}

std::vector<Limits> check_values(const FeatureMap& features, const Execution& execution) {
    std::vector<Limits> limits(std::size_t(features.channels));
    std::vector<char> finite(limits.size());
    for_each_index(limits.size(), execution, [&](std::size_t c, int) {
        const float* values = features.channel(int(c));
        std::int32_t lowest = ordered_key(values[0]), highest = lowest;
        for (std::size_t i = 0; i < features.pixels(); i++) {
            const std::int32_t key = ordered_key(values[i]);
            lowest = std::min(lowest, key);
            highest = std::max(highest, key);
        }
        finite[c] = lowest > ~key_of_infinity && highest < key_of_infinity;
        limits[c] = {value_of_key(lowest), value_of_key(highest)};
    });
    const auto broken = std::find(finite.begin(), finite.end(), 0);
    if (broken != finite.end()) refuse(features, int(broken - finite.begin()));
    return limits;
}

Isa check_execution(const Execution& execution) {
    if (execution.threads < 1) {
        throw InvalidArgument("The number of threads is " + std::to_string(execution.threads) + "; at least 1 is needed.");
    }
    const std::vector<Isa> isas = supported_isas();
    if (execution.isa == Isa::automatic) return isas.front();
    if (std::find(isas.begin(), isas.end(), execution.isa) == isas.end()) {
        throw InvalidArgument("This processor lacks the instruction set that was asked for.");
    }
    return execution.isa;
}

}  // namespace perch
