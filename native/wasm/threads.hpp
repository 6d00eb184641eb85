#pragma once

#include <atomic>
#include <cstdint>

// The threads of the WebAssembly build: instances of the module in JavaScript workers that share one memory and, as
// they come from the same module, the table of functions.
namespace perch::wasm {

/// Set by the host to cancel the computation that runs.
extern std::atomic<bool> canceled;

/// Fraction of the computation that is done, 0 to 1000. Read by the host.
extern std::atomic<std::int32_t> permille;

}  // namespace perch::wasm
