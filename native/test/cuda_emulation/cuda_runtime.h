#pragma once

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

// The part of CUDA's runtime that native/cuda uses, on a CPU. This folder precedes CUDA's in the include path.

#define __global__
#define __device__
#define __host__
#define __launch_bounds__(threads)

struct dim3 {
    unsigned x, y, z;
    dim3(unsigned x = 1, unsigned y = 1, unsigned z = 1) : x(x), y(y), z(z) {}
};

enum cudaError_t { cudaSuccess, cudaErrorMemoryAllocation, cudaErrorInvalidDevice, cudaErrorLaunchFailure };
enum cudaMemcpyKind { cudaMemcpyHostToDevice, cudaMemcpyDeviceToHost };

struct cudaDeviceProp {
    char name[256];
    int major, minor;
};

namespace perch::cuda_emulation {

/// The emulated device's memory in bytes. Tests lower the limit, and reset the peak.
struct DeviceMemory {
    std::size_t limit = std::size_t(1) << 32, used = 0, peak = 0;
};
inline DeviceMemory device_memory;

/// How often the device can still be waited for before it fails. Tests lower it.
inline std::size_t synchronizations_left = SIZE_MAX;

/// Each allocation starts with its size.
constexpr std::size_t header = alignof(std::max_align_t);

}  // namespace perch::cuda_emulation

inline const char* cudaGetErrorString(cudaError_t error) {
    switch (error) {
        case cudaSuccess: return "no error";
        case cudaErrorMemoryAllocation: return "out of memory";
        case cudaErrorInvalidDevice: return "invalid device";
        case cudaErrorLaunchFailure: return "launch failure";
    }
    return "unknown error";
}

inline cudaError_t cudaGetLastError() {
    return cudaSuccess;
}

/// Fails for ever once it has failed, as after a fault in a kernel.
inline cudaError_t cudaDeviceSynchronize() {
    std::size_t& left = perch::cuda_emulation::synchronizations_left;
    if (left == 0) return cudaErrorLaunchFailure;
    left--;
    return cudaSuccess;
}

inline cudaError_t cudaGetDeviceCount(int* count) {
    *count = 1;
    return cudaSuccess;
}

inline cudaError_t cudaSetDevice(int device) {
    return device == 0 ? cudaSuccess : cudaErrorInvalidDevice;
}

inline cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int) {
    *properties = {"emulated", 0, 0};
    return cudaSuccess;
}

inline cudaError_t cudaMemGetInfo(std::size_t* free_bytes, std::size_t* total) {
    const auto& memory = perch::cuda_emulation::device_memory;
    *free_bytes = memory.limit - memory.used;
    *total = memory.limit;
    return cudaSuccess;
}

/// Fills the memory with NaN, so that reads of values that nobody wrote show.
inline cudaError_t cudaMalloc(void** pointer, std::size_t bytes) {
    using namespace perch::cuda_emulation;
    if (device_memory.used + bytes > device_memory.limit) return cudaErrorMemoryAllocation;
    auto* block = static_cast<char*>(std::malloc(header + bytes));
    if (block == nullptr) return cudaErrorMemoryAllocation;
    std::memcpy(block, &bytes, sizeof bytes);
    std::memset(block + header, 0xff, bytes);
    *pointer = block + header;
    device_memory.used += bytes;
    if (device_memory.used > device_memory.peak) device_memory.peak = device_memory.used;
    return cudaSuccess;
}

inline cudaError_t cudaFree(void* pointer) {
    using namespace perch::cuda_emulation;
    if (pointer == nullptr) return cudaSuccess;
    char* block = static_cast<char*>(pointer) - header;
    std::size_t bytes = 0;
    std::memcpy(&bytes, block, sizeof bytes);
    device_memory.used -= bytes;
    std::free(block);
    return cudaSuccess;
}

inline cudaError_t cudaMemcpy(void* to, const void* from, std::size_t bytes, cudaMemcpyKind) {
    if (bytes > 0) std::memcpy(to, from, bytes);
    return cudaSuccess;
}

/// A point in time of the CPU.
using cudaEvent_t = std::chrono::steady_clock::time_point*;

inline cudaError_t cudaEventCreate(cudaEvent_t* event) {
    *event = new std::chrono::steady_clock::time_point;
    return cudaSuccess;
}

inline cudaError_t cudaEventDestroy(cudaEvent_t event) {
    delete event;
    return cudaSuccess;
}

inline cudaError_t cudaEventRecord(cudaEvent_t event) {
    *event = std::chrono::steady_clock::now();
    return cudaSuccess;
}

inline cudaError_t cudaEventSynchronize(cudaEvent_t) {
    return cudaSuccess;
}

inline cudaError_t cudaEventElapsedTime(float* milliseconds, cudaEvent_t start, cudaEvent_t end) {
    *milliseconds = std::chrono::duration<float, std::milli>(*end - *start).count();
    return cudaSuccess;
}
