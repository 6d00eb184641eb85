#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "launch.hpp"
#include "map.hpp"
#include "ordered_key.hpp"

namespace perch::cuda {
namespace {

constexpr int sort_threads = 1024;
constexpr unsigned select_threads = 128;
/// Limit of gridDim.y.
constexpr std::size_t max_channels = 32768;

struct SortShared {
    std::int32_t keys[sort_threads];
};

/// Sorts the values of tiles, one thread for each value: its rank is the number of the tile's values that precede it.
///
/// @param origins offset of each tile's first value in a channel
/// @param sorted [channel][tile][rank], written
__global__ void sort_tiles(const float* features, std::size_t pixels, int width, int patch_size,
                           const std::uint32_t* origins, std::uint32_t tiles, std::int32_t* sorted) {
    PERCH_SHARED(SortShared, shared);
    const unsigned size = unsigned(patch_size * patch_size), tiles_of_block = blockDim.x / size;
    const unsigned own_tile = threadIdx.x / size, own = threadIdx.x % size;
    const std::size_t tile = std::size_t(blockIdx.x) * tiles_of_block + own_tile, channel = blockIdx.y;
    const bool is_inside = own_tile < tiles_of_block && tile < tiles;
    std::int32_t key = 0;
    if (is_inside) {
        const std::size_t at = std::size_t(own / unsigned(patch_size)) * unsigned(width) + own % unsigned(patch_size);
        key = ordered_key(features[channel * pixels + origins[tile] + at]);
        shared.keys[threadIdx.x] = key;
    }
    __syncthreads();
    if (!is_inside) return;
    const std::int32_t* keys = shared.keys + own_tile * size;
    unsigned rank = 0;
    for (unsigned i = 0; i < own; i++) rank += keys[i] <= key;
    for (unsigned i = own + 1; i < size; i++) rank += keys[i] < key;
    sorted[(channel * tiles + tile) * size + rank] = key;
}

/// Selects the lower median over the tiles by bisecting the range of keys, one thread for each rank of a channel.
///
/// @param reference [channel][rank], written
__global__ void select_median(const std::int32_t* sorted, std::uint32_t tiles, unsigned size, std::size_t lists,
                              float* reference) {
    const std::size_t list = std::size_t(blockIdx.x) * blockDim.x + threadIdx.x;
    if (list >= lists) return;
    const std::int32_t* keys = sorted + list / size * tiles * size + list % size;
    const std::uint32_t k = (tiles + 1) / 2;
    std::int64_t lower = std::int64_t(INT32_MIN) - 1, upper = INT32_MAX;
    while (upper - lower > 1) {
        const std::int64_t middle = lower + (upper - lower) / 2;
        std::uint32_t count = 0;
        for (std::uint32_t tile = 0; tile < tiles; tile++) count += keys[std::size_t(tile) * size] <= middle;
        (count < k ? lower : upper) = middle;
    }
    reference[list] = value_of_key(std::int32_t(upper));
}

/// As src/references/tile_origins.hpp.
std::vector<std::uint32_t> tile_origins(const perch_cuda_map& map, int patch_size, const std::uint32_t* tiles,
                                        std::size_t tile_count) {
    const auto side = std::uint32_t(patch_size), width = std::uint32_t(map.width);
    const std::uint32_t columns = width / side, all = std::uint32_t(map.height) / side * columns;
    std::vector<std::uint32_t> origins(tile_count > 0 ? tile_count : all);
    for (std::size_t i = 0; i < origins.size(); i++) {
        const std::uint32_t tile = tile_count > 0 ? tiles[i] : std::uint32_t(i);
        require(tile < all,
                "Tile " + std::to_string(tile) + " is outside the map, which has " + std::to_string(all) + " tiles.");
        origins[i] = tile / columns * side * width + tile % columns * side;
    }
    return origins;
}

}  // namespace

void median_reference(const perch_cuda_map& map, int patch_size, const std::uint32_t* tiles, std::size_t tile_count,
                      const perch_cuda_execution& execution, float* reference) {
    const std::vector<std::uint32_t> origins = tile_origins(map, patch_size, tiles, tile_count);
    const std::size_t size = std::size_t(patch_size) * std::size_t(patch_size), count = origins.size();
    const std::size_t bytes_of_channel = (count + 1) * size * sizeof(float), all = std::size_t(map.channels);
    require_budget(execution.budget, "one channel", bytes_of_channel);
    const std::size_t group = std::min({execution.budget / bytes_of_channel, max_channels, all});
    const DeviceArray<std::uint32_t> device_origins(origins.data(), count);
    DeviceArray<std::int32_t> sorted(group * size * count);
    DeviceArray<float> selected(group * size);
    const std::size_t tiles_of_block = std::max<std::size_t>(1, 256 / size);
    for (std::size_t first = 0; first < all; first += group) {
        report(execution, double(first) / double(all));
        const std::size_t channels = std::min(group, all - first);
        launch(sort_tiles, dim3(unsigned((count + tiles_of_block - 1) / tiles_of_block), unsigned(channels)),
               unsigned(tiles_of_block * size), map.values.data() + first * map.pixels(), map.pixels(), map.width,
               patch_size, device_origins.data(), std::uint32_t(count), sorted.data());
        launch(select_median, dim3(unsigned((channels * size + select_threads - 1) / select_threads)), select_threads,
               sorted.data(), std::uint32_t(count), unsigned(size), channels * size, selected.data());
        selected.copy_to(reference + first * size, channels * size);
    }
    report(execution, 1);
}

}  // namespace perch::cuda
