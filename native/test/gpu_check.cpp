// Compares the CUDA kernels with the core and measures them: `gpu_check correctness | times [small]`. gpu_check.sh builds and
// runs it on a GPU, or emulated.
#include <cuda_runtime.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "cuda_stencil.hpp"
#include "features.hpp"
#include "matching/knn_patches.hpp"
#include "perch/median.hpp"
#include "perch_cuda.h"
#include "statistics/stencils.hpp"

using namespace perch;
using perch::testing::Features;
using perch::testing::same;

namespace {

using Clock = std::chrono::steady_clock;
const Execution cpu = [] {
    Execution execution;
    execution.threads = std::max(1, int(std::thread::hardware_concurrency()));
    return execution;
}();
int failures = 0;

void require_success(int status) {
    if (status == PERCH_CUDA_SUCCESS) return;
    std::printf("FAILED: %s\n", perch_cuda_error());
    std::exit(1);
}

void require_cuda(cudaError_t error) {
    if (error == cudaSuccess) return;
    std::printf("FAILED: %s\n", cudaGetErrorString(error));
    std::exit(1);
}

std::size_t free_bytes() {
    std::size_t bytes = 0;
    require_success(perch_cuda_free_bytes(0, &bytes));
    return bytes;
}

/// The least free memory at any report, while a computation has its memory.
int watch_memory(void* context, double) {
    std::size_t& least = *static_cast<std::size_t*>(context);
    least = std::min(least, free_bytes());
    return 0;
}

/// Features in the memory of the device, and what is computed there.
class Device {
public:
    explicit Device(const FeatureMap& features) : features_(features) {
        require_success(perch_cuda_open(0, features.values, features.channels, features.height, features.width, &map_));
    }
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;
    ~Device() { perch_cuda_close(map_); }

    std::vector<float> median(int patch_size) {
        std::vector<float> reference(std::size_t(features_.channels * patch_size * patch_size));
        require_success(perch_cuda_median_reference(map_, patch_size, nullptr, 0, &execution, reference.data()));
        return reference;
    }

    std::vector<float> match(const std::vector<float>& reference, int patch_size, const Stencil& stencil) {
        const CudaStencil converted(stencil);
        const perch_cuda_stencil view = converted.view;
        std::vector<float> scores(features_.pixels());
        require_success(perch_cuda_match(map_, reference.data(), patch_size, &view, &execution, scores.data()));
        return scores;
    }

    std::vector<std::uint32_t> nearest(int patch_size, int k) {
        std::vector<std::uint32_t> neighbors(features_.pixels() * std::size_t(k));
        require_success(perch_cuda_nearest(map_, patch_size, k, nullptr, 0, &execution, neighbors.data()));
        return neighbors;
    }

    std::vector<float> match(const std::vector<std::uint32_t>& neighbors, int patch_size, const Stencil& stencil) {
        const CudaStencil converted(stencil);
        const perch_cuda_stencil view = converted.view;
        std::vector<float> scores(features_.pixels());
        require_success(perch_cuda_match_neighbors(map_, neighbors.data(), int(neighbors.size() / features_.pixels()),
                                                   patch_size, &view, &execution, scores.data()));
        return scores;
    }

