#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "perch/execution.hpp"

namespace perch {

/// The pixels of a class with their scores and ground truth, from which every figure follows (method.md, section 4).
///
/// Memory 8 bytes a pixel while they are added, 16 while they are swept.
class ScoredPixels {
public:
    /// A place on the way from the highest threshold to the lowest: what is at or above `threshold`.
    struct Corner {
        double threshold;
        double false_positives;
        double true_positives;
        /// Sum over regions of the fraction that is covered.
        double overlap;
    };

    /// @param capacity pixels that will be added in all
    explicit ScoredPixels(std::size_t capacity);
    ~ScoredPixels();

    /// Adds the pixels of an image.
    ///
    /// @param regions 0 where a pixel is normal, else its region's number, from 1, over all images
    /// @throws InvalidArgument where a score is not a number, or more pixels are added than there is room for
    void add(const float* scores, const std::int32_t* regions, std::size_t count);

    /// Sweeps a threshold over every distinct score, highest first. Told are the start (no pixel, threshold infinite), and each
    /// place where normal pixels alone give way to anomalous ones or the other way round: between two of them lie normal
    /// pixels alone or one score, so ROC and PRO are straight there and PR is upright or one step. Nothing is lost.
    /// The pixels are gone afterwards.
    ///
    /// @param region_sizes pixels of each region, in order of its number
    /// @throws InvalidArgument where a pixel names a region that has no size; Cancelled
    ///
    /// Cost O(n) for n pixels, by a radix sort.
    std::vector<Corner> sweep(const std::vector<double>& region_sizes, const Execution& execution);

private:
    struct Samples;
    std::unique_ptr<Samples> samples_;
};

}  // namespace perch
