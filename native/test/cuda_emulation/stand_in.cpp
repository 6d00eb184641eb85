#include <cuda_runtime.h>

#include <cstdlib>

// Faults of the emulated library, which the environment selects.
namespace {

const bool is_set_up = [] {
    using namespace perch::cuda_emulation;
    if (const char* bytes = std::getenv("EMULATED_MEMORY")) device_memory.limit = std::strtoull(bytes, nullptr, 10);
    if (const char* count = std::getenv("EMULATED_SYNCHRONIZATIONS"))
        synchronizations_left = std::strtoull(count, nullptr, 10);
    if (std::getenv("EMULATED_CRASH") != nullptr) std::abort();
    return true;
}();

}  // namespace