    std::size_t least_free = free_bytes();
    perch_cuda_execution execution{std::size_t(2) << 30, watch_memory, &least_free};

private:
    const FeatureMap& features_;
    perch_cuda_map* map_ = nullptr;
};

void expect(bool holds, const char* what, const char* map, int patch_size) {
    if (holds) return;
    failures++;
    std::printf("FAILED %s, %s, T = %d\n", what, map, patch_size);
}

/// Written so that NaN fails.
bool are_equal(const std::vector<float>& found, const std::vector<float>& expected) {
    const auto [low, high] = std::minmax_element(expected.begin(), expected.end());
    const double limit = *high > *low ? 1e-5 * (double(*high) - *low) : 1e-5;
    for (std::size_t i = 0; i < expected.size(); i++) {
        if (!(std::fabs(double(found[i]) - expected[i]) <= limit)) return false;
    }
    return true;
}

void compare(const char* name, const Features& features, int patch_size, int k) {
    Device device(features.map);
    const std::vector<float> reference = median_reference(features.map, patch_size, cpu);
    expect(device.median(patch_size) == reference, "median reference", name, patch_size);
    std::vector<float> expected(features.map.pixels());
    fca(features.map, reference, {patch_size, 3, 1}, expected.data(), cpu);
    const Stencil stencil = fca_stencil({patch_size, 3, 1});
    expect(are_equal(device.match(reference, patch_size, stencil), expected), "fca", name, patch_size);
    sww(features.map, reference, {patch_size, 6}, expected.data(), cpu);
    expect(are_equal(device.match(reference, patch_size, sww_stencil({patch_size, 6})), expected), "sww", name,
           patch_size);
    Progress progress(cpu, knn_steps(features.map, patch_size));
    const std::vector<std::uint32_t> neighbors = knn_patches(features.map, patch_size, k, {}, cpu, progress);
    expect(device.nearest(patch_size, k) == neighbors, "nearest patches", name, patch_size);
    fca(features.map, NearestPatches{k}, {patch_size, 3, 1}, expected.data(), cpu);
    expect(are_equal(device.match(neighbors, patch_size, stencil), expected), "fca with nearest patches", name,
           patch_size);
}

void check_correctness(bool small) {
    for (const int patch_size : {3, 5, 9, 15, 25, 31}) {
        const int height = (small ? 20 : 53) + (patch_size > 15 ? 20 : 0), width = height - 3;
        const int channels = small ? 2 : 67, k = 20;
        compare("random values", Features(channels, height, width, same), patch_size, k);
        compare("ties", Features(channels, height, width, [](float u) { return std::floor(5 * u) / 5; }), patch_size,
                k);
        compare("half of the values zero",
                Features(channels, height, width, [](float u) { return std::max(0.0f, u - 0.5f); }), patch_size, k);
        compare("a constant map", Features(channels, height, width, [](float) { return 0.75f; }), patch_size, k);
    }
    std::printf(failures == 0 ? "Correct: median reference, FCA, SWW and nearest patches equal those of the core.\n"
                              : "%d comparisons FAILED.\n",
                failures);
}

/// The least of several times, in milliseconds: on the device, by events, and on the clock.
template <class Call>
std::pair<double, double> time(int repetitions, const Call& call) {
    double on_device = INFINITY, wall = INFINITY;
    for (int i = 0; i < repetitions; i++) {
        cudaEvent_t start, end;
        require_cuda(cudaEventCreate(&start));
        require_cuda(cudaEventCreate(&end));
        const auto from = Clock::now();
        require_cuda(cudaEventRecord(start));
        call();
        require_cuda(cudaEventRecord(end));
        require_cuda(cudaEventSynchronize(end));
        wall = std::min(wall, std::chrono::duration<double, std::milli>(Clock::now() - from).count());
        float milliseconds = 0;
        require_cuda(cudaEventElapsedTime(&milliseconds, start, end));
        on_device = std::min(on_device, double(milliseconds));
        require_cuda(cudaEventDestroy(start));
        require_cuda(cudaEventDestroy(end));
    }
    return {on_device, wall};
}

void print_row(const std::string& what, const FeatureMap& map, int patch_size, std::pair<double, double> on_device,
               double with_transfer, double peak) {
    std::printf("| %s | %d | %d x %d | %d | %.2f | %.2f | %.2f | %.0f |\n", what.c_str(), map.channels, map.height,
                map.width, patch_size, on_device.first, on_device.second, with_transfer, peak);
}

void measure(const Features& features, int patch_size, int k, int repetitions) {
    const std::size_t before = free_bytes();
    const Stencil stencil = fca_stencil({patch_size, 3, 1});
    const auto row = [&](const std::string& what, const auto& compute) {
        Device device(features.map);
        device.least_free = before;
        const auto own = time(repetitions, [&] { compute(device); });
        const double with_transfer = time(repetitions, [&] {
                                         Device other(features.map);
                                         compute(other);
                                     }).second;
        print_row(what, features.map, patch_size, own, with_transfer, double(before - device.least_free) / (1 << 20));
    };
    if (k > 0) {
        std::vector<std::uint32_t> neighbors;
        row("nearest, k = " + std::to_string(k), [&](Device& device) { neighbors = device.nearest(patch_size, k); });
        row("FCA with them", [&](Device& device) { device.match(neighbors, patch_size, stencil); });
        return;
    }
    std::vector<float> reference;
    row("median reference", [&](Device& device) { reference = device.median(patch_size); });
    row("FCA", [&](Device& device) { device.match(reference, patch_size, stencil); });
    row("SWW", [&](Device& device) { device.match(reference, patch_size, sww_stencil({patch_size, 6})); });
}

void measure_all(bool small) {
    perch_cuda_device device;
    require_success(perch_cuda_describe(0, &device));
    std::printf("%s, compute capability %d.%d, %.1f GiB. The least of several runs; ms.\n\n", device.name,
                device.compute_major, device.compute_minor, double(device.memory_bytes) / (1 << 30));
    std::printf(
        "| computation | C | H x W | T | on the device, by events | the same, on the clock | with the transfer of "
        "the features | peak MiB |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n");
    const int repetitions = small ? 1 : 5;
    if (small) {
        measure(Features(8, 24, 24, same), 9, 0, repetitions);
        measure(Features(8, 16, 16, same), 9, 40, repetitions);
        return;
    }
    for (const int patch_size : {3, 5, 9, 15, 21, 25, 31}) measure(Features(512, 128, 128, same), patch_size, 0, 5);
    for (const int channels : {64, 256, 1024}) measure(Features(channels, 128, 128, same), 9, 0, repetitions);
    for (const int side : {40, 64, 256, 512}) measure(Features(128, side, side, same), 9, 0, repetitions);
    measure(Features(512, 40, 40, same), 9, 400, repetitions);
    measure(Features(512, 64, 64, same), 9, 400, 2);
}

}  // namespace

int main(int count, char** parameters) {
    const std::string mode = count > 1 ? parameters[1] : "";
    const bool small = count > 2 && std::string(parameters[2]) == "small";
    if (mode == "correctness") {
        check_correctness(small);
    } else if (mode == "times") {
        measure_all(small);
    } else {
        std::printf("Usage: gpu_check correctness | times [small]\n");
        return 2;
    }
    return failures == 0 ? 0 : 1;
}
