#pragma once

#include <vector>

#include "planes/blur.hpp"
#include "descriptors/descriptors.hpp"

namespace perch {

/// Makes descriptor planes of single channels. Holds scratch memory: one a thread.
class DescriptorPlanes {
public:
    DescriptorPlanes(const FeatureMap& features, const Descriptors& descriptors)
        : descriptors_(&descriptors), blur_(features.height, features.width, descriptors.patch, descriptors.sigma),
          derived_(features.pixels()), plane_(features.pixels()) {}

    /// The plane less its mean before the blur, for only differences matter and float32 keeps small numbers better.
    const std::vector<float>& make(int channel, int index) {
        descriptors_->derive(channel, index, derived_);
        double mean = 0;
        for (const double value : derived_) mean += value;
        mean /= double(derived_.size());
        for (std::size_t i = 0; i < derived_.size(); i++) plane_[i] = float(derived_[i] - mean);
        blur_(plane_.data());
        return plane_;
    }

private:
    const Descriptors* descriptors_;
    Blur blur_;
    std::vector<double> derived_;
    std::vector<float> plane_;
};

}  // namespace perch
