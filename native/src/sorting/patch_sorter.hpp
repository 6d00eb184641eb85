#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <vector>

#include "memory/aligned_vector.hpp"
#include "sorting/ordered_keys.hpp"
#include "perch/execution.hpp"
#include "perch/feature_map.hpp"
#include "sorting/radix_sort.hpp"
#include "planes/tiles.hpp"

namespace perch {

/// Sorts the values of every window of a tile by the counting sweep: pixels are visited in ascending order of their values, and
/// each is the next in all windows that hold it. Holds scratch memory: one a thread.
class WindowSorter {
public:
    WindowSorter(const FeatureMap& features, const Tile& tile, int patch)
        : features_(&features), tile_(tile), patch_(patch), sources_(plane_sources(features, tile, patch)) {}

    /// Calls place(window, rank, value, position) for each value of each window of a channel, with ranks of a window ascending.
    /// Windows are numbered along the tile's rows, positions along the window's. Ties rank in raster order.
    /// Cost O(windows T^2).
    template <class Place>
    void sort(int channel, const Place& place) {
        const float* values = features_->channel(channel);
        samples_.resize(sources_.size());
        for (std::size_t i = 0; i < sources_.size(); i++) {
            samples_[i] = {std::uint32_t(ordered_key(values[sources_[i]])) ^ 0x80000000u, std::uint32_t(i)};
        }
        radix_sort(samples_, scratch_);
        ranks_.assign(std::size_t(tile_.height) * std::size_t(tile_.width), 0);
        for (const Sample& sample : samples_) visit(int(sample.pixel), values[sources_[sample.pixel]], place);
    }

private:
    template <class Place>
    void visit(int pixel, float value, const Place& place) {
        const int row = pixel / tile_.plane_width(patch_), column = pixel % tile_.plane_width(patch_);
        const int top = std::max(0, row - patch_ + 1), bottom = std::min(tile_.height - 1, row);
        const int left = std::max(0, column - patch_ + 1), right = std::min(tile_.width - 1, column);
        for (int y = top; y <= bottom; y++) {
            for (int x = left; x <= right; x++) {
                const std::size_t window = std::size_t(y) * std::size_t(tile_.width) + std::size_t(x);
                place(window, int(ranks_[window]++), value, (row - y) * patch_ + column - x);
            }
        }
    }

    const FeatureMap* features_;
    Tile tile_;
    int patch_;
    std::vector<std::uint32_t> sources_;
    std::vector<Sample> samples_, scratch_;
    std::vector<std::uint16_t> ranks_;  ///< per window, the next
};

/// The sorted windows of a tile in one channel.
struct SortedChannel {
    int length = 0;                    ///< of a list: T*T, padded with zeros
    CacheLines<float> values;          ///< [window][length], ascending
    std::vector<std::uint16_t> order;  ///< [window][T*T]: the position in the window that each rank has
};

/// T*T rounded up to what a DifferenceKernel takes.
int list_length(int patch);

/// Sorts all channels, as many at a time as there are threads.
///
/// @param visit called with each channel in turn, on the calling thread
void for_each_sorted_channel(const FeatureMap& features, const Tile& tile, int patch, const Execution& execution,
                             const std::function<void(int channel, const SortedChannel&)>& visit);

/// The values of one window of one channel, ascending.
/// @param position y * W + x
/// @param list T*T values, written
void sort_window(const FeatureMap& features, int channel, std::uint32_t position, int patch, float* list);

}  // namespace perch
