#include "perch/median.hpp"

#include <cstdint>
#include <limits>

#include "validation/validation.hpp"
#include "simd/median_kernel.hpp"
#include "sorting/ordered_keys.hpp"
#include "execution/parallel.hpp"
#include "sorting/sorting_network.hpp"

namespace perch {
namespace {

const MedianKernel& kernel_of([[maybe_unused]] Isa isa) {
#ifdef PERCH_X86_KERNELS
    if (isa == Isa::avx512) return median_avx512;
    if (isa == Isa::avx2) return median_avx2;
#endif
    return median_portable;
}

/// Offsets of the first values of all whole tiles; the last strip is filled up with its first tile.
std::vector<std::uint32_t> tile_corners(const FeatureMap& features, int patch) {
    std::vector<std::uint32_t> corners;
    for (int y = 0; y + patch <= features.height; y += patch) {
        for (int x = 0; x + patch <= features.width; x += patch) {
            corners.push_back(std::uint32_t(y) * std::uint32_t(features.width) + std::uint32_t(x));
        }
    }
    while (corners.size() % strip_tiles != 0) corners.push_back(corners.front());
    return corners;
}

}  // namespace

std::vector<float> median_reference(const FeatureMap& features, int patch, const Execution& execution) {
    check_shape(features, patch);
    const MedianKernel& kernel = kernel_of(check_execution(execution));
    check_values(features, execution);
    const std::size_t size = std::size_t(patch * patch);
    const std::size_t tiles = std::size_t(features.height / patch) * std::size_t(features.width / patch);
    const std::vector<std::uint32_t> corners = tile_corners(features, patch);
    const std::size_t strips = corners.size() / strip_tiles, strip_size = size * strip_tiles;
    const std::vector<Comparator> network = sorting_network(int(size));
    std::vector<float> reference(std::size_t(features.channels) * size);
    std::vector<std::vector<std::int32_t>> scratch(static_cast<std::size_t>(execution.threads));
    Progress progress(execution, features.channels);
    for_each_index(std::size_t(features.channels), execution, [&](std::size_t c, int worker) {
        std::vector<std::int32_t>& sorted = scratch[std::size_t(worker)];
        sorted.resize(strips * strip_size);
        for (std::size_t strip = 0; strip < strips; strip++) {
            kernel.sort_strip(features.channel(int(c)), features.width, patch, corners.data() + strip * strip_tiles,
                              network.data(), network.size(), sorted.data() + strip * strip_size);
        }
        std::int32_t key = std::numeric_limits<std::int32_t>::min();
        for (std::size_t rank = 0; rank < size; rank++) {
            std::int32_t* rows = sorted.data() + rank * strip_tiles;
            for (std::size_t tile = tiles; tile < corners.size(); tile++) {
                rows[tile / strip_tiles * strip_size + tile % strip_tiles] = std::numeric_limits<std::int32_t>::max();
            }
            key = kernel.select(rows, strips, strip_size, std::int32_t((tiles + 1) / 2), key);
            reference[c * size + rank] = value_of_key(key);
        }
        progress.advance(1);
    });
    return reference;
}

}  // namespace perch
