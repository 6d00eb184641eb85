#pragma once

#ifndef __wasm__

#include <mutex>

namespace perch {

using Mutex = std::mutex;
using Lock = std::lock_guard<std::mutex>;

}  // namespace perch

#else

#include <atomic>

namespace perch {

/// A mutex for threads that share a WebAssembly memory; the standard library for WebAssembly has none.
class Mutex {
public:
    void lock() {
        while (locked_.exchange(1, std::memory_order_acquire) != 0) {
            __builtin_wasm_memory_atomic_wait32(reinterpret_cast<int*>(&locked_), 1, -1);
        }
    }
    void unlock() {
        locked_.store(0, std::memory_order_release);
        __builtin_wasm_memory_atomic_notify(reinterpret_cast<int*>(&locked_), 1);
    }

private:
    std::atomic<int> locked_{0};
};

class Lock {
public:
    explicit Lock(Mutex& mutex) : mutex_(mutex) { mutex_.lock(); }
    ~Lock() { mutex_.unlock(); }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

private:
    Mutex& mutex_;
};

}  // namespace perch

#endif
