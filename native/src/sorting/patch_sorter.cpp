#include "sorting/patch_sorter.hpp"

#include "simd/difference_kernel.hpp"
#include "planes/stencil.hpp"
#include "execution/parallel.hpp"

namespace perch {
namespace {

/// What channels that are sorted at the same time may take, as far as one channel takes less.
constexpr std::size_t memory_budget = std::size_t(256) << 20;

}  // namespace

int list_length(int patch) { return (patch * patch + list_multiple - 1) / list_multiple * list_multiple; }

void for_each_sorted_channel(const FeatureMap& features, const Tile& tile, int patch, const Execution& execution,
                             const std::function<void(int, const SortedChannel&)>& visit) {
    const std::size_t size = std::size_t(patch) * std::size_t(patch);
    const std::size_t windows = std::size_t(tile.height) * std::size_t(tile.width);
    const std::size_t fitting = std::max<std::size_t>(1, memory_budget / (windows * size * 6));
    const int group = int(std::min<std::size_t>(fitting, std::size_t(std::min(execution.threads, features.channels))));
    std::vector<WindowSorter> sorters(std::size_t(group), WindowSorter(features, tile, patch));
    std::vector<SortedChannel> sorted(static_cast<std::size_t>(group));
    for (SortedChannel& channel : sorted) {
        channel.length = list_length(patch);
        channel.values.assign(windows * std::size_t(channel.length), 0.0f);
        channel.order.resize(windows * size);
    }
    for (int first = 0; first < features.channels; first += group) {
        const int count = std::min(group, features.channels - first);
        for_each_index(std::size_t(count), execution, [&](std::size_t c, int) {
            float* values = sorted[c].values.data();
            std::uint16_t* order = sorted[c].order.data();
            const std::size_t length = std::size_t(sorted[c].length);
            sorters[c].sort(first + int(c), [=](std::size_t window, int rank, float value, int position) {
                values[window * length + std::size_t(rank)] = value;
                order[window * size + std::size_t(rank)] = std::uint16_t(position);
            });
        });
        for (int c = 0; c < count; c++) visit(first + c, sorted[std::size_t(c)]);
    }
}

void sort_window(const FeatureMap& features, int channel, std::uint32_t position, int patch, float* list) {
    const int half = (patch - 1) / 2;
    const int y = int(position) / features.width, x = int(position) % features.width;
    for (int i = 0; i < patch; i++) {
        const float* row = features.channel(channel) + std::ptrdiff_t(reflect(y + i - half, features.height)) * features.width;
        for (int j = 0; j < patch; j++) list[i * patch + j] = row[reflect(x + j - half, features.width)] + 0.0f;
    }
    std::sort(list, list + patch * patch);
}

}  // namespace perch
