#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace perch {

/// A view of an anomaly map, H x W float32 and row-major, and of the part of it that counts. The caller owns the memory.
struct MaskedMap {
    const float* scores = nullptr;
    /// H x W, 0 for a position that does not count; null if all positions count.
    const std::uint8_t* mask = nullptr;
    int height = 0;
    int width = 0;

    std::size_t positions() const { return std::size_t(height) * std::size_t(width); }
    bool counts(std::size_t position) const { return mask == nullptr || mask[position] != 0; }
};

/// Limits that a region must reach to count.
struct SizeLimits {
    /// In map positions; 1 sets no limit.
    std::uint32_t min_area = 1;
    /// Diagonal of the bounding box in image pixels; 0 sets no limit.
    double min_length = 0;
    /// Size of a map position in image pixels.
    double pixels_per_column = 1;
    double pixels_per_row = 1;
};

/// An 8-connected region, in map positions.
struct Region {
    std::uint32_t area;
    /// Its bounding box.
    std::uint32_t left, top, columns, rows;
    /// Its highest score, and the first position with that score.
    float peak;
    std::uint32_t peak_column, peak_row;
    /// Mean column and row.
    double centroid_column, centroid_row;
};

struct ImageScore {
    float score;
    /// The region that reaches the limits at this score; if several do, the one with the highest peak.
    Region region;
};

/// The image score by attribute opening: the highest score t for which the positions of the mask at or above t have an
/// 8-connected region within the limits. Without limits this is the highest score of the mask. Lower thresholds only
/// enlarge regions, so it is the maximum of the map after the opening (compare Breen & Jones, 1996).
///
/// @return empty if no region can reach the limits
/// @throws InvalidArgument if a score is NaN, inside the mask or not; if a side is below 1, or the map has 2^31 positions
/// or more
///
/// Cost O(H W) to find the highest scores, O(n log n) for the n positions at or above the score. Memory 4 H W + 40 n
/// bytes.
std::optional<ImageScore> image_score(const MaskedMap& map, const SizeLimits& limits);

/// Number and total area of regions.
struct RegionTotals {
    std::uint32_t count;
    std::uint64_t area;
};

/// Measures the 8-connected regions that reach the limits, of the mask's positions at or above a threshold.
///
/// @throws InvalidArgument as image_score
///
/// Cost O(H W); memory H W bytes and 40 for each horizontal run of such positions.
RegionTotals measure_regions(const MaskedMap& map, double threshold, const SizeLimits& limits);

}  // namespace perch
