#include "matching/knn_patches.hpp"

#include <algorithm>
#include <cmath>

#include "matching/top_k_selector.hpp"
#include "perch/image_references.hpp"
#include "simd/dispatch.hpp"
#include "sorting/patch_sorter.hpp"
#include "validation/validation.hpp"

namespace perch {
namespace {

/// Maximum side of two tiles whose patches are all compared with each other. Their distances take 64 MiB.
constexpr int tile_side = 64;
/// Number of dimensions (channels times ranks) that are compared together, so that their panels stay in the
/// second-level cache.
constexpr int group_dimensions = 640;
/// Number of row panels that one task compares with all column panels.
constexpr int panels_per_task = 4;
/// Number of candidates (16 bytes each) beyond 2 k that may accumulate for each patch before the selection is
/// finalized.
constexpr std::size_t spare_candidates = std::size_t(1) << 23;

/// The sorted patches of a tile, [panel][channel of the group, rank][patch of the panel].
class Panels {
public:
    Panels(const FeatureMap& features, const Tile& tile, int patch_size, int group)
        : tile(tile), patches(tile.height * tile.width), count((patches + panel_width - 1) / panel_width),
          size_(patch_size * patch_size), group_(group), values_(std::size_t(count) * panel_stride()),
          sorters_(std::size_t(group), PatchSorter(features, tile, patch_size)) {}

    /// Sorts a channel into slot `slot` of the group.
    void sort(int channel, int slot) {
        float* values = values_.data() + slot * size_ * panel_width;
        const std::size_t stride = panel_stride();
        sorters_[std::size_t(slot)].sort(channel, [=](std::size_t patch, int rank, float value, int) {
            values[patch / panel_width * stride + std::size_t(rank * panel_width) + patch % panel_width] = value;
        });
    }

    const float* panel(int p) const { return values_.data() + std::size_t(p) * panel_stride(); }
    /// Index, in the map, of a patch in the tile.
    std::uint32_t map_index(int patch, int map_width) const {
        return std::uint32_t(tile.y + patch / tile.width) * std::uint32_t(map_width) +
               std::uint32_t(tile.x + patch % tile.width);
    }

    const Tile tile;
    const int patches, count;

private:
    std::size_t panel_stride() const { return std::size_t(group_) * std::size_t(size_) * panel_width; }

    int size_, group_;
    AlignedVector<float> values_;
    std::vector<PatchSorter> sorters_;
};

class KnnSearch {
public:
    KnnSearch(const FeatureMap& features, int patch_size, int k, const std::vector<std::uint32_t>& among,
              const Execution& execution, Progress& progress)
        : features_(features), patch_size_(patch_size), k_(k), size_(patch_size * patch_size),
          group_(std::clamp(group_dimensions / size_, 1, features.channels)), execution_(execution),
          progress_(progress), kernel_(difference_kernel(resolve_isa(execution))), selector_(k, relative_error()),
          is_searched_(membership(among, features.pixels())), candidates_(features.pixels()) {}

    std::vector<std::uint32_t> run() {
        const std::vector<Tile> tiles = make_tiles(features_.height, features_.width, tile_side);
        for (std::size_t a = 0; a < tiles.size(); a++) {
            for (std::size_t b = a; b < tiles.size(); b++) {
                compare(tiles[a], tiles[b], a == b);
                if (candidate_count() > 2 * features_.pixels() * std::size_t(k_) + spare_candidates) finalize();
            }
        }
        finalize();
        return indices();
    }

private:
    /// Bound of the relative error of a float32 distance. A sum of n non-negative floats in any order has at most n - 1
    /// roundings, and each difference has one. Sums are split into runs, so the longest chain has the length
    /// of a run plus the number of runs.
    double relative_error() const {
        const double dimensions = double(features_.channels) * size_;
        const double runs = dimensions / panel_run + features_.channels;
        return 1.01 * (panel_run + runs + 2) * std::ldexp(1.0, -24);
    }

    void compare(const Tile& first, const Tile& second, bool same) {
        Panels rows(features_, first, patch_size_, group_);
        Panels others(features_, same ? Tile{0, 0, 0, 0} : second, patch_size_, group_);
        Panels& columns = same ? rows : others;
        stride_ = columns.count * panel_width;
        distances_.assign(std::size_t(rows.count * panel_width) * std::size_t(stride_), 0.0f);
        for (int c = 0; c < features_.channels; c += group_) {
            const int count = std::min(group_, features_.channels - c);
            for_each_index(std::size_t(same ? count : 2 * count), execution_, [&](std::size_t index, int) {
                (int(index) < count ? rows : columns).sort(c + int(index) % count, int(index) % count);
            });
            add_distances(rows, columns, count * size_, same);
            progress_.advance(double(count) * size_ * rows.patches * columns.patches * (same ? 0.5 : 1));
        }
        consider_all(rows, columns, same);
    }

    void add_distances(const Panels& rows, const Panels& columns, int dimensions, bool same) {
        const int tasks = (rows.count + panels_per_task - 1) / panels_per_task;
        for_each_index(std::size_t(tasks), execution_, [&](std::size_t task, int) {
            const int first = int(task) * panels_per_task, end = std::min(rows.count, first + panels_per_task);
            for (int q = same ? first : 0; q < columns.count; q++) {
                for (int p = first; p < end; p++) {
                    if (same && q < p) continue;
                    kernel_.add_absolute(rows.panel(p), columns.panel(q), dimensions, distance(p, q), stride_);
                }
            }
        });
    }

