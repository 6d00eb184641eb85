#include "matching/patch_errors.hpp"

#include <algorithm>
#include <numeric>

#include "validation/validation.hpp"
#include "simd/dispatch.hpp"
#include "sorting/patch_sorter.hpp"

namespace perch {
namespace {

/// Windows that one task works on.
constexpr std::size_t windows_per_task = 64;
/// So many references are summed in float32 before they are added to the float64 sums.
constexpr int run_of_references = 64;

class ErrorSums {
public:
    ErrorSums(const FeatureMap& features, const Tile& tile, int patch, const Execution& execution)
        : features_(features), patch_(patch), size_(std::size_t(patch) * std::size_t(patch)),
          windows_(std::size_t(tile.height) * std::size_t(tile.width)), execution_(execution),
          kernel_(difference_kernel(check_execution(execution))), errors_(windows_ * size_) {}

    /// Each window against `count` lists of its own choice: members(window) points to their indices.
    template <class Members>
    void add(const SortedChannel& channel, const float* lists, int count, const Members& members) {
        const std::size_t tasks = (windows_ + windows_per_task - 1) / windows_per_task;
        for_each_index(tasks, execution_, [&](std::size_t task, int) {
            CacheLines<float> sums(static_cast<std::size_t>(channel.length));
            const std::size_t end = std::min(windows_, (task + 1) * windows_per_task);
            for (std::size_t window = task * windows_per_task; window < end; window++) {
                const float* own = channel.values.data() + window * std::size_t(channel.length);
                const std::uint16_t* order = channel.order.data() + window * size_;
                for (int first = 0; first < count; first += run_of_references) {
                    const int run = std::min(run_of_references, count - first);
                    kernel_.sum_errors(own, lists, channel.length, members(window) + first, run, sums.data());
                    for (std::size_t r = 0; r < size_; r++) errors_[window * size_ + order[r]] += sums[r];
                }
            }
        });
    }

    /// The sorted values of some windows in one channel, wherever in the map they are.
    const float* lists_of(int channel, const std::vector<std::uint32_t>& positions) {
        const std::size_t length = std::size_t(list_length(patch_));
        lists_.resize(positions.size() * length);
        for_each_index(positions.size(), execution_, [&](std::size_t i, int) {
            sort_window(features_, channel, positions[i], patch_, lists_.data() + i * length);
        });
        return lists_.data();
    }

    /// Each window against all: at every rank the values of all windows are sorted, and running sums give the errors.
    void add_all(const SortedChannel& channel) {
        for_each_index(size_, execution_, [&](std::size_t rank, int) {
            const auto value_of = [&](const Sample& sample) {
                return double(channel.values[sample.pixel * std::size_t(channel.length) + rank]);
            };
            std::vector<Sample> samples(windows_), scratch;
            double above = 0, below = 0;
            for (std::size_t window = 0; window < windows_; window++) {
                const float value = channel.values[window * std::size_t(channel.length) + rank];
                samples[window] = {std::uint32_t(ordered_key(value)) ^ 0x80000000u, std::uint32_t(window)};
                above += value;
            }
            radix_sort(samples, scratch);
            for (std::size_t i = 0; i < windows_; i++) {
                const double value = value_of(samples[i]);
                above -= value;
                below += value;
                const std::size_t window = samples[i].pixel;
                const double error = value * double(i + 1) - below + above - value * double(windows_ - i - 1);
                errors_[window * size_ + channel.order[window * size_ + rank]] += std::max(0.0, error);
            }
        });
    }

    std::vector<double> take() { return std::move(errors_); }

private:
    const FeatureMap& features_;
    int patch_;
    std::size_t size_, windows_;
    const Execution& execution_;
    const DifferenceKernel& kernel_;
    std::vector<double> errors_;
    CacheLines<float> lists_;
};

}  // namespace

std::vector<double> window_errors(const FeatureMap& features, const Tile& tile, int patch, const SampleWindows& references,
                                  const std::vector<std::uint32_t>& neighbours, const Execution& execution,
                                  Progress& progress) {
    ErrorSums sums(features, tile, patch, execution);
    const double values = double(patch) * patch * tile.height * tile.width;
    for_each_sorted_channel(features, tile, patch, execution, [&](int c, const SortedChannel& channel) {
        if (const auto* chosen = std::get_if<ChosenWindows>(&references)) {
            std::vector<std::uint32_t> members(chosen->positions.size());
            std::iota(members.begin(), members.end(), 0u);
            const float* lists = sums.lists_of(c, chosen->positions);
            sums.add(channel, lists, int(members.size()), [&](std::size_t) { return members.data(); });
            progress.advance(values * double(members.size()));
        } else if (std::holds_alternative<AllWindows>(references)) {
            sums.add_all(channel);
            progress.advance(values);
        } else {
            const std::size_t count = neighbours.size() / features.pixels();
            sums.add(channel, channel.values.data(), int(count),
                     [&](std::size_t window) { return neighbours.data() + window * count; });
            progress.advance(values * double(count));
        }
    });
    return sums.take();
}

}  // namespace perch
