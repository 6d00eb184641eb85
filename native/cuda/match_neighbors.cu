#include <algorithm>
#include <cstdint>

#include "launch.hpp"
#include "map.hpp"
#include "scatter.hpp"
#include "sorted_patches.hpp"

namespace perch::cuda {
namespace {

/// Largest patch of 31 x 31.
constexpr int max_size = 961;
/// Number of neighbors that are summed in float32 before they are added to a float64 sum, as in the core.
constexpr int run = 64;
/// Differences that one launch computes at most, so that a slow device answers a cancellation within about 0.1 s.
constexpr double max_differences = 4e9;

struct ErrorShared {
    double errors[max_size];
};

/// One block for each patch, one thread for each rank. The ranks of a list are neighbors in memory, so a warp reads a
/// neighbor's list in one piece.
///
/// @param part the channels of the group to add
/// @param errors [T*T][pixel of the padded map]; overwritten by the first channels
__global__ void add_errors_of_patch(const float* values, const std::uint16_t* order, Group group, Group part,
                                    const std::uint32_t* neighbors, int k, Planes planes, int patch_size,
                                    float* errors) {
    PERCH_SHARED(ErrorShared, shared);
    const int size = group.size, rank = int(threadIdx.x);
    const std::size_t patch = blockIdx.x, dimensions = group.dimensions();
    const bool is_rank = rank < size;
    if (is_rank) shared.errors[rank] = 0;
    __syncthreads();
    const std::uint32_t* own_neighbors = neighbors + patch * std::size_t(k);
    const int from = part.first - group.first;
    for (int channel = from; channel < from + part.channels; channel++) {
        if (is_rank) {
            const std::size_t dimension = std::size_t(channel * size + rank);
            const float own = values[patch * dimensions + dimension];
            double total = 0;
            for (int first = 0; first < k; first += run) {
                float sum = 0;
                const int end = first + run < k ? first + run : k;
#pragma unroll 8
                for (int n = first; n < end; n++)
                    sum += fabsf(own - values[std::size_t(own_neighbors[n]) * dimensions + dimension]);
                total += double(sum);
            }
            shared.errors[order[patch * dimensions + dimension]] += total;
        }
        __syncthreads();
    }
    if (!is_rank) return;
    const int width = planes.width + patch_size - 1, height = planes.height + patch_size - 1, position = rank;
    const int y = int(patch) / planes.width + position / patch_size,
              x = int(patch) % planes.width + position % patch_size;
    float* error =
        errors + (std::size_t(position) * std::size_t(height) + std::size_t(y)) * std::size_t(width) + std::size_t(x);
    *error = float((part.first == 0 ? 0 : double(*error)) + shared.errors[position]);
}

}  // namespace

void match_neighbors(const perch_cuda_map& map, const std::uint32_t* neighbors, int k, int patch_size,
                     const perch_cuda_stencil& stencil, const perch_cuda_execution& execution, float* scores) {
    const Planes planes{map.values.data(), map.channels, map.height, map.width};
    const int size = patch_size * patch_size, padding = patch_size - 1;
    const Part padded{0, 0, map.height + padding, map.width + padding};
    const std::size_t values_of_channel = map.pixels() * std::size_t(size);
    const std::size_t bytes_of_channel = values_of_channel * (sizeof(float) + sizeof(std::uint16_t));
    const std::size_t all_neighbors = map.pixels() * std::size_t(k), all_errors = std::size_t(size) * padded.pixels();
    const std::size_t fixed = all_neighbors * sizeof(std::uint32_t) + all_errors * sizeof(float);
    require_budget(execution.budget, "one channel with its errors and neighbors", fixed + bytes_of_channel);
    const std::size_t fitting = (execution.budget - fixed) / bytes_of_channel;
    const int channels = int(std::min({fitting, std::size_t(map.channels), std::size_t(max_channels)}));
    const double differences = double(all_neighbors) * size;
    const int step = int(std::clamp(max_differences / differences, 1.0, double(channels)));

    const Scatter scatter(stencil, patch_size);
    const DeviceArray<std::uint32_t> device_neighbors(neighbors, all_neighbors);
    DeviceArray<float> errors(all_errors), values(std::size_t(channels) * values_of_channel);
    DeviceArray<std::uint16_t> order(std::size_t(channels) * values_of_channel);
    for (int first = 0; first < map.channels; first += channels) {
        const Group group{first, std::min(channels, map.channels - first), size};
        sort_patches(planes, patch_size, group, values.data(), order.data());
        for (int at = 0; at < group.channels; at += step) {
            report(execution, double(first + at) / map.channels);
            const Group part{first + at, std::min(step, group.channels - at), size};
            launch(add_errors_of_patch, dim3(unsigned(map.pixels())), unsigned(size + 31) / 32 * 32, values.data(),
                   order.data(), group, part, device_neighbors.data(), k, planes, patch_size, errors.data());
        }
    }
    DeviceArray<float> device_scores(map.pixels());
    for (int y = 0; y < map.height; y += max_rows) {
        const Part targets{y, 0, std::min(max_rows, map.height - y), map.width};
        scatter.run(errors.data(), padded, targets, planes, 1.0 / map.channels / k, device_scores.data());
    }
    report(execution, 1);
    device_scores.copy_to(scores, map.pixels());
}

}  // namespace perch::cuda
