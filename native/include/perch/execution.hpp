#pragma once

#include <atomic>
#include <functional>
#include <vector>

namespace perch {

/// Instruction sets that have their own code path.
enum class Isa { automatic, portable, avx2, avx512, neon, wasm };

/// The instruction sets that this processor and its operating system support, fastest first; `portable` is always last.
std::vector<Isa> supported_isas();

/// How to run a computation. Results do not depend on it: they are bitwise identical for every number of threads, and
/// differ between instruction sets by at most 1e-5 of the map's range.
struct Execution {
    /// Worker threads, 1 to 1024.
    int threads = 1;
    Isa isa = Isa::automatic;
    /// Polled every few milliseconds; when it becomes true, the computation throws Canceled.
    const std::atomic<bool>* canceled = nullptr;
    /// Called with the completed fraction, which ascends from 0 to 1. Calls come from worker threads, one at a time.
    std::function<void(double)> progress;
};

}  // namespace perch
