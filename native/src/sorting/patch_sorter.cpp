#include "sorting/patch_sorter.hpp"

#include "execution/parallel.hpp"
#include "planes/tiles.hpp"
#include "simd/difference_kernel.hpp"

namespace perch {
namespace {

/// Maximum size in bytes of the channels that are sorted at the same time; exceeded if a single channel takes
/// more.
constexpr std::size_t memory_budget = std::size_t(256) << 20;

}  // namespace

int list_length(int patch_size) {
    return (patch_size * patch_size + list_multiple - 1) / list_multiple * list_multiple;
}

void for_each_sorted_channel(const FeatureMap& features, const Tile& tile, int patch_size, const Execution& execution,
                             const std::function<void(int, const SortedChannel&)>& visit) {
    const std::size_t size = std::size_t(patch_size) * std::size_t(patch_size);
    const std::size_t patches = std::size_t(tile.height) * std::size_t(tile.width);
    const std::size_t affordable = std::max<std::size_t>(1, memory_budget / (patches * size * 6));
    const int group =
        int(std::min<std::size_t>(affordable, std::size_t(std::min(execution.threads, features.channels))));
    std::vector<PatchSorter> sorters(std::size_t(group), PatchSorter(features, tile, patch_size));
    std::vector<SortedChannel> sorted(static_cast<std::size_t>(group));
    for (SortedChannel& channel : sorted) {
        channel.length = list_length(patch_size);
        channel.values.assign(patches * std::size_t(channel.length), 0.0f);
        channel.order.resize(patches * size);
    }
    for (int first = 0; first < features.channels; first += group) {
        const int count = std::min(group, features.channels - first);
        for_each_index(std::size_t(count), execution, [&](std::size_t c, int) {
            float* values = sorted[c].values.data();
            std::uint16_t* order = sorted[c].order.data();
            const std::size_t length = std::size_t(sorted[c].length);
            sorters[c].sort(first + int(c), [=](std::size_t patch, int rank, float value, int position) {
                values[patch * length + std::size_t(rank)] = value;
                order[patch * size + std::size_t(rank)] = std::uint16_t(position);
            });
        });
        for (int c = 0; c < count; c++) visit(first + c, sorted[std::size_t(c)]);
    }
}

void sort_patch(const FeatureMap& features, int channel, std::uint32_t index, int patch_size, float* list) {
    const int half = (patch_size - 1) / 2;
    const int y = int(index) / features.width, x = int(index) % features.width;
    for (int i = 0; i < patch_size; i++) {
        const float* row =
            features.channel(channel) + std::ptrdiff_t(reflect(y + i - half, features.height)) * features.width;
        for (int j = 0; j < patch_size; j++) {
            list[i * patch_size + j] = row[reflect(x + j - half, features.width)] + 0.0f;
        }
    }
    std::sort(list, list + patch_size * patch_size);
}

}  // namespace perch
