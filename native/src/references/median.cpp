#include "perch/median.hpp"

#include <cstdint>
#include <limits>

#include "execution/parallel.hpp"
#include "references/tile_origins.hpp"
#include "simd/dispatch.hpp"
#include "sorting/ordered_keys.hpp"
#include "sorting/sorting_network.hpp"
#include "validation/validation.hpp"

namespace perch {

std::vector<float> median_reference(const FeatureMap& features, int patch_size, const Execution& execution,
                                    const std::vector<std::uint32_t>& tiles) {
    require_shape(features, patch_size);
    require_tiles(features, patch_size, tiles);
    const MedianKernel& kernel = median_kernel(resolve_isa(execution));
    require_finite(features, execution);
    const std::size_t size = std::size_t(patch_size * patch_size);
    std::vector<std::uint32_t> origins = tile_origins(features, patch_size, tiles);
    const std::size_t count = origins.size();
    // The last batch is padded with copies of the first tile.
    while (origins.size() % batch_tiles != 0) origins.push_back(origins.front());
    const std::size_t batches = origins.size() / batch_tiles, batch_size = size * batch_tiles;
    const std::vector<Comparator> network = sorting_network(int(size));
    std::vector<float> reference(std::size_t(features.channels) * size);
    std::vector<std::vector<std::int32_t>> scratch(static_cast<std::size_t>(execution.threads));
    Progress progress(execution, features.channels);
    for_each_index(std::size_t(features.channels), execution, [&](std::size_t c, int worker) {
        std::vector<std::int32_t>& sorted = scratch[std::size_t(worker)];
        sorted.resize(batches * batch_size);
        for (std::size_t batch = 0; batch < batches; batch++) {
            kernel.sort_batch(features.channel(int(c)), features.width, patch_size,
                              origins.data() + batch * batch_tiles, network.data(), network.size(),
                              sorted.data() + batch * batch_size);
        }
        std::int32_t key = std::numeric_limits<std::int32_t>::min();
        for (std::size_t rank = 0; rank < size; rank++) {
            std::int32_t* rows = sorted.data() + rank * batch_tiles;
            // Padding sorts last.
            for (std::size_t tile = count; tile < origins.size(); tile++) {
                rows[tile / batch_tiles * batch_size + tile % batch_tiles] = std::numeric_limits<std::int32_t>::max();
            }
            key = kernel.select_kth(rows, batches, batch_size, std::int32_t((count + 1) / 2), key);
            reference[c * size + rank] = value_of_key(key);
        }
        progress.advance(1);
    });
    return reference;
}

}  // namespace perch
