#include <algorithm>
#include <vector>

#include "knn_selection.hpp"
#include "map.hpp"

namespace perch::cuda {
namespace {

/// Differences that one launch computes at most, so that a slow device answers a cancellation within about 0.1 s.
constexpr double max_differences = 2e10;
/// Limit of gridDim.y, in tiles of rows.
constexpr std::size_t max_band = std::size_t(1) << 21;

/// Device memory for the distances of a band, and for the selection among them.
struct Scratch {
    DeviceArray<float> distances;
    DeviceArray<std::uint32_t> columns, counts, missing, neighbors;
    DeviceArray<double> exact;

    Scratch(std::size_t rows, std::size_t searched, std::size_t k)
        : distances(rows * searched), columns(rows * searched), counts(rows), missing(rows), neighbors(rows * k),
          exact(rows * searched) {}

    static std::size_t bytes_of_row(std::size_t searched, std::size_t k) {
        return searched * (sizeof(float) + sizeof(std::uint32_t) + sizeof(double)) + (2 + k) * sizeof(std::uint32_t);
    }
};

class Search {
public:
    Search(const perch_cuda_map& map, int patch_size, std::size_t k, const std::uint32_t* among,
           std::size_t among_count, const perch_cuda_execution& execution)
        : planes_{map.values.data(), map.channels, map.height, map.width}, patch_size_(patch_size),
          size_(patch_size * patch_size), k_(k), patches_(map.pixels()),
          searched_(among_count > 0 ? among_count : patches_), execution_(execution), among_(among, among_count),
          is_part_(among_count > 0), group_(channels_of_group(map.channels)), lists_(bytes_of_lists() / sizeof(float)),
          rows_(std::min(
              {patches_, (execution.budget - bytes_of_lists()) / Scratch::bytes_of_row(searched_, k), max_band})),
          scratch_(rows_, searched_, k) {}

    void run(std::uint32_t* neighbors) {
        for (std::size_t first = 0; first < patches_; first += rows_) {
            const std::size_t rows = std::min(rows_, patches_ - first);
            search({int(first), int(rows), is_part_ ? among_.data() : nullptr, std::uint32_t(searched_)});
            scratch_.neighbors.copy_to(neighbors + first * k_, rows * k_);
        }
        report(execution_, 1);
    }

private:
    std::size_t bytes_of_channel() const { return patches_ * std::size_t(size_) * sizeof(float); }
    std::size_t bytes_of_lists() const { return std::size_t(group_) * bytes_of_channel(); }

    /// Lists take half of the budget, or what one channel needs.
    int channels_of_group(int channels) const {
        require_budget(execution_.budget, "one channel and one patch",
                       bytes_of_channel() + Scratch::bytes_of_row(searched_, k_));
        const std::size_t fitting = std::max<std::size_t>(1, execution_.budget / 2 / bytes_of_channel());
        return int(std::min({fitting, std::size_t(channels), std::size_t(max_channels)}));
    }

    void search(const Band& band) {
        for_each_group([&](const Group& group) {
            const double differences = double(searched_) * double(group.dimensions());
            const int step = int(std::clamp(max_differences / differences, 1.0, double(band.rows)));
            for (int row = 0; row < band.rows; row += step) {
                const double done = double(band.first) * planes_.channels + double(band.rows) * group.first +
                                    double(row) * group.channels;
                report(execution_, done / (double(patches_) * planes_.channels));
                const Band part{band.first + row, std::min(step, band.rows - row), band.among, band.searched};
                add_distances(lists_.data(), group, part, scratch_.distances.data() + std::size_t(row) * searched_);
            }
        });
        const auto k = std::uint32_t(k_);
        list_ambiguous(band, k, relative_error(planes_.channels, size_), scratch_.distances.data(),
                       scratch_.columns.data(), scratch_.counts.data(), scratch_.missing.data());
        if (is_ambiguous(std::size_t(band.rows))) {
            for_each_group([&](const Group& group) {
                report(execution_, double(band.first + band.rows) / double(patches_));
                add_exact_distances(lists_.data(), group, band, scratch_.distances.data(), scratch_.columns.data(),
                                    scratch_.counts.data(), scratch_.exact.data());
            });
        }
        select_nearest(band, k, scratch_.distances.data(), scratch_.columns.data(), scratch_.counts.data(),
                       scratch_.missing.data(), scratch_.exact.data(), scratch_.neighbors.data());
    }

    bool is_ambiguous(std::size_t rows) const {
        std::vector<std::uint32_t> missing(rows);
        scratch_.missing.copy_to(missing.data(), rows);
        return std::any_of(missing.begin(), missing.end(), [](std::uint32_t count) { return count > 0; });
    }

    /// Calls visit with each group of channels while `lists_` has their sorted values.
    template <class Visit>
    void for_each_group(const Visit& visit) {
        for (int first = 0; first < planes_.channels; first += group_) {
            const Group group{first, std::min(group_, planes_.channels - first), size_};
            if (sorted_ != first) sort_patches(planes_, patch_size_, group, lists_.data(), nullptr);
            sorted_ = first;
            visit(group);
        }
    }

    Planes planes_;
    int patch_size_, size_;
    std::size_t k_, patches_, searched_;
    const perch_cuda_execution& execution_;
    DeviceArray<std::uint32_t> among_;
    bool is_part_;
    int group_;  ///< number of channels whose lists are in memory
    DeviceArray<float> lists_;
    std::size_t rows_;  ///< number of rows of a band
    Scratch scratch_;
    int sorted_ = -1;  ///< first channel of the group whose lists are in memory
};

}  // namespace

void nearest_patches(const perch_cuda_map& map, int patch_size, int k, const std::uint32_t* among,
                     std::size_t among_count, const perch_cuda_execution& execution, std::uint32_t* neighbors) {
    Search(map, patch_size, std::size_t(k), among, among_count, execution).run(neighbors);
}

}  // namespace perch::cuda
