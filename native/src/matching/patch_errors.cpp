#include "matching/patch_errors.hpp"

#include <algorithm>
#include <numeric>

#include "simd/dispatch.hpp"
#include "sorting/patch_sorter.hpp"
#include "validation/validation.hpp"

namespace perch {
namespace {

/// Number of patches per task.
constexpr std::size_t patches_per_task = 64;
/// Number of references that are summed in float32 before they are added to the float64 sums.
constexpr int references_per_run = 64;

class ErrorSums {
public:
    ErrorSums(const FeatureMap& features, const Tile& tile, int patch_size, const Execution& execution)
        : features_(features), patch_size_(patch_size), size_(std::size_t(patch_size) * std::size_t(patch_size)),
          patches_(std::size_t(tile.height) * std::size_t(tile.width)), execution_(execution),
          kernel_(difference_kernel(resolve_isa(execution))), errors_(patches_ * size_) {}

    /// Matches each patch with `count` lists. members(patch) points to the lists' indices.
    template <class Members>
    void add(const SortedChannel& channel, const float* lists, int count, const Members& members) {
        const std::size_t tasks = (patches_ + patches_per_task - 1) / patches_per_task;
        for_each_index(tasks, execution_, [&](std::size_t task, int) {
            AlignedVector<float> sums(static_cast<std::size_t>(channel.length));
            const std::size_t end = std::min(patches_, (task + 1) * patches_per_task);
            for (std::size_t patch = task * patches_per_task; patch < end; patch++) {
                const float* own = channel.values.data() + patch * std::size_t(channel.length);
                const std::uint16_t* order = channel.order.data() + patch * size_;
                for (int first = 0; first < count; first += references_per_run) {
                    const int run = std::min(references_per_run, count - first);
                    kernel_.sum_errors(own, lists, channel.length, members(patch) + first, run, sums.data());
                    for (std::size_t r = 0; r < size_; r++) errors_[patch * size_ + order[r]] += sums[r];
                }
            }
        });
    }

    /// The sorted values of patches anywhere in the map, in one channel.
    const float* lists_of(int channel, const std::vector<std::uint32_t>& indices) {
        const std::size_t length = std::size_t(list_length(patch_size_));
        lists_.resize(indices.size() * length);
        for_each_index(indices.size(), execution_, [&](std::size_t i, int) {
            sort_patch(features_, channel, indices[i], patch_size_, lists_.data() + i * length);
        });
        return lists_.data();
    }

    /// Matches each patch with all patches, or with the counted ones. For every rank, sorts the values of all patches;
    /// running sums of the counted values below and above a value then give the sum of its differences.
    ///
    /// @param is_counted for each patch, whether the other patches are matched with it
    void add_all(const SortedChannel& channel, const std::vector<char>& is_counted) {
        const auto counted = double(std::count(is_counted.begin(), is_counted.end(), 1));
        for_each_index(size_, execution_, [&](std::size_t rank, int) {
            const auto value_of = [&](const KeyedIndex& entry) {
                return double(channel.values[entry.index * std::size_t(channel.length) + rank]);
            };
            std::vector<KeyedIndex> entries(patches_), scratch;
            double above = 0, below = 0;
            for (std::size_t patch = 0; patch < patches_; patch++) {
                const float value = channel.values[patch * std::size_t(channel.length) + rank];
                entries[patch] = {radix_key(value), std::uint32_t(patch)};
                if (is_counted[patch]) above += value;
            }
            radix_sort(entries, scratch);
            double counted_below = 0;
            for (std::size_t i = 0; i < patches_; i++) {
                const double value = value_of(entries[i]);
                const std::size_t patch = entries[i].index;
                if (is_counted[patch]) {
                    above -= value;
                    below += value;
                    counted_below++;
                }
                const double error = value * counted_below - below + above - value * (counted - counted_below);
                errors_[patch * size_ + channel.order[patch * size_ + rank]] += std::max(0.0, error);
            }
        });
    }

    std::vector<double> take() { return std::move(errors_); }

private:
    const FeatureMap& features_;
    int patch_size_;
    std::size_t size_, patches_;
    const Execution& execution_;
    const DifferenceKernel& kernel_;
    std::vector<double> errors_;
    AlignedVector<float> lists_;
};

}  // namespace

std::vector<double> patch_errors(const FeatureMap& features, const Tile& tile, int patch_size,
                                 const PatchReferences& references, const std::vector<std::uint32_t>& neighbors,
                                 const Execution& execution, Progress& progress) {
    ErrorSums sums(features, tile, patch_size, execution);
    const double values = double(patch_size) * patch_size * tile.height * tile.width;
    const auto* all = std::get_if<AllPatches>(&references);
    const std::vector<char> is_counted = all ? membership(all->among, features.pixels()) : std::vector<char>();
    for_each_sorted_channel(features, tile, patch_size, execution, [&](int c, const SortedChannel& channel) {
        if (const auto* listed = std::get_if<PatchIndices>(&references)) {
            std::vector<std::uint32_t> members(listed->indices.size());
            std::iota(members.begin(), members.end(), 0u);
            const float* lists = sums.lists_of(c, listed->indices);
            sums.add(channel, lists, int(members.size()), [&](std::size_t) { return members.data(); });
            progress.advance(values * double(members.size()));
        } else if (all) {
            sums.add_all(channel, is_counted);
            progress.advance(values);
        } else {
            const std::size_t k = neighbors.size() / features.pixels();
            sums.add(channel, channel.values.data(), int(k),
                     [&](std::size_t patch) { return neighbors.data() + patch * k; });
            progress.advance(values * double(k));
        }
    });
    return sums.take();
}

}  // namespace perch
