#include "cuda_library.hpp"

#include <algorithm>
#include <type_traits>

#include "perch/errors.hpp"

#ifdef _WIN32
#define NOMINMAX
#include <windows.h>
#else
#include <dlfcn.h>
#endif

namespace perch::binding {
namespace {

/// More memory hardly makes a computation faster.
constexpr std::size_t largest_budget = std::size_t(2) << 30;

#ifdef _WIN32
using Handle = HMODULE;

Handle load(const std::string& path) {
    const int length = MultiByteToWideChar(CP_UTF8, 0, path.c_str(), -1, nullptr, 0);
    std::wstring wide(static_cast<std::size_t>(length), L'\0');
    MultiByteToWideChar(CP_UTF8, 0, path.c_str(), -1, wide.data(), length);
    return LoadLibraryW(wide.c_str());
}

void* symbol(Handle library, const char* name) {
    return reinterpret_cast<void*>(GetProcAddress(library, name));
}

std::string reason() {
    return "error " + std::to_string(GetLastError());
}

const char* const driver = "nvcuda.dll";
#else
using Handle = void*;

Handle load(const std::string& path) {
    return dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
}

void* symbol(Handle library, const char* name) {
    return dlsym(library, name);
}

std::string reason() {
    const char* text = dlerror();
    return text == nullptr ? "unknown error" : text;
}

const char* const driver = "libcuda.so.1";
#endif

}  // namespace

bool has_cuda_driver() {
    return load(driver) != nullptr;
}

CudaLibrary::CudaLibrary(const std::string& path) {
    const Handle library = load(path);
    if (library == nullptr) throw DeviceFailed("The library cannot be loaded: " + reason() + ".");
    const auto find = [&](const char* name, auto& function) {
        void* const address = symbol(library, name);
        if (address == nullptr) throw DeviceFailed("The library has no function " + std::string(name) + ".");
        function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(address);
    };
    find("perch_cuda_version", functions_.version);
    if (const int version = functions_.version(); version != PERCH_CUDA_VERSION) {
        throw DeviceFailed("The library has version " + std::to_string(version) + "; this Perch needs version " +
                           std::to_string(PERCH_CUDA_VERSION) + ".");
    }
    find("perch_cuda_error", functions_.error);
    find("perch_cuda_device_count", functions_.device_count);
    find("perch_cuda_describe", functions_.describe);
    find("perch_cuda_free_bytes", functions_.free_bytes);
    find("perch_cuda_open", functions_.open);
    find("perch_cuda_close", functions_.close);
    find("perch_cuda_median_reference", functions_.median_reference);
    find("perch_cuda_match", functions_.match);
    find("perch_cuda_nearest", functions_.nearest);
    find("perch_cuda_match_neighbors", functions_.match_neighbors);
    int devices = 0;
    check(functions_.device_count(&devices));
    if (devices == 0) throw DeviceFailed("There is no CUDA device.");
    check(functions_.describe(first_device, &device_));
}

void CudaLibrary::check(int status) const {
    switch (status) {
        case PERCH_CUDA_SUCCESS: return;
        case PERCH_CUDA_CANCELED: raise(Canceled());
        case PERCH_CUDA_OUT_OF_MEMORY: throw DeviceOutOfMemory(functions_.error());
        default: throw DeviceFailed(functions_.error());
    }
}

std::size_t CudaLibrary::budget() const {
    std::size_t free = 0;
    check(functions_.free_bytes(first_device, &free));
    return std::min(free / 2, largest_budget);
}

}  // namespace perch::binding
