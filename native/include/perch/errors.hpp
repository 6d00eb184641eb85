#pragma once

#include <new>
#include <stdexcept>

namespace perch {

/// A feature is NaN, infinite or too large. The message names the channel.
struct InvalidFeatures : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// A shape or parameter is outside its limits. The message names it and the limits.
struct InvalidArgument : std::invalid_argument {
    using std::invalid_argument::invalid_argument;
};

/// The caller canceled the computation through Execution::canceled.
struct Canceled : std::runtime_error {
    Canceled() : std::runtime_error("The computation was canceled.") {}
};

#ifndef __wasm__

/// Throws the error.
template <class Error>
[[noreturn]] void raise(const Error& error) {
    throw error;
}

#else

// WebAssembly is built without exceptions. The host throws the error, which abandons the call and its memory
// (wasm/host.cpp).
[[noreturn]] void raise(const InvalidFeatures& error);
[[noreturn]] void raise(const InvalidArgument& error);
[[noreturn]] void raise(const Canceled& error);
[[noreturn]] void raise(const std::bad_alloc& error);

#endif

}  // namespace perch
