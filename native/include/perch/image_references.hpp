#pragma once

#include <cstdint>
#include <variant>
#include <vector>

namespace perch {

/// References from the image itself (paper, 3.3). A window is named by its position y * W + x; those at the border see the
/// features reflected.

/// These windows; the score is the sum of the costs against each.
struct ChosenWindows {
    std::vector<std::uint32_t> positions;
};

/// Every window of the image; the score is the sum of the costs.
struct AllWindows {};

/// For each window the `count` windows nearest to it, itself included, or all where there are fewer; of equally near ones
/// those that come first. The score is the mean of the costs.
struct NearestWindows {
    int count;
};

/// References of statistics that compare sorted samples (FCA, SWW): windows are near by the 1-D Wasserstein distance, summed
/// over channels.
using SampleWindows = std::variant<ChosenWindows, AllWindows, NearestWindows>;

/// One reference for the image: the mean over all positions.
struct GlobalMean {};

/// References of statistics that compare vectors (moments, histograms): windows are near by the statistic's own cost.
using VectorReference = std::variant<GlobalMean, ChosenWindows, AllWindows, NearestWindows>;

}  // namespace perch
