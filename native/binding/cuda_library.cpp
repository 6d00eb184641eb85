#include "cuda_library.hpp"

#include <algorithm>

#include "execution/parallel.hpp"
#include "perch/errors.hpp"
#include "validation/validation.hpp"

#ifdef _WIN32
#define NOMINMAX
#include <windows.h>
#else
#include <dlfcn.h>
#endif

namespace perch::binding {
namespace {

constexpr int first_device = 0;
/// More memory hardly makes a computation faster.
constexpr std::size_t largest_budget = std::size_t(2) << 30;
/// Share of the search in the progress of a computation with the nearest patches.
constexpr double search_share = 0.5;

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

/// A part of a computation, for perch_cuda_execution.
struct Part {
    const Execution& execution;
    double from = 0, share = 1;
};

int report(void* context, double fraction) {
    const auto& [execution, from, share] = *static_cast<const Part*>(context);
    if (execution.canceled != nullptr && *execution.canceled) return 1;
    if (execution.progress) execution.progress(from + share * fraction);
    return 0;
}

struct CudaStencil {
    std::vector<perch_cuda_offset> offsets;
    std::vector<perch_cuda_tap> taps;
    perch_cuda_stencil view;

    explicit CudaStencil(const Stencil& stencil) {
        for (const StencilOffset& offset : stencil.offsets)
            offsets.push_back({offset.dy, offset.dx, offset.first, offset.count});
        for (const Tap& tap : stencil.taps) taps.push_back({tap.position, tap.weight});
        view = {offsets.data(), offsets.size(), taps.data(), taps.size()};
    }
    CudaStencil(const CudaStencil&) = delete;
    CudaStencil& operator=(const CudaStencil&) = delete;
};

}  // namespace

bool has_cuda_driver() {
    return load(driver) != nullptr;
}

/// Features in the memory of the device.
class CudaLibrary::Map {
public:
    Map(const CudaLibrary& library, const FeatureMap& features) : functions_(library.functions_) {
        library.check(
            functions_.open(first_device, features.values, features.channels, features.height, features.width, &map_));
    }
    Map(const Map&) = delete;
    Map& operator=(const Map&) = delete;
    ~Map() { functions_.close(map_); }

    perch_cuda_map* get() const { return map_; }

private:
    const Functions& functions_;
    perch_cuda_map* map_ = nullptr;
};

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

/// Half of the free memory, so that the results and other processes have room.
std::size_t CudaLibrary::budget() const {
    std::size_t free = 0;
    check(functions_.free_bytes(first_device, &free));
    return std::min(free / 2, largest_budget);
}

std::vector<float> CudaLibrary::median_reference(const FeatureMap& features, int patch_size, const Execution& execution,
                                                 const std::vector<std::uint32_t>& tiles) const {
    require_shape(features, patch_size);
    require_tiles(features, patch_size, tiles);
    require_finite(features, execution);
    const Map map(*this, features);
    std::vector<float> reference(std::size_t(features.channels) * std::size_t(patch_size * patch_size));
    Part part{execution};
    const perch_cuda_execution run{budget(), report, &part};
    check(functions_.median_reference(map.get(), patch_size, tiles.data(), tiles.size(), &run, reference.data()));
    return reference;
}

std::vector<float> CudaLibrary::match(const FeatureMap& features, const std::vector<float>& reference, int patch_size,
                                      const Stencil& stencil, const Execution& execution) const {
    require_reference(features, patch_size, reference);
    require_finite(features, execution);
    const CudaStencil converted(stencil);
    const Map map(*this, features);
    std::vector<float> scores(features.pixels());
    Part part{execution};
    const perch_cuda_execution run{budget(), report, &part};
    check(functions_.match(map.get(), reference.data(), patch_size, &converted.view, &run, scores.data()));
    return scores;
}

std::vector<float> CudaLibrary::match(const FeatureMap& features, const NearestPatches& nearest, int patch_size,
                                      const Stencil& stencil, const Execution& execution) const {
    require_references(features, PatchReferences(nearest));
    require_finite(features, execution);
    const std::size_t searched = nearest.among.empty() ? features.pixels() : nearest.among.size();
    const int k = int(std::min(std::size_t(nearest.k), searched));
    const CudaStencil converted(stencil);
    const Map map(*this, features);
    std::vector<std::uint32_t> neighbors(features.pixels() * std::size_t(k));
    Part search{execution, 0, search_share};
    const perch_cuda_execution search_run{budget(), report, &search};
    check(functions_.nearest(map.get(), patch_size, k, nearest.among.data(), nearest.among.size(), &search_run,
                             neighbors.data()));
    std::vector<float> scores(features.pixels());
    Part part{execution, search_share, 1 - search_share};
    const perch_cuda_execution run{budget(), report, &part};
    check(functions_.match_neighbors(map.get(), neighbors.data(), k, patch_size, &converted.view, &run, scores.data()));
    return scores;
}

}  // namespace perch::binding
