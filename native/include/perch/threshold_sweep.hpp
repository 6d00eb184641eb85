#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "perch/execution.hpp"

namespace perch {

/// Collects the scores and the ground truth of all pixels of a class, then sweeps a threshold over them. All metrics
/// follow exactly from the resulting operating points. The TypeScript definition is `src-main/metrics/`.
///
/// The maps are not copied. Memory: 8 bytes for each anomalous pixel while images are added, 16 while they are sorted;
/// then at most 4 bytes for each pixel for counters and 76 for each distinct anomalous score.
class ThresholdSweep {
public:
    /// The vertices of the ROC curve from the highest threshold to the lowest, one array for each column. Each row
    /// counts the pixels whose score is at or above `threshold`.
    struct OperatingPoints {
        /// The first threshold is infinity, followed by each distinct anomalous score. If normal pixels lie
        /// between two anomalous scores, the smallest float above the lower one is also included. If normal
        /// pixels lie below all anomalous scores, the lowest score is last.
        std::vector<double> threshold;
        std::vector<double> false_positives;
        std::vector<double> true_positives;
        /// Sum, over all regions, of the covered fraction of each region.
        std::vector<double> overlap;
    };

    struct ImageStats {
        /// -Infinity for an image without pixels.
        float max_score;
        /// Number of 8-connected regions of anomalous pixels.
        std::size_t regions;
    };

    ThresholdSweep();
    ~ThresholdSweep();

    /// Adds the pixels of an image.
    ///
    /// @param scores height x width; the caller keeps them unchanged until operating_points() returns
    /// @param ground_truth height x width, 0 for a normal pixel; read during the call only
    /// @throws InvalidArgument if a score is NaN, a side exceeds 2^32 - 1, or the pixels of all images exceed 2^32 - 1;
    /// the
    ///         image is not added then
    ImageStats add(const float* scores, const std::uint8_t* ground_truth, std::size_t height, std::size_t width);

    /// Sweeps the threshold over every distinct score. Returns the points where the ROC curve changes direction
    /// (compare scikit-learn's `roc_curve(drop_intermediate=True)`): between two of them lie either normal pixels only
    /// or one score, so ROC and PRO curves are straight there and the precision-recall curve is vertical or a single
    /// step. The sweep is empty afterwards.
    ///
    /// @throws Canceled
    ///
    /// Cost O(n) for n pixels: only the anomalous pixels are sorted; the normal ones are counted between their scores
    /// (`src/metrics/sorted_key_index.hpp`).
    OperatingPoints operating_points(const Execution& execution);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace perch
