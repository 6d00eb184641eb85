#include "matching/knn_patches.hpp"

#include <algorithm>
#include <cmath>

#include "validation/validation.hpp"
#include "simd/dispatch.hpp"
#include "matching/top_k_selector.hpp"
#include "sorting/patch_sorter.hpp"

namespace perch {
namespace {

/// Distances are kept for the pairs of two tiles of at most side x side windows: 64 MiB.
constexpr int tile_side = 64;
/// Channels are compared together while their panels stay in the second-level cache.
constexpr int group_dimensions = 640;
/// Panels of rows that one task compares with every panel of columns.
constexpr int panels_per_task = 4;
/// Candidates beyond twice those wanted that are kept (16 bytes each) before the undecided ones are computed.
constexpr std::size_t spare_candidates = std::size_t(1) << 23;

/// The sorted windows of a tile, [panel][channel of the group, rank][window of the panel].
class Panels {
public:
    Panels(const FeatureMap& features, const Tile& tile, int patch, int group)
        : tile(tile), windows(tile.height * tile.width), count((windows + panel_width - 1) / panel_width),
          size_(patch * patch), group_(group), values_(std::size_t(count) * panel_stride()),
          sorters_(std::size_t(group), WindowSorter(features, tile, patch)) {}

    void sort(int channel, int at) {
        float* values = values_.data() + at * size_ * panel_width;
        const std::size_t stride = panel_stride();
        sorters_[std::size_t(at)].sort(channel, [=](std::size_t window, int rank, float value, int) {
            values[window / panel_width * stride + std::size_t(rank * panel_width) + window % panel_width] = value;
        });
    }

    const float* panel(int p) const { return values_.data() + std::size_t(p) * panel_stride(); }
    std::uint32_t position(int window, int map_width) const {
        return std::uint32_t(tile.y + window / tile.width) * std::uint32_t(map_width) +
               std::uint32_t(tile.x + window % tile.width);
    }

    const Tile tile;
    const int windows, count;

private:
    std::size_t panel_stride() const { return std::size_t(group_) * std::size_t(size_) * panel_width; }

    int size_, group_;
    CacheLines<float> values_;
    std::vector<WindowSorter> sorters_;
};

class Search {
public:
    Search(const FeatureMap& features, int patch, int count, const Execution& execution, Progress& progress)
        : features_(features), patch_(patch), count_(count), size_(patch * patch),
          group_(std::clamp(group_dimensions / size_, 1, features.channels)), execution_(execution), progress_(progress),
          kernel_(difference_kernel(check_execution(execution))), rule_(count, relative_error()),
          candidates_(features.pixels()) {}

    std::vector<std::uint32_t> run() {
        const std::vector<Tile> tiles = cut_tiles(features_.height, features_.width, tile_side);
        for (std::size_t a = 0; a < tiles.size(); a++) {
            for (std::size_t b = a; b < tiles.size(); b++) {
                compare(tiles[a], tiles[b], a == b);
                if (kept() > 2 * features_.pixels() * std::size_t(count_) + spare_candidates) decide();
            }
        }
        decide();
        return positions();
    }

private:
    /// A sum of n floats above zero, whatever the order, is off by at most n-1 roundings; each difference by one more.
    double relative_error() const {
        const double dimensions = double(features_.channels) * size_;
        const double runs = dimensions / panel_run + features_.channels;
        return 1.01 * (panel_run + runs + 2) * std::ldexp(1.0, -24);
    }

