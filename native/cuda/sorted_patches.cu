#include "sorted_patches.hpp"

#include <algorithm>

#include "launch.hpp"

namespace perch::cuda {
namespace {

constexpr unsigned max_threads = 1024, wanted_threads = 256;

struct SortShared {
    float values[max_threads];
};

/// One thread for each value of a patch: its rank is the number of the patch's values that precede it.
__global__ void sort_patches_of_channel(Planes planes, int patch_size, Group group, float* values,
                                        std::uint16_t* order) {
    PERCH_SHARED(SortShared, shared);
    const int size = group.size, patches_of_block = int(blockDim.x) / size, half = (patch_size - 1) / 2;
    const int own = int(threadIdx.x) % size, own_patch = int(threadIdx.x) / size;
    const int patch = int(blockIdx.x) * patches_of_block + own_patch, channel = int(blockIdx.y);
    const bool is_inside = patch < planes.height * planes.width;
    float value = 0;
    if (is_inside) {
        const int y = reflect(patch / planes.width + own / patch_size - half, planes.height);
        const int x = reflect(patch % planes.width + own % patch_size - half, planes.width);
        const std::size_t row = std::size_t(group.first + channel) * std::size_t(planes.height) + std::size_t(y);
        value = planes.values[row * std::size_t(planes.width) + std::size_t(x)];
    }
    shared.values[threadIdx.x] = value;
    __syncthreads();
    if (!is_inside) return;
    const float* others = shared.values + own_patch * size;
    int rank = 0;
    for (int i = 0; i < own; i++) rank += others[i] <= value;
    for (int i = own + 1; i < size; i++) rank += others[i] < value;
    const std::size_t at = std::size_t(patch) * group.dimensions() + std::size_t(channel * size + rank);
    values[at] = value;
    if (order != nullptr) order[at] = std::uint16_t(own);
}

}  // namespace

void sort_patches(const Planes& planes, int patch_size, const Group& group, float* values, std::uint16_t* order) {
    const unsigned size = unsigned(group.size), patches_of_block = std::max(1u, wanted_threads / size);
    const unsigned patches = unsigned(planes.height) * unsigned(planes.width);
    launch(sort_patches_of_channel, dim3((patches + patches_of_block - 1) / patches_of_block, unsigned(group.channels)),
           patches_of_block * size, planes, patch_size, group, values, order);
}

}  // namespace perch::cuda
