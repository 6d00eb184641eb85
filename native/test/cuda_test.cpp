#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>
#include <limits>
#include <utility>

#include "cuda_emulation.hpp"
#include "cuda_stencil.hpp"
#include "features.hpp"
#include "launch.hpp"
#include "matching/knn_patches.hpp"
#include "perch/median.hpp"
#include "perch_cuda.h"
#include "statistics/stencils.hpp"
#include "testing.hpp"

// The kernels of native/cuda on an emulated device, against the core.
namespace perch::testing {
namespace {

using cuda_emulation::device_memory;
using cuda_emulation::Order;

constexpr std::size_t enough = std::size_t(1) << 30;
constexpr Order orders[] = {Order::ascending, Order::descending, Order::shuffled};

/// Sets the order of threads and blocks until the end of a scope.
class OrderScope {
public:
    explicit OrderScope(Order order) { cuda_emulation::order = order; }
    OrderScope(const OrderScope&) = delete;
    OrderScope& operator=(const OrderScope&) = delete;
    ~OrderScope() { cuda_emulation::order = Order::ascending; }
};

void expect_success(int status) {
    expect(status == 0, perch_cuda_error());
}

void expect_failure(int status, const std::string& part, int expected = PERCH_CUDA_INVALID) {
    expect(status == expected, "status " + std::to_string(status) + "; expected: " + part);
    const std::string message = perch_cuda_error();
    expect(message.find(part) != std::string::npos, "message: " + message);
}

/// Features on the emulated device.
class DeviceMap {
public:
    explicit DeviceMap(const FeatureMap& features) : features_(features) {
        expect_success(perch_cuda_open(0, features.values, features.channels, features.height, features.width, &map_));
    }
    DeviceMap(const DeviceMap&) = delete;
    DeviceMap& operator=(const DeviceMap&) = delete;
    ~DeviceMap() { perch_cuda_close(map_); }

    perch_cuda_map* get() { return map_; }

    std::vector<float> median(int patch_size, std::size_t budget = enough,
                              const std::vector<std::uint32_t>& tiles = {}) {
        std::vector<float> reference(std::size_t(features_.channels * patch_size * patch_size), NAN);
        const perch_cuda_execution execution{budget, nullptr, nullptr};
        expect_success(
            perch_cuda_median_reference(map_, patch_size, tiles.data(), tiles.size(), &execution, reference.data()));
        return reference;
    }

    std::vector<float> match(const std::vector<float>& reference, int patch_size, const Stencil& stencil,
                             std::size_t budget = enough) {
        std::vector<float> scores(features_.pixels(), NAN);
        const CudaStencil converted(stencil);
        const perch_cuda_execution execution{budget, nullptr, nullptr};
        expect_success(
            perch_cuda_match(map_, reference.data(), patch_size, &converted.view, &execution, scores.data()));
        return scores;
    }

    std::vector<std::uint32_t> nearest(int patch_size, int k, const std::vector<std::uint32_t>& among = {},
                                       std::size_t budget = enough) {
        std::vector<std::uint32_t> neighbors(features_.pixels() * std::size_t(k), UINT32_MAX);
        const perch_cuda_execution execution{budget, nullptr, nullptr};
        expect_success(
            perch_cuda_nearest(map_, patch_size, k, among.data(), among.size(), &execution, neighbors.data()));
        return neighbors;
    }

