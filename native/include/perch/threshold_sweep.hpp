#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "perch/execution.hpp"

namespace perch {

/// The pixels of a class with their scores and ground truth, from which every figure follows (method.md, section 4).
///
/// The maps are not copied. Memory 8 bytes an anomalous pixel while they are added, 16 while those are sorted; then 4 a pixel at
/// most for counters, and 76 at most for each distinct anomalous score.
class ScoredPixels {
public:
    /// Places on the way from the highest threshold to the lowest, one column each: what is at or above `threshold`.
    struct Corners {
        /// An anomalous score; where normal pixels lie between two of those, the least float above the lower one; the lowest
        /// score of all at the end.
        std::vector<double> threshold;
        std::vector<double> false_positives;
        std::vector<double> true_positives;
        /// Sum over regions of the fraction that is covered.
        std::vector<double> overlap;
    };

    /// What an image has that was added.
    struct Image {
        /// The highest of its scores; -Infinity where it has no pixel.
        float highest;
        /// Its regions: 8-connected anomalous pixels.
        std::size_t regions;
    };

    ScoredPixels();
    ~ScoredPixels();

    /// Adds the pixels of an image.
    ///
    /// @param scores height x width; must be there, as they are, until the sweep has ended
    /// @param ground_truth height x width, 0 where a pixel is normal
    /// @throws InvalidArgument where a score is not a number, or pixels come to 2^32; nothing is added
    Image add(const float* scores, const std::uint8_t* ground_truth, std::size_t height, std::size_t width);

    /// Sweeps a threshold over every distinct score, highest first. Told are the start (no pixel, threshold infinite), and each
    /// place where normal pixels alone give way to anomalous ones or the other way round: between two of them lie normal
    /// pixels alone or one score, so ROC and PRO are straight there and PR is upright or one step. Nothing is lost.
    /// Nothing is left afterwards.
    ///
    /// @throws Cancelled
    ///
    /// Cost O(n) for n pixels: the anomalous ones are sorted by radix, all are counted between them (ladder.hpp).
    Corners sweep(const Execution& execution);

private:
    struct Pixels;
    std::unique_ptr<Pixels> pixels_;
};

}  // namespace perch