    void compare(const Tile& first, const Tile& second, bool same) {
        Panels rows(features_, first, patch_, group_);
        Panels others(features_, same ? Tile{0, 0, 0, 0} : second, patch_, group_);
        Panels& columns = same ? rows : others;
        stride_ = columns.count * panel_width;
        distances_.assign(std::size_t(rows.count * panel_width) * std::size_t(stride_), 0.0f);
        for (int c = 0; c < features_.channels; c += group_) {
            const int count = std::min(group_, features_.channels - c);
            for_each_index(std::size_t(same ? count : 2 * count), execution_, [&](std::size_t index, int) {
                (int(index) < count ? rows : columns).sort(c + int(index) % count, int(index) % count);
            });
            add_distances(rows, columns, count * size_, same);
            progress_.advance(double(count) * size_ * rows.windows * columns.windows * (same ? 0.5 : 1));
        }
        gather(rows, columns, same);
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

    /// Offers each window of the tiles those of the other tile.
    void gather(const Panels& rows, const Panels& columns, bool same) {
        for_each_index(std::size_t(rows.windows), execution_, [&](std::size_t i, int) {
            const float* row = distances_.data() + i * std::size_t(stride_);
            const float* column = distances_.data() + i;
            const std::size_t diagonal = same ? i / panel_width * panel_width : 0;
            offer(rows.position(int(i), features_.width), columns, [&](std::size_t j) {
                return j < diagonal ? column[j * std::size_t(stride_)] : row[j];
            });
        });
        if (same) return;
        for_each_index(std::size_t(columns.windows), execution_, [&](std::size_t j, int) {
            const float* column = distances_.data() + j;
            offer(columns.position(int(j), features_.width), rows,
                  [&](std::size_t i) { return column[i * std::size_t(stride_)]; });
        });
    }

    template <class DistanceOf>
    void offer(std::uint32_t to, const Panels& windows, const DistanceOf& distance_of) {
        std::vector<Candidate> candidates = candidates_[to];
        candidates.reserve(candidates.size() + std::size_t(windows.windows));
        for (int j = 0; j < windows.windows; j++) {
            const float distance = distance_of(std::size_t(j));
            candidates.push_back({distance, windows.position(j, features_.width), distance == 0});
        }
        rule_.drop_far(candidates);
        candidates_[to] = std::vector<Candidate>(candidates.begin(), candidates.end());
    }

    std::size_t kept() const {
        std::size_t total = 0;
        for (const auto& candidates : candidates_) total += candidates.size();
        return total;
    }

    /// Computes exactly the distances that matter and keeps the nearest.
    void decide() {
        std::vector<std::vector<std::size_t>> undecided(candidates_.size());
        for_each_index(candidates_.size(), execution_, [&](std::size_t i, int) {
            undecided[i] = rule_.undecided(candidates_[i]);
            for (const std::size_t at : undecided[i]) candidates_[i][at] = {0, candidates_[i][at].position, true};
        });
        if (std::any_of(undecided.begin(), undecided.end(), [](const auto& indices) { return !indices.empty(); })) {
            add_exact_distances(undecided);
        }
        for_each_index(candidates_.size(), execution_, [&](std::size_t i, int) { rule_.decide(candidates_[i]); });
    }

    void add_exact_distances(const std::vector<std::vector<std::size_t>>& undecided) {
        const Tile whole{0, 0, features_.height, features_.width};
        for_each_sorted_channel(features_, whole, patch_, execution_, [&](int, const SortedChannel& channel) {
            const auto list = [&](std::size_t window) { return channel.values.data() + window * std::size_t(channel.length); };
            for_each_index(std::size_t(features_.height), execution_, [&](std::size_t row, int) {
                for (std::size_t x = 0; x < std::size_t(features_.width); x++) {
                    const std::size_t window = row * std::size_t(features_.width) + x;
                    for (const std::size_t at : undecided[window]) {
                        Candidate& candidate = candidates_[window][at];
                        candidate.distance += distance_between(list(window), list(candidate.position));
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

    std::vector<std::uint32_t> positions() const {
        std::vector<std::uint32_t> positions;
        positions.reserve(candidates_.size() * std::size_t(count_));
        for (const auto& candidates : candidates_) {
            const auto first = std::ptrdiff_t(positions.size());
            for (const Candidate& candidate : candidates) positions.push_back(candidate.position);
            std::sort(positions.begin() + first, positions.end());
        }
        return positions;
    }

    const FeatureMap& features_;
    int patch_, count_, size_, group_;
    const Execution& execution_;
    Progress& progress_;
    const DifferenceKernel& kernel_;
    CandidateRule rule_;
    std::vector<std::vector<Candidate>> candidates_;  ///< per window
    CacheLines<float> distances_;                     ///< [window of the one tile][window of the other]
    int stride_ = 0;
};

}  // namespace

std::vector<std::uint32_t> nearest_windows(const FeatureMap& features, int patch, int count, const Execution& execution,
                                           Progress& progress) {
    return Search(features, patch, count, execution, progress).run();
}

double comparison_steps(const FeatureMap& features, int patch) {
    return double(features.pixels()) * double(features.pixels()) / 2 * features.channels * patch * patch;
}

}  // namespace perch
