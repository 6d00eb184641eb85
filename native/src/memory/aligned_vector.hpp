#pragma once

#include <cstddef>
#include <new>
#include <vector>

#include "perch/errors.hpp"

namespace perch {

/// Allocates memory aligned to cache lines (64 bytes), so that no aligned SIMD load crosses two lines.
template <class Value>
struct AlignedAllocator {
    using value_type = Value;
    static constexpr std::align_val_t alignment{64};

    AlignedAllocator() = default;
    template <class Other>
    AlignedAllocator(const AlignedAllocator<Other>&) {}

    Value* allocate(std::size_t count) {
        if (count > std::size_t(-1) / sizeof(Value)) raise(std::bad_array_new_length());
        return static_cast<Value*>(::operator new(count * sizeof(Value), alignment));
    }
    void deallocate(Value* values, std::size_t) { ::operator delete(values, alignment); }
    friend bool operator==(AlignedAllocator, AlignedAllocator) { return true; }
};

template <class Value>
using AlignedVector = std::vector<Value, AlignedAllocator<Value>>;

}  // namespace perch
