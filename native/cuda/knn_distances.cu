#include "knn_distances.hpp"

#include <cmath>

#include "launch.hpp"

// Distances are computed like a product of matrices: a block has a tile of rows and columns, and a thread a grid of
// pairs in it, whose sums stay in registers.
namespace perch::cuda {
namespace {

/// Side of a tile.
constexpr int tile = 64;
/// Number of dimensions that are loaded together.
constexpr int depth = 16;
/// A thread has pairs x pairs pairs, `spread` rows and columns apart, so that its warp reads neighboring words.
constexpr int pairs = 4, spread = tile / pairs, tile_threads = spread * spread;
/// Number of terms that are summed before the sum is added to a total. Bounds the rounding error.
constexpr int run = 128;
constexpr int exact_threads = 128;

struct TileShared {
    /// Four threads write the dimensions of one patch; the padding spreads these writes over the banks.
    float rows[depth][tile + 2], columns[depth][tile + 2];
};

/// Loads `depth` dimensions of a tile's patches, zero beyond the last dimension or patch.
template <class PatchOf>
__device__ void load(const float* lists, std::size_t dimensions, std::size_t first, std::uint32_t patches,
                     const PatchOf& patch_of, float (&target)[depth][tile + 2]) {
    constexpr int of_thread = depth * tile / tile_threads, threads_of_patch = depth / of_thread;
    const int patch = int(threadIdx.x) / threads_of_patch, offset = int(threadIdx.x) % threads_of_patch * of_thread;
    const bool is_inside = std::uint32_t(patch) < patches;
    const float* list = is_inside ? lists + std::size_t(patch_of(std::uint32_t(patch))) * dimensions : lists;
#pragma unroll
    for (int d = 0; d < of_thread; d++) {
        const std::size_t dimension = first + std::size_t(offset + d);
        target[offset + d][patch] = is_inside && dimension < dimensions ? list[dimension] : 0.0f;
    }
}

__global__ void __launch_bounds__(tile_threads)
    add_distances_of_tile(const float* lists, Group group, Band band, float* distances) {
    PERCH_SHARED(TileShared, shared);
    const std::uint32_t row = blockIdx.y * tile, column = blockIdx.x * tile;
    const std::uint32_t rows = std::uint32_t(band.rows) - row, columns = band.searched - column;
    const int y = int(threadIdx.x) / spread, x = int(threadIdx.x) % spread;
    const std::size_t dimensions = group.dimensions();
    float totals[pairs][pairs] = {};
    for (std::size_t first = 0; first < dimensions; first += run) {
        float sums[pairs][pairs] = {};
        for (std::size_t part = first; part < first + run && part < dimensions; part += depth) {
            __syncthreads();
            load(
                lists, dimensions, part, rows, [&](std::uint32_t i) { return std::uint32_t(band.first) + row + i; },
                shared.rows);
            load(
                lists, dimensions, part, columns, [&](std::uint32_t i) { return band.patch_of(column + i); },
                shared.columns);
            __syncthreads();
#pragma unroll
            for (int d = 0; d < depth; d++) {
                float own[pairs], other[pairs];
#pragma unroll
                for (int p = 0; p < pairs; p++) {
                    own[p] = shared.rows[d][y + p * spread];
                    other[p] = shared.columns[d][x + p * spread];
                }
#pragma unroll
                for (int p = 0; p < pairs; p++) {
#pragma unroll
                    for (int q = 0; q < pairs; q++) sums[p][q] += fabsf(own[p] - other[q]);
                }
            }
        }
#pragma unroll
        for (int p = 0; p < pairs; p++) {
#pragma unroll
            for (int q = 0; q < pairs; q++) totals[p][q] += sums[p][q];
        }
    }
#pragma unroll
    for (int p = 0; p < pairs; p++) {
#pragma unroll
        for (int q = 0; q < pairs; q++) {
            const std::uint32_t i = std::uint32_t(y + p * spread), j = std::uint32_t(x + q * spread);
            if (i >= rows || j >= columns) continue;
            float* distance = distances + std::size_t(row + i) * band.searched + column + j;
            *distance = group.first == 0 ? totals[p][q] : *distance + totals[p][q];
        }
    }
}

/// One block for each row, one thread for each of its columns.
__global__ void add_exact_distances_of_row(const float* lists, Group group, Band band, const float* distances,
                                           const std::uint32_t* columns, const std::uint32_t* counts, double* exact) {
    const std::size_t row = blockIdx.x, first = row * band.searched, dimensions = group.dimensions();
    const float* own = lists + (std::size_t(band.first) + row) * dimensions;
    for (std::size_t i = threadIdx.x; i < counts[row]; i += blockDim.x) {
        const std::uint32_t column = columns[first + i];
        const float* other = lists + std::size_t(band.patch_of(column)) * dimensions;
        double total = group.first == 0 ? 0 : exact[first + i];
        // A sum of magnitudes is zero only if all of them are.
        const int channels = distances[first + column] == 0 ? 0 : group.channels;
        for (int channel = 0; channel < channels; channel++) {
            double sum = 0;
            for (int r = channel * group.size; r < (channel + 1) * group.size; r++)
                sum += fabs(double(own[r]) - double(other[r]));
            total += sum;
        }
        exact[first + i] = total;
    }
}

}  // namespace

void add_distances(const float* lists, const Group& group, const Band& band, float* distances) {
    launch(add_distances_of_tile, dim3((band.searched + tile - 1) / tile, unsigned((band.rows + tile - 1) / tile)),
           unsigned(tile_threads), lists, group, band, distances);
}

double relative_error(int channels, int size) {
    // As in src/matching/knn_patches.cpp: the longest chain of sums, where each group has at least one channel.
    const double runs = double(channels) * size / run + channels;
    return 1.01 * (run + 2 * runs + 2) * std::ldexp(1.0, -24);
}

void add_exact_distances(const float* lists, const Group& group, const Band& band, const float* distances,
                         const std::uint32_t* columns, const std::uint32_t* counts, double* exact) {
    launch(add_exact_distances_of_row, dim3(unsigned(band.rows)), unsigned(exact_threads), lists, group, band,
           distances, columns, counts, exact);
}

}  // namespace perch::cuda
