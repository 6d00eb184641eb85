#include "perch_cuda.h"

#include <climits>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
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
        return PERCH_CUDA_SUCCESS;
    } catch (const Failure& failure) {
        last_error = failure.what();
        return failure.status;
    } catch (const std::bad_alloc&) {
        last_error = "The memory of the host does not suffice.";
        return PERCH_CUDA_OUT_OF_MEMORY;
    } catch (const std::exception& failure) {
        last_error = failure.what();
    } catch (...) {
        last_error = "Unknown failure.";
    }
    return PERCH_CUDA_FAILED;
}

void select_device(int device) {
    check(cudaSetDevice(device), "Selecting device " + std::to_string(device));
}

void require_patch_size(const perch_cuda_map& map, int patch_size) {
    require(patch_size >= 3 && patch_size <= 31 && patch_size % 2 == 1,
            "The patch size is " + std::to_string(patch_size) + "; it must be odd, 3 to 31.");
    require(patch_size <= map.height && patch_size <= map.width, "The patch size is larger than the map.");
}

void require_stencil(const perch_cuda_stencil* stencil, int patch_size) {
    require(stencil != nullptr && stencil->offsets != nullptr && stencil->taps != nullptr, "No stencil.");
    for (std::size_t o = 0; o < stencil->offset_count; o++) {
        const perch_cuda_offset& offset = stencil->offsets[o];
        const bool is_inside = std::abs(offset.dy) < patch_size && std::abs(offset.dx) < patch_size &&
                               offset.first >= 0 && offset.count >= 0 &&
                               std::size_t(offset.first) + std::size_t(offset.count) <= stencil->tap_count;
        require(is_inside, "Offset " + std::to_string(o) + " of the stencil is outside its limits.");
    }
    for (std::size_t t = 0; t < stencil->tap_count; t++) {
        const int position = stencil->taps[t].position;
        require(position >= 0 && position < patch_size * patch_size,
                "Tap " + std::to_string(t) + " of the stencil is outside the patch.");
    }
}

void require_among(const perch_cuda_map& map, const std::uint32_t* among, std::size_t count) {
    require(among != nullptr || count == 0, "No searched patches.");
    for (std::size_t i = 0; i < count; i++) {
        require(among[i] < map.pixels() && (i == 0 || among[i - 1] < among[i]),
                "The searched patches must ascend and lie inside the map.");
    }
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

int perch_cuda_free_bytes(int device, size_t* bytes) {
    return guarded([&] {
        require(bytes != nullptr, "No place for the bytes.");
        select_device(device);
        size_t all = 0;
        check(cudaMemGetInfo(bytes, &all), "Reading the device's memory");
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
                                const perch_cuda_execution* execution, float* reference) {
    return guarded([&] {
        require(map != nullptr && execution != nullptr && reference != nullptr, "No map, execution or reference.");
        require(tiles != nullptr || tile_count == 0, "No tiles.");
        require_patch_size(*map, patch_size);
        select_device(map->device);
        median_reference(*map, patch_size, tiles, tile_count, *execution, reference);
    });
}

int perch_cuda_match(perch_cuda_map* map, const float* reference, int patch_size, const perch_cuda_stencil* stencil,
                     const perch_cuda_execution* execution, float* scores) {
    return guarded([&] {
        require(map != nullptr && reference != nullptr, "No map or reference.");
        require(execution != nullptr && scores != nullptr, "No execution, or no place for scores.");
        require_patch_size(*map, patch_size);
        require_stencil(stencil, patch_size);
        select_device(map->device);
        match(*map, reference, patch_size, *stencil, *execution, scores);
    });
}

int perch_cuda_nearest(perch_cuda_map* map, int patch_size, int k, const uint32_t* among, size_t among_count,
                       const perch_cuda_execution* execution, uint32_t* neighbors) {
    return guarded([&] {
        require(map != nullptr && execution != nullptr && neighbors != nullptr, "No map, execution or neighbors.");
        require_patch_size(*map, patch_size);
        require_among(*map, among, among_count);
        const size_t searched = among_count > 0 ? among_count : map->pixels();
        require(k >= 1 && size_t(k) <= searched,
                "k is " + std::to_string(k) + "; it must be 1 to " + std::to_string(searched) + ".");
        select_device(map->device);
        nearest_patches(*map, patch_size, k, among, among_count, *execution, neighbors);
    });
}

int perch_cuda_match_neighbors(perch_cuda_map* map, const uint32_t* neighbors, int k, int patch_size,
                               const perch_cuda_stencil* stencil, const perch_cuda_execution* execution,
                               float* scores) {
    return guarded([&] {
        require(map != nullptr && neighbors != nullptr && k >= 1, "No map or neighbors.");
        require(execution != nullptr && scores != nullptr, "No execution, or no place for scores.");
        require_patch_size(*map, patch_size);
        require_stencil(stencil, patch_size);
        for (size_t i = 0; i < map->pixels() * size_t(k); i++)
            require(neighbors[i] < map->pixels(), "Neighbor " + std::to_string(neighbors[i]) + " is outside the map.");
        select_device(map->device);
        match_neighbors(*map, neighbors, k, patch_size, *stencil, *execution, scores);
    });
}
