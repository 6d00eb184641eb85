#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace perch {

/// Memory that begins with a cache line, so that no vector load crosses two.
template <class Value>
struct CacheLineAllocator {
    using value_type = Value;
    static constexpr std::align_val_t alignment{64};

    CacheLineAllocator() = default;
    template <class Other>
    CacheLineAllocator(const CacheLineAllocator<Other>&) {}

    Value* allocate(std::size_t count) { return static_cast<Value*>(::operator new(count * sizeof(Value), alignment)); }
    void deallocate(Value* values, std::size_t) { ::operator delete(values, alignment); }
    friend bool operator==(CacheLineAllocator, CacheLineAllocator) { return true; }
};

template <class Value>
using CacheLines = std::vector<Value, CacheLineAllocator<Value>>;

}  // namespace perch
