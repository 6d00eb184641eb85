#include "perch_cuda.h"

#include <climits>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <string>

#include "device.hpp"
#include "map.hpp"

namespace perch::cuda {
namespace {

thread_local std::string last_error;

/// Runs the body of a C function, which no exception may leave.
template <class Body>
int guarded(const Body& body) {
    try {
        body();
        return 0;
    } catch (const std::exception& failure) {
        last_error = failure.what();
    } catch (...) {
        last_error = "Unknown failure.";
    }
    return 1;
}

void select_device(int device) {
    check(cudaSetDevice(device), "Selecting device " + std::to_string(device));
}

void require_patch_size(const perch_cuda_map& map, int patch_size) {
    require(patch_size >= 3 && patch_size <= 31 && patch_size % 2 == 1,
            "The patch size is " + std::to_string(patch_size) + "; it must be odd, 3 to 31.");
    require(patch_size <= map.height && patch_size <= map.width, "The patch size is larger than the map.");
}

}  // namespace
}  // namespace perch::cuda

using namespace perch::cuda;

int perch_cuda_version(void) {
    return PERCH_CUDA_VERSION;
}

const char* perch_cuda_error(void) {
    return last_error.c_str();
}

int perch_cuda_device_count(int* count) {
    return guarded([&] {
        require(count != nullptr, "No place for the count.");
        check(cudaGetDeviceCount(count), "Looking for devices");
    });
}

int perch_cuda_describe(int device, perch_cuda_device* description) {
    return guarded([&] {
        require(description != nullptr, "No place for the description.");
        select_device(device);
        cudaDeviceProp properties;
        check(cudaGetDeviceProperties(&properties, device), "Describing the device");
        *description = {};
        std::snprintf(description->name, sizeof description->name, "%s", properties.name);
        description->compute_major = properties.major;
        description->compute_minor = properties.minor;
        check(cudaMemGetInfo(&description->free_bytes, &description->memory_bytes), "Reading the device's memory");
    });
}

int perch_cuda_open(int device, const float* values, int channels, int height, int width, perch_cuda_map** map) {
    return guarded([&] {
        require(values != nullptr && map != nullptr, "No features, or no place for the map.");
        require(channels > 0 && height > 0 && width > 0, "The map is empty.");
        require((std::int64_t(height) + 30) * (std::int64_t(width) + 30) <= INT_MAX, "The map is too large.");
        select_device(device);
        *map = new perch_cuda_map(device, values, channels, height, width);
    });
}

void perch_cuda_close(perch_cuda_map* map) {
    if (map == nullptr) return;
    cudaSetDevice(map->device);
    delete map;
}

int perch_cuda_median_reference(perch_cuda_map* map, int patch_size, const uint32_t* tiles, size_t tile_count,
                                size_t budget, float* reference) {
    return guarded([&] {
        require(map != nullptr && reference != nullptr, "No map, or no place for the reference.");
        require(tiles != nullptr || tile_count == 0, "No tiles.");
        require_patch_size(*map, patch_size);
        select_device(map->device);
        median_reference(*map, patch_size, tiles, tile_count, budget, reference);
    });
}

int perch_cuda_match(perch_cuda_map* map, const float* reference, int patch_size, const perch_cuda_stencil* stencil,
                     size_t budget, float* scores) {
    return guarded([&] {
        require(map != nullptr && reference != nullptr && scores != nullptr, "No map, reference, or place for scores.");
        require(stencil != nullptr && stencil->offsets != nullptr && stencil->taps != nullptr, "No stencil.");
        require_patch_size(*map, patch_size);
        select_device(map->device);
        match(*map, reference, patch_size, *stencil, budget, scores);
    });
}
