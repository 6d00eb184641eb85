#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "launch.hpp"
#include "map.hpp"
#include "rank_match.hpp"

namespace perch::cuda {
namespace {

constexpr unsigned gather_threads = 128;
/// With the largest reach below the limit of gridDim.y.
constexpr int max_rows = 32768;

struct Tap {
    int row, column;
    float weight;
};

/// A stencil on the device.
struct Taps {
    const perch_cuda_offset* offsets;
    int offset_count;
    const Tap* taps;
};

/// Sums the errors that the stencil scatters to each pixel of `targets`, a part of the map itself.
///
/// @param errors of `sources`, as sum_errors writes them
__global__ void gather(const float* errors, int groups, Part sources, Part targets, Planes planes, int patch_size,
                       Taps stencil, float* scores) {
    const int column = int(blockIdx.x * blockDim.x + threadIdx.x), half = (patch_size - 1) / 2;
    if (column >= targets.width) return;
    const int y = targets.y + int(blockIdx.y), x = targets.x + column;
    const std::size_t area = sources.pixels(), size = std::size_t(patch_size) * std::size_t(patch_size);
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
            if (!is_patch) continue;
            const float* error = errors + std::size_t(tap.row * patch_size + tap.column) * area + pixel;
            float total = 0;
            for (int group = 0; group < groups; group++) total += error[std::size_t(group) * size * area];
            sum += tap.weight * total;
        }
        score += double(sum);
    }
    scores[std::size_t(y) * std::size_t(planes.width) + std::size_t(x)] = float(score / planes.channels);
}

void require_stencil(const perch_cuda_stencil& stencil, int patch_size) {
    for (std::size_t o = 0; o < stencil.offset_count; o++) {
        const perch_cuda_offset& offset = stencil.offsets[o];
        const bool is_inside = std::abs(offset.dy) < patch_size && std::abs(offset.dx) < patch_size &&
                               offset.first >= 0 && offset.count >= 0 &&
                               std::size_t(offset.first) + std::size_t(offset.count) <= stencil.tap_count;
        require(is_inside, "Offset " + std::to_string(o) + " of the stencil is outside its limits.");
    }
    for (std::size_t t = 0; t < stencil.tap_count; t++) {
        const int position = stencil.taps[t].position;
        require(position >= 0 && position < patch_size * patch_size,
                "Tap " + std::to_string(t) + " of the stencil is outside the patch.");
    }
}

class Matcher {
public:
    Matcher(const perch_cuda_map& map, int patch_size, const perch_cuda_stencil& stencil)
        : planes_{map.values.data(), map.channels, map.height, map.width}, patch_size_(patch_size),
          groups_(std::clamp((map.channels + channels_of_group - 1) / channels_of_group, 1, max_groups)),
          offsets_(stencil.offsets, stencil.offset_count), offset_count_(int(stencil.offset_count)),
          taps_(taps_of(stencil, patch_size).data(), stencil.tap_count) {
        for (std::size_t o = 0; o < stencil.offset_count; o++) {
            reach_y_ = std::max(reach_y_, std::abs(stencil.offsets[o].dy));
            reach_x_ = std::max(reach_x_, std::abs(stencil.offsets[o].dx));
        }
    }

    void run(const float* reference, std::size_t budget, float* scores) {
        int height = std::min(planes_.height, max_rows), width = planes_.width;
        while (error_count(height, width) * sizeof(float) > budget) {
            require(height > 1 || width > 1, "The memory budget is " + std::to_string(budget) +
                                                 " bytes; one position needs " +
                                                 std::to_string(error_count(1, 1) * sizeof(float)) + ".");
            int& longer = height > width ? height : width;
            longer = (longer + 1) / 2;
        }
        DeviceArray<float> errors(error_count(height, width));
        for (int y = 0; y < planes_.height; y += height) {
            for (int x = 0; x < planes_.width; x += width) {
                const Part targets{y, x, std::min(height, planes_.height - y), std::min(width, planes_.width - x)};
                match_part(targets, reference, errors.data(), scores);
            }
        }
    }

private:
    static std::vector<Tap> taps_of(const perch_cuda_stencil& stencil, int patch_size) {
        std::vector<Tap> taps;
        for (std::size_t t = 0; t < stencil.tap_count; t++) {
            const perch_cuda_tap& tap = stencil.taps[t];
            taps.push_back({tap.position / patch_size, tap.position % patch_size, tap.weight});
        }
        return taps;
    }

    /// Errors of the pixels that reach a part of this size.
    std::size_t error_count(int height, int width) const {
        const int padding = patch_size_ - 1;
        const int rows = std::min(height + 2 * reach_y_, planes_.height + padding);
        const int columns = std::min(width + 2 * reach_x_, planes_.width + padding);
        return std::size_t(groups_) * std::size_t(patch_size_ * patch_size_) * std::size_t(rows) * std::size_t(columns);
    }

    void match_part(const Part& targets, const float* reference, float* errors, float* scores) {
        const int half = (patch_size_ - 1) / 2;
        const int top = std::max(0, targets.y + half - reach_y_), left = std::max(0, targets.x + half - reach_x_);
        const int bottom = std::min(planes_.height + 2 * half, targets.y + half + targets.height + reach_y_);
        const int right = std::min(planes_.width + 2 * half, targets.x + half + targets.width + reach_x_);
        const Part sources{top, left, bottom - top, right - left};
        sum_errors(planes_, reference, patch_size_, sources, groups_, errors);
        const dim3 grid((unsigned(targets.width) + gather_threads - 1) / gather_threads, unsigned(targets.height));
        launch(gather, grid, gather_threads, errors, groups_, sources, targets, planes_, patch_size_,
               Taps{offsets_.data(), offset_count_, taps_.data()}, scores);
    }

    Planes planes_;
    int patch_size_, groups_, reach_y_ = 0, reach_x_ = 0;
    DeviceArray<perch_cuda_offset> offsets_;
    int offset_count_;
    DeviceArray<Tap> taps_;
};

}  // namespace

void match(const perch_cuda_map& map, const float* reference, int patch_size, const perch_cuda_stencil& stencil,
           std::size_t budget, float* scores) {
    require_stencil(stencil, patch_size);
    const std::size_t lists = std::size_t(map.channels) * std::size_t(patch_size * patch_size);
    const std::size_t pixels = std::size_t(map.height) * std::size_t(map.width);
    const DeviceArray<float> device_reference(reference, lists);
    DeviceArray<float> device_scores(pixels);
    Matcher(map, patch_size, stencil).run(device_reference.data(), budget, device_scores.data());
    device_scores.copy_to(scores, pixels);
}

}  // namespace perch::cuda
