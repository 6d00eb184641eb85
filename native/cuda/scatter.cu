#include "scatter.hpp"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "launch.hpp"

namespace perch::cuda {
namespace {

constexpr unsigned gather_threads = 128;

struct Taps {
    const perch_cuda_offset* offsets;
    int offset_count;
    const Tap* taps;
};

/// Sums the errors that the stencil scatters to each pixel of `targets`, one thread for each pixel.
__global__ void gather(const float* errors, Part sources, Part targets, Planes planes, int patch_size, Taps stencil,
                       double scale, float* scores) {
    const int column = int(blockIdx.x * blockDim.x + threadIdx.x), half = (patch_size - 1) / 2;
    if (column >= targets.width) return;
    const int y = targets.y + int(blockIdx.y), x = targets.x + column;
    const std::size_t area = sources.pixels();
    double score = 0;
    for (int o = 0; o < stencil.offset_count; o++) {
        const perch_cuda_offset offset = stencil.offsets[o];
        const int row_from = y + half - offset.dy, column_from = x + half - offset.dx;
        const std::ptrdiff_t pixel = std::ptrdiff_t(row_from - sources.y) * sources.width + (column_from - sources.x);
        float sum = 0;
        for (int t = offset.first; t < offset.first + offset.count; t++) {
            const Tap tap = stencil.taps[t];
            const bool is_patch = unsigned(row_from - tap.row) < unsigned(planes.height) &&
                                  unsigned(column_from - tap.column) < unsigned(planes.width);
            if (is_patch) sum += tap.weight * errors[std::size_t(tap.row * patch_size + tap.column) * area + pixel];
        }
        score += double(sum);
    }
    scores[std::size_t(y) * std::size_t(planes.width) + std::size_t(x)] = float(score * scale);
}

std::vector<Tap> taps_of(const perch_cuda_stencil& stencil, int patch_size) {
    std::vector<Tap> taps;
    for (std::size_t t = 0; t < stencil.tap_count; t++) {
        const perch_cuda_tap& tap = stencil.taps[t];
        taps.push_back({tap.position / patch_size, tap.position % patch_size, tap.weight});
    }
    return taps;
}

}  // namespace

Scatter::Scatter(const perch_cuda_stencil& stencil, int patch_size)
    : patch_size_(patch_size), offset_count_(int(stencil.offset_count)),
      offsets_(stencil.offsets, stencil.offset_count), taps_(taps_of(stencil, patch_size).data(), stencil.tap_count) {
    for (std::size_t o = 0; o < stencil.offset_count; o++) {
        reach_y_ = std::max(reach_y_, std::abs(stencil.offsets[o].dy));
        reach_x_ = std::max(reach_x_, std::abs(stencil.offsets[o].dx));
    }
}

void Scatter::run(const float* errors, const Part& sources, const Part& targets, const Planes& planes, double scale,
                  float* scores) const {
    const dim3 grid((unsigned(targets.width) + gather_threads - 1) / gather_threads, unsigned(targets.height));
    launch(gather, grid, gather_threads, errors, sources, targets, planes, patch_size_,
           Taps{offsets_.data(), offset_count_, taps_.data()}, scale, scores);
}

}  // namespace perch::cuda
