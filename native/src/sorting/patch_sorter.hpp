#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <vector>

#include "memory/aligned_vector.hpp"
#include "perch/execution.hpp"
#include "perch/feature_map.hpp"
#include "planes/tiles.hpp"
#include "sorting/ordered_keys.hpp"
#include "sorting/radix_sort.hpp"

namespace perch {

/// Sorts the values of every patch of a tile. The pixels are visited in ascending order of their values; a visited
/// pixel is the next one in the sorted list of every patch that contains it (compare rank_match_scalar). An object
/// holds scratch memory: use one for each thread.
class PatchSorter {
public:
    PatchSorter(const FeatureMap& features, const Tile& tile, int patch_size)
        : features_(&features), tile_(tile), patch_size_(patch_size),
          source_indices_(padded_source_indices(features, tile, patch_size)) {}

    /// Calls place(patch, rank, value, position) for each value of each patch of a channel; the ranks of a patch
    /// ascend. Patches are numbered in raster order of the tile, positions in raster order of the patch. Equal values
    /// rank in raster order. Cost O(patches T^2).
    template <class Place>
    void sort(int channel, const Place& place) {
        const float* values = features_->channel(channel);
        entries_.resize(source_indices_.size());
        for (std::size_t i = 0; i < source_indices_.size(); i++) {
            entries_[i] = {radix_key(values[source_indices_[i]]), std::uint32_t(i)};
        }
        radix_sort(entries_, scratch_);
        ranks_.assign(std::size_t(tile_.height) * std::size_t(tile_.width), 0);
        for (const KeyedIndex& entry : entries_) {
            visit(int(entry.index), values[source_indices_[entry.index]], place);
        }
    }

private:
    template <class Place>
    void visit(int pixel, float value, const Place& place) {
        const int row = pixel / tile_.plane_width(patch_size_), column = pixel % tile_.plane_width(patch_size_);
        const int top = std::max(0, row - patch_size_ + 1), bottom = std::min(tile_.height - 1, row);
        const int left = std::max(0, column - patch_size_ + 1), right = std::min(tile_.width - 1, column);
        for (int y = top; y <= bottom; y++) {
            for (int x = left; x <= right; x++) {
                const std::size_t patch = std::size_t(y) * std::size_t(tile_.width) + std::size_t(x);
                place(patch, int(ranks_[patch]++), value, (row - y) * patch_size_ + column - x);
            }
        }
    }

    const FeatureMap* features_;
    Tile tile_;
    int patch_size_;
    std::vector<std::uint32_t> source_indices_;
    std::vector<KeyedIndex> entries_, scratch_;
    std::vector<std::uint16_t> ranks_;  ///< the next rank of each patch
};

/// The sorted patches of a tile in one channel.
struct SortedChannel {
    int length = 0;                    ///< length of a list: T*T, rounded up to list_multiple
    AlignedVector<float> values;       ///< [patch][length]: T*T ascending values, then zeros
    std::vector<std::uint16_t> order;  ///< [patch][T*T]: the position in the patch of each rank
};

/// T*T rounded up to the list_multiple of the DifferenceKernel.
int list_length(int patch_size);

/// Sorts all channels, one in each thread.
///
/// @param visit called for each channel in ascending order, on the calling thread
void for_each_sorted_channel(const FeatureMap& features, const Tile& tile, int patch_size, const Execution& execution,
                             const std::function<void(int channel, const SortedChannel&)>& visit);

/// Sorts the values of one patch of one channel in ascending order.
/// @param index index of the patch, y * W + x
/// @param list T*T values, written
void sort_patch(const FeatureMap& features, int channel, std::uint32_t index, int patch_size, float* list);

}  // namespace perch
