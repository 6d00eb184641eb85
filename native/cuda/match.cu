#include <algorithm>
#include <string>
#include <vector>

#include "launch.hpp"
#include "map.hpp"
#include "rank_match.hpp"
#include "scatter.hpp"

namespace perch::cuda {
namespace {

constexpr unsigned add_threads = 256;
/// Errors that one part computes at most, so that a slow device answers a cancellation within about 0.1 s.
constexpr double max_errors_of_part = 2e9;

/// Adds the sums of the other groups to those of the first.
__global__ void add_groups(float* errors, int groups, std::size_t count) {
    const std::size_t i = std::size_t(blockIdx.x) * blockDim.x + threadIdx.x;
    if (i >= count) return;
    float total = errors[i];
    for (int group = 1; group < groups; group++) total += errors[std::size_t(group) * count + i];
    errors[i] = total;
}

class Matcher {
public:
    Matcher(const perch_cuda_map& map, int patch_size, const perch_cuda_stencil& stencil)
        : planes_{map.values.data(), map.channels, map.height, map.width}, patch_size_(patch_size),
          groups_(std::clamp((map.channels + channels_of_group - 1) / channels_of_group, 1, max_groups)),
          scatter_(stencil, patch_size) {}

    void run(const float* reference, const perch_cuda_execution& execution, float* scores) {
        require_budget(execution.budget, "one position", most_sources(1, 1) * bytes_of_source());
        int height = std::min(planes_.height, max_rows), width = planes_.width;
        while (!fits(height, width, execution.budget)) {
            int& longer = height > width ? height : width;
            longer = (longer + 1) / 2;
        }
        DeviceArray<float> errors(most_sources(height, width) * bytes_of_source() / sizeof(float));
        const std::size_t columns = std::size_t((planes_.width + width - 1) / width);
        const std::size_t parts = std::size_t((planes_.height + height - 1) / height) * columns;
        for (std::size_t part = 0; part < parts; part++) {
            report(execution, double(part) / double(parts));
            const int y = int(part / columns) * height, x = int(part % columns) * width;
            match_part({y, x, std::min(height, planes_.height - y), std::min(width, planes_.width - x)}, reference,
                       errors.data(), scores);
        }
        report(execution, 1);
    }

private:
    std::size_t positions() const { return std::size_t(patch_size_) * std::size_t(patch_size_); }
    std::size_t bytes_of_source() const { return std::size_t(groups_) * positions() * sizeof(float); }

    /// The number of pixels that reach a part of this size, at most.
    std::size_t most_sources(int height, int width) const {
        const int padding = patch_size_ - 1;
        return std::size_t(std::min(height + 2 * scatter_.reach_y(), planes_.height + padding)) *
               std::size_t(std::min(width + 2 * scatter_.reach_x(), planes_.width + padding));
    }

    bool fits(int height, int width, std::size_t budget) const {
        if (height == 1 && width == 1) return true;
        const std::size_t sources = most_sources(height, width);
        return sources * bytes_of_source() <= budget &&
               double(sources) * double(positions()) * planes_.channels <= max_errors_of_part;
    }

    void match_part(const Part& targets, const float* reference, float* errors, float* scores) {
        const int half = (patch_size_ - 1) / 2;
        const int top = std::max(0, targets.y + half - scatter_.reach_y());
        const int left = std::max(0, targets.x + half - scatter_.reach_x());
        const int bottom = std::min(planes_.height + 2 * half, targets.y + half + targets.height + scatter_.reach_y());
        const int right = std::min(planes_.width + 2 * half, targets.x + half + targets.width + scatter_.reach_x());
        const Part sources{top, left, bottom - top, right - left};
        sum_errors(planes_, reference, patch_size_, sources, groups_, errors);
        const std::size_t count = positions() * sources.pixels();
        if (groups_ > 1)
            launch(add_groups, dim3(unsigned((count + add_threads - 1) / add_threads)), add_threads, errors, groups_,
                   count);
        scatter_.run(errors, sources, targets, planes_, 1.0 / planes_.channels, scores);
    }

    Planes planes_;
    int patch_size_, groups_;
    Scatter scatter_;
};

}  // namespace

void match(const perch_cuda_map& map, const float* reference, int patch_size, const perch_cuda_stencil& stencil,
           const perch_cuda_execution& execution, float* scores) {
    const std::size_t lists = std::size_t(map.channels) * std::size_t(patch_size * patch_size);
    const DeviceArray<float> device_reference(reference, lists);
    DeviceArray<float> device_scores(map.pixels());
    Matcher(map, patch_size, stencil).run(device_reference.data(), execution, device_scores.data());
    device_scores.copy_to(scores, map.pixels());
}

}  // namespace perch::cuda
