#pragma once

#include <atomic>
#include <functional>
#include <vector>

namespace perch {

/// Instruction sets that there are code paths for.
enum class Isa { automatic, portable, avx2, avx512 };

/// The code paths that this processor and its operating system can run, fastest first; `portable` is always last.
std::vector<Isa> supported_isas();

/// How a computation is carried out; never what it computes: results are bitwise the same for every number of threads,
/// and agree between instruction sets within 1e-5 of the map's range.
struct Execution {
    /// Worker threads, at least 1.
    int threads = 1;
    Isa isa = Isa::automatic;
    /// Looked at every few milliseconds; once true, the computation throws Cancelled.
    const std::atomic<bool>* cancelled = nullptr;
    /// Called from one worker thread at a time with the fraction done, ascending from 0 to 1.
    std::function<void(double)> progress;
};

}  // namespace perch
