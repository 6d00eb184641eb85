#include <cstdlib>
#include <new>

#include "execution/mutex.hpp"
#include "perch/errors.hpp"

// The allocator of the C library is not thread-safe here, so operator new and delete lock it. All code of the module
// allocates through them.
namespace {

perch::Mutex mutex;

void* allocate(std::size_t size, std::size_t alignment) {
    void* memory;
    {
        const perch::Lock lock(mutex);
        // A size of 0 needs an address as well.
        memory = std::aligned_alloc(alignment, size / alignment * alignment + alignment);
    }
    if (memory == nullptr) perch::raise(std::bad_alloc());
    return memory;
}

void release(void* memory) {
    const perch::Lock lock(mutex);
    std::free(memory);
}

/// Enough for every type without alignas.
constexpr std::size_t usual_alignment = 16;

}  // namespace

void* operator new(std::size_t size) {
    return allocate(size, usual_alignment);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
    return allocate(size, std::size_t(alignment));
}
void operator delete(void* memory) noexcept {
    release(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    release(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
    release(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
    release(memory);
}