    float* distance(int p, int q) {
        return distances_.data() + std::ptrdiff_t(p) * panel_width * stride_ + q * panel_width;
    }

    /// Considers each patch of either tile as a candidate for the patches of the other.
    void consider_all(const Panels& rows, const Panels& columns, bool same) {
        for_each_index(std::size_t(rows.patches), execution_, [&](std::size_t i, int) {
            const float* row = distances_.data() + i * std::size_t(stride_);
            const float* column = distances_.data() + i;
            const std::size_t diagonal = same ? i / panel_width * panel_width : 0;
            consider(rows.map_index(int(i), features_.width), columns,
                     [&](std::size_t j) { return j < diagonal ? column[j * std::size_t(stride_)] : row[j]; });
        });
        if (same) return;
        for_each_index(std::size_t(columns.patches), execution_, [&](std::size_t j, int) {
            const float* column = distances_.data() + j;
            consider(columns.map_index(int(j), features_.width), rows,
                     [&](std::size_t i) { return column[i * std::size_t(stride_)]; });
        });
    }

    /// Adds the patches of `patches` to the candidates of patch `to`.
    template <class DistanceOf>
    void consider(std::uint32_t to, const Panels& patches, const DistanceOf& distance_of) {
        std::vector<Candidate> candidates = candidates_[to];
        candidates.reserve(candidates.size() + std::size_t(patches.patches));
        for (int j = 0; j < patches.patches; j++) {
            const std::uint32_t index = patches.map_index(j, features_.width);
            if (!is_searched_[index]) continue;
            const float distance = distance_of(std::size_t(j));
            candidates.push_back({distance, index, distance == 0});
        }
        selector_.prune(candidates);
        candidates_[to] = std::vector<Candidate>(candidates.begin(), candidates.end());
    }

    std::size_t candidate_count() const {
        std::size_t total = 0;
        for (const auto& candidates : candidates_) total += candidates.size();
        return total;
    }

    /// Computes the distances of ambiguous candidates exactly and keeps the k nearest.
    void finalize() {
        std::vector<std::vector<std::size_t>> ambiguous(candidates_.size());
        for_each_index(candidates_.size(), execution_, [&](std::size_t i, int) {
            ambiguous[i] = selector_.ambiguous(candidates_[i]);
            for (const std::size_t at : ambiguous[i]) candidates_[i][at] = {0, candidates_[i][at].index, true};
        });
        if (std::any_of(ambiguous.begin(), ambiguous.end(), [](const auto& indices) { return !indices.empty(); })) {
            add_exact_distances(ambiguous);
        }
        for_each_index(candidates_.size(), execution_, [&](std::size_t i, int) { selector_.finalize(candidates_[i]); });
    }

    void add_exact_distances(const std::vector<std::vector<std::size_t>>& ambiguous) {
        const Tile whole{0, 0, features_.height, features_.width};
        for_each_sorted_channel(features_, whole, patch_size_, execution_, [&](int, const SortedChannel& channel) {
            const auto list = [&](std::size_t patch) {
                return channel.values.data() + patch * std::size_t(channel.length);
            };
            for_each_index(std::size_t(features_.height), execution_, [&](std::size_t row, int) {
                for (std::size_t x = 0; x < std::size_t(features_.width); x++) {
                    const std::size_t patch = row * std::size_t(features_.width) + x;
                    for (const std::size_t at : ambiguous[patch]) {
                        Candidate& candidate = candidates_[patch][at];
                        candidate.distance += distance_between(list(patch), list(candidate.index));
                    }
                }
            });
        });
    }

    double distance_between(const float* a, const float* b) const {
        double sum = 0;
        for (int r = 0; r < size_; r++) sum += std::fabs(double(a[r]) - double(b[r]));
        return sum;
    }

    std::vector<std::uint32_t> indices() const {
        std::vector<std::uint32_t> indices;
        indices.reserve(candidates_.size() * std::size_t(k_));
        for (const auto& candidates : candidates_) {
            const auto first = std::ptrdiff_t(indices.size());
            for (const Candidate& candidate : candidates) indices.push_back(candidate.index);
            std::sort(indices.begin() + first, indices.end());
        }
        return indices;
    }

    const FeatureMap& features_;
    int patch_size_, k_, size_, group_;
    const Execution& execution_;
    Progress& progress_;
    const DifferenceKernel& kernel_;
    TopKSelector selector_;
    std::vector<char> is_searched_;                   ///< for each patch
    std::vector<std::vector<Candidate>> candidates_;  ///< for each patch
    AlignedVector<float> distances_;                  ///< [patch of the first tile][patch of the second tile]
    int stride_ = 0;
};

}  // namespace

std::vector<std::uint32_t> knn_patches(const FeatureMap& features, int patch_size, int k,
                                       const std::vector<std::uint32_t>& among, const Execution& execution,
                                       Progress& progress) {
    return KnnSearch(features, patch_size, k, among, execution, progress).run();
}

double knn_steps(const FeatureMap& features, int patch_size) {
    return double(features.pixels()) * double(features.pixels()) / 2 * features.channels * patch_size * patch_size;
}

}  // namespace perch
