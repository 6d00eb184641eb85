#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "descriptors/descriptors.hpp"
#include "perch/errors.hpp"
#include "planes/blur.hpp"

namespace perch {

/// Computes descriptor planes of single channels. An object contains scratch memory: use one for each thread.
class DescriptorPlane {
public:
    DescriptorPlane(const FeatureMap& features, const DescriptorSpec& descriptors)
        : descriptors_(&descriptors), blur_(features.height, features.width, descriptors.patch_size, descriptors.sigma),
          transformed_(features.pixels()), plane_(features.pixels()) {}

    /// The blurred plane (H x W), valid until the next call. The mean is subtracted before the blur: only differences
    /// matter, and float32 represents small numbers more precisely.
    /// @throws InvalidFeatures if a value exceeds float32 (with the margin that the blur needs)
    const std::vector<float>& compute(int channel, int index) {
        descriptors_->transform(channel, index, transformed_);
        double mean = 0;
        for (const double value : transformed_) mean += value;
        mean /= double(transformed_.size());
        double largest = 0;
        for (std::size_t i = 0; i < transformed_.size(); i++) {
            const double centered = transformed_[i] - mean;
            largest = std::max(largest, std::fabs(centered));
            plane_[i] = float(centered);
        }
        if (!(largest <= std::numeric_limits<float>::max() / 4)) {
            raise(InvalidFeatures("The features of channel " + std::to_string(channel) +
                                  " are too large for this statistic."));
        }
        blur_(plane_.data());
        return plane_;
    }

private:
    const DescriptorSpec* descriptors_;
    Blur blur_;
    std::vector<double> transformed_;
    std::vector<float> plane_;
};

}  // namespace perch