    std::vector<float> match_neighbors(const std::vector<std::uint32_t>& neighbors, int patch_size,
                                       const Stencil& stencil, std::size_t budget = enough) {
        std::vector<float> scores(features_.pixels(), NAN);
        const CudaStencil converted(stencil);
        const perch_cuda_execution execution{budget, nullptr, nullptr};
        expect_success(perch_cuda_match_neighbors(map_, neighbors.data(), int(neighbors.size() / features_.pixels()),
                                                  patch_size, &converted.view, &execution, scores.data()));
        return scores;
    }

private:
    const FeatureMap& features_;
    perch_cuda_map* map_ = nullptr;
};

void compare_with_core(const std::string& name, const Features& features, int patch_size) {
    test("CUDA kernels: " + name + ", T = " + std::to_string(patch_size), [&] {
        const std::vector<float> reference = median_reference(features.map, patch_size, {});
        std::vector<float> expected(features.map.pixels());
        DeviceMap map(features.map);
        expect(map.median(patch_size) == reference, "median reference");
        fca(features.map, reference, {patch_size, 3, 1}, expected.data(), {});
        expect(deviation(map.match(reference, patch_size, fca_stencil({patch_size, 3, 1})), expected) < 1e-5, "fca");
        sww(features.map, reference, {patch_size, 6}, expected.data(), {});
        expect(deviation(map.match(reference, patch_size, sww_stencil({patch_size, 6})), expected) < 1e-5, "sww");
    });
}

/// Results do not depend on the order in which threads and blocks run.
void compare_orders(const Features& features, int patch_size) {
    test("CUDA kernels in several orders, T = " + std::to_string(patch_size), [&] {
        DeviceMap map(features.map);
        const Stencil stencil = fca_stencil({patch_size, 3, 1});
        const std::vector<float> reference = map.median(patch_size);
        const std::vector<float> scores = map.match(reference, patch_size, stencil);
        for (const Order order : {Order::descending, Order::shuffled}) {
            const OrderScope scope(order);
            const std::string which = " in order " + std::to_string(int(order));
            expect(map.median(patch_size) == reference, "median reference" + which);
            expect(map.match(reference, patch_size, stencil) == scores, "fca" + which);
        }
    });
}

/// Results do not depend on the parts that fit into the budget.
///
/// @param fraction the budget, as a fraction of that for the whole map
void compare_parts(const Features& features, int patch_size, double fraction) {
    test("CUDA kernels by parts, T = " + std::to_string(patch_size), [&] {
        DeviceMap map(features.map);
        const std::vector<float> reference = median_reference(features.map, patch_size, {});
        const double pixels = double(features.map.height + patch_size - 1) * (features.map.width + patch_size - 1);
        const std::size_t budget = std::size_t(fraction * pixels * patch_size * patch_size * sizeof(float));
        for (const Stencil& stencil : {fca_stencil({patch_size, 3, 1}), sww_stencil({patch_size, 6})}) {
            const std::vector<float> whole = map.match(reference, patch_size, stencil);
            expect(map.match(reference, patch_size, stencil, budget) == whole, "scores");
        }
    });
}

std::vector<std::uint32_t> core_neighbors(const FeatureMap& features, int patch_size, int k,
                                          const std::vector<std::uint32_t>& among = {}) {
    const Execution execution;
    Progress progress(execution, knn_steps(features, patch_size));
    return knn_patches(features, patch_size, k, among, execution, progress);
}

/// Neighbors are exactly those of the core, and scores equal those that the core computes from them.
void compare_nearest(const std::string& name, const Features& features, int patch_size, int k,
                     const std::vector<std::uint32_t>& among = {}) {
    test("CUDA nearest patches: " + name + ", T = " + std::to_string(patch_size) + ", k = " + std::to_string(k), [&] {
        DeviceMap map(features.map);
        const std::vector<std::uint32_t> neighbors = map.nearest(patch_size, k, among);
        expect(neighbors == core_neighbors(features.map, patch_size, k, among), "neighbors");
        std::vector<float> expected(features.map.pixels());
        fca(features.map, NearestPatches{k, among}, {patch_size, 3, 1}, expected.data(), {});
        const Stencil stencil = fca_stencil({patch_size, 3, 1});
        expect(deviation(map.match_neighbors(neighbors, patch_size, stencil), expected) < 1e-5, "fca");
        sww(features.map, NearestPatches{k, among}, {patch_size, 6}, expected.data(), {});
        expect(deviation(map.match_neighbors(neighbors, patch_size, sww_stencil({patch_size, 6})), expected) < 1e-5,
               "sww");
    });
}

void test_nearest() {
    for (const int patch_size : {3, 5, 9, 15, 25}) {
        const int height = patch_size == 25 ? 27 : 17, width = patch_size == 25 ? 25 : 19;
        const Features features(2, height, width, same);
        compare_nearest("random values", features, patch_size, 7);
        compare_nearest("ties", Features(2, height, width, [](float u) { return std::floor(3 * u) / 3; }), patch_size,
                        40);
        compare_nearest("a constant map", Features(2, height, width, [](float) { return 0.75f; }), patch_size, 5);
    }
    compare_nearest("the smallest map of the largest patch", Features(1, 31, 32, same), 31, 3);
    const Features features(9, 12, 15, same);
    for (const int k : {1, 64, 65, 179, 180}) compare_nearest("several numbers", features, 5, k);
    std::vector<std::uint32_t> every_third;
    for (std::uint32_t patch = 1; patch < 180; patch += 3) every_third.push_back(patch);
    for (const int k : {1, 20, 60}) compare_nearest("among a part", features, 5, k, every_third);
    // Repeated rows make many distances equal or nearly so, at ranks around k.
    Features repeated(3, 16, 16, same);
    for (std::size_t i = 0; i < repeated.values.size(); i++)
        repeated.values[i] = repeated.values[i % 64 + i / 256 * 256];
    for (const int k : {3, 8, 30}) compare_nearest("equal distances", repeated, 3, k);
    test("CUDA nearest patches by parts, in several orders", [&] {
        DeviceMap map(features.map);
        const Stencil stencil = fca_stencil({5, 3, 1});
        const std::vector<std::uint32_t> neighbors = map.nearest(5, 20);
        const std::vector<float> scores = map.match_neighbors(neighbors, 5, stencil);
        const std::size_t channel = 180 * 25 * sizeof(float), row = 180 * 16 + 22 * sizeof(std::uint32_t);
        const std::size_t with_map = device_memory.used;
        for (const std::size_t budget : {channel + row, channel + 50 * row, 4 * channel, 12 * channel}) {
            device_memory.peak = with_map;
            expect(map.nearest(5, 20, {}, budget) == neighbors, "neighbors with " + std::to_string(budget));
            expect(device_memory.peak <= with_map + budget, "the budget of neighbors");
        }
        const std::size_t fixed = 180 * 20 * sizeof(std::uint32_t) + 25 * 16 * 19 * sizeof(float);
        for (const int channels : {1, 2, 5}) {
            const std::size_t budget = fixed + std::size_t(channels) * 180 * 25 * 6;
            device_memory.peak = with_map;
            expect(deviation(map.match_neighbors(neighbors, 5, stencil, budget), scores) < 1e-6, "scores");
            const std::size_t others = stencil.offsets.size() * 16 + stencil.taps.size() * 12 + 180 * sizeof(float);
            expect(device_memory.peak <= with_map + budget + others, "the budget of scores");
        }
        for (const Order order : {Order::descending, Order::shuffled}) {
            const OrderScope scope(order);
            expect(map.nearest(5, 20) == neighbors, "neighbors in order " + std::to_string(int(order)));
            expect(map.match_neighbors(neighbors, 5, stencil) == scores,
                   "scores in order " + std::to_string(int(order)));
        }
        std::vector<std::uint32_t> wrong = neighbors;
        std::vector<float> unused(180);
        perch_cuda_execution execution{channel + row - 1, nullptr, nullptr};
        const auto search = [&](int k, const std::vector<std::uint32_t>& among) {
            return perch_cuda_nearest(map.get(), 5, k, among.data(), among.size(), &execution, wrong.data());
        };
        expect_failure(search(20, {}), "one channel and one patch needs 20968", PERCH_CUDA_OUT_OF_MEMORY);
        expect_failure(search(181, {}), "k is 181; it must be 1 to 180.");
        expect_failure(search(0, {}), "k is 0");
        expect_failure(search(3, {1, 2}), "k is 3; it must be 1 to 2.");
        expect_failure(search(1, {2, 2}), "must ascend");
        expect_failure(search(1, {180}), "inside the map");
        const CudaStencil view(stencil);
        const auto match = [&] {
            return perch_cuda_match_neighbors(map.get(), wrong.data(), 20, 5, &view.view, &execution, unused.data());
        };
        wrong = neighbors;
        execution.budget = fixed + 180 * 25 * 6 - 1;
        expect_failure(match(), "one channel with its errors and neighbors", PERCH_CUDA_OUT_OF_MEMORY);
        wrong[7] = 180;
        expect_failure(match(), "Neighbor 180 is outside the map.");
    });
}

void test_progress() {
    test("CUDA functions report progress and can be canceled", [] {
        struct Reports {
            std::vector<double> fractions;
            std::size_t allowed = SIZE_MAX;
        };
        const auto report = [](void* context, double fraction) -> int {
            auto& reports = *static_cast<Reports*>(context);
            reports.fractions.push_back(fraction);
            return reports.fractions.size() > reports.allowed;
        };
        const Features features(9, 12, 15, same);
        DeviceMap map(features.map);
        const std::vector<float> reference = map.median(5);
        const std::vector<std::uint32_t> neighbors = map.nearest(5, 20);
        const CudaStencil stencil(fca_stencil({5, 3, 1}));
        std::vector<float> scores(180), lists(reference.size());
        std::vector<std::uint32_t> found(neighbors.size());
        const std::pair<std::string, std::function<int(const perch_cuda_execution*)>> calls[] = {
            {"median",
             [&](const auto* run) { return perch_cuda_median_reference(map.get(), 5, nullptr, 0, run, lists.data()); }},
            {"match",
             [&](const auto* run) {
                 return perch_cuda_match(map.get(), reference.data(), 5, &stencil.view, run, scores.data());
             }},
            {"nearest",
             [&](const auto* run) { return perch_cuda_nearest(map.get(), 5, 20, nullptr, 0, run, found.data()); }},
            {"neighbors", [&](const auto* run) {
                 return perch_cuda_match_neighbors(map.get(), neighbors.data(), 20, 5, &stencil.view, run,
                                                   scores.data());
             }}};
        for (const auto& [name, call] : calls) {
            const std::size_t used = device_memory.used;
            Reports reports;
            const perch_cuda_execution execution{name == "median"  ? 2000u
                                                 : name == "match" ? 8000u
                                                                   : 100000u,
                                                 report, &reports};
            expect_success(call(&execution));
            expect(reports.fractions.size() > 2, name + " reports several times");
            expect(reports.fractions.front() == 0 && reports.fractions.back() == 1, name + " from 0 to 1");
            expect(std::is_sorted(reports.fractions.begin(), reports.fractions.end()), name + " ascends");
            const std::size_t all = reports.fractions.size();
            for (const std::size_t allowed : {std::size_t(0), all / 2, all - 1}) {
                reports = {{}, allowed};
                expect_failure(call(&execution), "canceled", PERCH_CUDA_CANCELED);
                expect(reports.fractions.size() == allowed + 1, name + " ends at once");
            }
            expect(device_memory.used == used, name + " frees its memory");
        }
    });
}

void test_memory() {
    test("CUDA kernels keep to their memory budget", [] {
        const Features features(70, 40, 37, same);
        const std::size_t before = device_memory.used;
        DeviceMap map(features.map);
        const std::size_t with_map = device_memory.used;
        expect(with_map - before == features.values.size() * sizeof(float), "features");
        const std::size_t budget = 100000;
        device_memory.peak = with_map;
        const std::vector<float> reference = map.median(5, budget);
        const std::size_t tiles = 8 * 7;
        expect(device_memory.peak <= with_map + budget + tiles * sizeof(std::uint32_t), "median reference");
        expect(reference == median_reference(features.map, 5, {}), "median reference by groups of channels");
        const Stencil stencil = fca_stencil({5, 3, 1});
        const std::vector<float> whole = map.match(reference, 5, stencil);
        device_memory.peak = with_map;
        expect(map.match(reference, 5, stencil, budget) == whole, "parts");
        const std::size_t others = (reference.size() + features.map.pixels()) * sizeof(float) +
                                   stencil.offsets.size() * sizeof(StencilOffset) + stencil.taps.size() * 12;
        expect(device_memory.peak <= with_map + budget + others, "fca");
        expect(device_memory.peak > with_map + others, "the errors count");
        expect(device_memory.used == with_map, "memory is freed");
    });
}

void test_failures() {
    test("CUDA functions describe their failures", [] {
        const Features features(2, 12, 14, same);
        std::vector<float> values(features.values.size());
        perch_cuda_map* none = nullptr;
        expect_failure(perch_cuda_open(1, values.data(), 2, 12, 14, &none), "Selecting device 1: invalid device.",
                       PERCH_CUDA_FAILED);
        expect_failure(perch_cuda_open(0, values.data(), 2, 0, 14, &none), "The map is empty.");
        expect_failure(perch_cuda_open(0, values.data(), 1, 46341, 46341, &none), "The map is too large.");
        expect_failure(perch_cuda_open(0, nullptr, 2, 12, 14, &none), "No features");
        device_memory.limit = device_memory.used + 100;
        const int status = perch_cuda_open(0, values.data(), 2, 12, 14, &none);
        device_memory.limit = std::size_t(1) << 32;
        expect_failure(status, "Allocating 1344 bytes: out of memory.", PERCH_CUDA_OUT_OF_MEMORY);
        expect(none == nullptr, "no map");

        DeviceMap map(features.map);
        const auto median = [&](int patch_size, std::size_t budget, std::uint32_t tile) {
            const perch_cuda_execution execution{budget, nullptr, nullptr};
            return perch_cuda_median_reference(map.get(), patch_size, &tile, 1, &execution, values.data());
        };
        expect_failure(median(4, enough, 0), "The patch size is 4; it must be odd, 3 to 31.");
        expect_failure(median(33, enough, 0), "The patch size is 33");
        expect_failure(median(13, enough, 0), "larger than the map");
        expect_failure(median(5, enough, 4), "Tile 4 is outside the map, which has 4 tiles.");
        expect_failure(median(5, 199, 0), "The memory budget is 199 bytes; one channel needs 200.",
                       PERCH_CUDA_OUT_OF_MEMORY);
        const std::vector<float> reference = map.median(5);
        const auto match = [&](const CudaStencil& stencil, std::size_t budget) {
            const perch_cuda_execution execution{budget, nullptr, nullptr};
            return perch_cuda_match(map.get(), reference.data(), 5, &stencil.view, &execution, values.data());
        };
        expect_failure(match(CudaStencil(fca_stencil({5, 3, 1})), 2499),
                       "The memory budget is 2499 bytes; one position needs 2500.", PERCH_CUDA_OUT_OF_MEMORY);
        Stencil outside;
        outside.add_offset(0, 5);
        outside.add_tap(0, 1);
        expect_failure(match(CudaStencil(outside), enough), "Offset 0 of the stencil is outside its limits.");
        outside.offsets[0].dx = 0;
        outside.add_tap(25, 1);
        expect_failure(match(CudaStencil(outside), enough), "Tap 1 of the stencil is outside the patch.");
    });
    test("CUDA functions describe the device", [] {
        int count = 0;
        perch_cuda_device device;
        expect_success(perch_cuda_device_count(&count));
        expect_success(perch_cuda_describe(0, &device));
        expect(count == 1 && std::string(device.name) == "emulated", "device");
        expect(device.free_bytes <= device.memory_bytes && device.memory_bytes == device_memory.limit, "memory");
        expect(perch_cuda_version() == PERCH_CUDA_VERSION, "version");
    });
}

struct Row {
    float values[64];
};

/// Reverses 64 values.
void reverse_row(float* values, bool waits) {
    PERCH_SHARED(Row, shared);
    shared.values[threadIdx.x] = values[threadIdx.x];
    if (waits) __syncthreads();
    values[threadIdx.x] = shared.values[63 - threadIdx.x];
}

void test_emulation() {
    test("emulated barriers", [] {
        std::vector<float> row(64), reversed(64);
        for (int i = 0; i < 64; i++) row[std::size_t(i)] = reversed[std::size_t(63 - i)] = float(i);
        for (const Order order : orders) {
            const OrderScope scope(order);
            std::vector<float> with = row, without = row;
            cuda::launch(reverse_row, dim3(1), 64, with.data(), true);
            expect(with == reversed, "with a barrier");
            cuda::launch(reverse_row, dim3(1), 64, without.data(), false);
            expect(without != reversed, "a missing barrier shows");
        }
    });
    test("an emulated barrier that some threads do not reach fails", [] {
        const auto wait_in_half = [] {
            if (threadIdx.x < 32) __syncthreads();
        };
        expect_throws<std::logic_error>("wait at a barrier",
                                        [&] { cuda_emulation::run_grid(dim3(2), 64, wait_in_half); });
        expect_throws<std::logic_error>("limits", [&] { cuda_emulation::run_grid(dim3(1, 65536), 64, wait_in_half); });
        expect_throws<std::logic_error>("limits", [&] { cuda_emulation::run_grid(dim3(1), 1025, wait_in_half); });
    });
    test("each emulated thread runs once", [] {
        for (const Order order : orders) {
            const OrderScope scope(order);
            std::vector<int> runs(2 * 3 * 4 * 5);
            cuda_emulation::run_grid(dim3(2, 3, 4), 5, [&] {
                const unsigned block = (blockIdx.z * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x;
                runs[block * blockDim.x + threadIdx.x]++;
            });
            expect(runs == std::vector<int>(runs.size(), 1), "runs");
        }
    });
}

/// The values of a NumPy file (version 1, float32, little-endian).
std::vector<float> read_npy(const std::string& name) {
    std::ifstream file(PERCH_GOLDEN + name, std::ios::binary);
    const std::vector<char> bytes((std::istreambuf_iterator<char>(file)), {});
    expect(bytes.size() > 10, name + " cannot be read");
    const std::size_t start = 10u + std::uint8_t(bytes[8]) + 256u * std::uint8_t(bytes[9]);
    std::vector<float> values((bytes.size() - start) / sizeof(float));
    std::memcpy(values.data(), bytes.data() + start, values.size() * sizeof(float));
    return values;
}

void test_golden() {
    test("CUDA kernels: golden maps", [] {
        const std::vector<float> values = read_npy("a.features.npy");
        const FeatureMap features{values.data(), 12, 36, 36};
        expect(values.size() == 12 * features.pixels(), "shape");
        DeviceMap map(features);
        const std::vector<float> reference = map.median(9);
        expect(reference == median_reference(features, 9, {}), "median reference");
        expect(deviation(map.match(reference, 9, fca_stencil({9, 3, 1})), read_npy("a.fca.T9.npy")) < 1e-5, "fca");
        expect(deviation(map.match(reference, 9, sww_stencil({9, 6})), read_npy("a.sww.T9.npy")) < 1e-5, "sww");
    });
}

}  // namespace

void test_cuda() {
    test_emulation();
    for (const int patch_size : {3, 5, 9, 15, 25}) {
        const int height = patch_size == 25 ? 27 : 24;
        const Features features(2, height, 31, same);
        compare_with_core("random values", features, patch_size);
        compare_orders(features, patch_size);
        compare_parts(features, patch_size, 0.8);
        compare_with_core("ties", Features(2, 31, height, [](float u) { return std::floor(5 * u) / 5; }), patch_size);
        compare_with_core("half of the values zero",
                          Features(2, height, height, [](float u) { return std::max(0.0f, u - 0.5f); }), patch_size);
        compare_with_core("a constant map", Features(2, height, 31, [](float) { return 0.75f; }), patch_size);
    }
    for (const double fraction : {0.03, 0.1, 0.3}) compare_parts(Features(2, 24, 31, same), 3, fraction);
    compare_parts(Features(1, 24, 31, same), 9, 0.4);
    for (int patch_size = 7; patch_size <= 31; patch_size += 2)
        compare_with_core("the smallest map", Features(1, patch_size, patch_size + 2, same), patch_size);
    compare_with_core("signed zeros",
                      Features(2, 15, 15, [](float u) { return u < 0.4f   ? -0.0f
                                                               : u < 0.6f ? 0.0f
                                                                          : u; }), 5);
    compare_with_core("denormal values",
                      Features(2, 15, 15, [](float u) { return u * std::numeric_limits<float>::min(); }), 5);
    compare_with_core("a wide range", Features(3, 15, 15, [](float u) { return std::tan(3.1f * (u - 0.5f)); }), 5);
    compare_with_core("several groups of channels", Features(130, 12, 15, same), 3);
    test("CUDA kernels: a reference of listed tiles", [] {
        const Features features(3, 20, 31, same);
        DeviceMap map(features.map);
        expect(map.median(9, enough, {1, 4}) == median_reference(features.map, 9, {}, {1, 4}), "reference");
    });
    test_golden();
    test_nearest();
    test_progress();
    test_memory();
    test_failures();
}

}  // namespace perch::testing
