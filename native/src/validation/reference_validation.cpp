#include "validation/reference_validation.hpp"

#include <string>

#include "perch/errors.hpp"

namespace perch {
namespace {

struct Check {
    const FeatureMap& features;

    void operator()(const GlobalMean&) const {}
    void operator()(const AllWindows&) const {}
    void operator()(const NearestWindows& nearest) const {
        if (nearest.count < 1) throw InvalidArgument("The number of nearest windows is " + std::to_string(nearest.count) + "; at least 1 is needed.");
    }
    void operator()(const ChosenWindows& chosen) const {
        if (chosen.positions.empty()) throw InvalidArgument("No window was chosen as a reference.");
        for (const std::uint32_t position : chosen.positions) {
            if (position >= features.pixels()) {
                throw InvalidArgument("The map has no position " + std::to_string(position) + " to take a reference from.");
            }
        }
    }
};

}  // namespace

void check_references(const FeatureMap& features, const SampleWindows& references) {
    std::visit(Check{features}, references);
}

void check_references(const FeatureMap& features, const VectorReference& reference) {
    std::visit(Check{features}, reference);
}

}  // namespace perch
