#pragma once

#include <napi.h>

#include <exception>
#include <string>

namespace perch::binding {

// Every error that leaves the binding carries a `code` that TypeScript maps to a PerchError: INVALID_ARGUMENT,
// INVALID_FEATURES, CANCELED or OUT_OF_MEMORY; or DEVICE_FAILED or DEVICE_OUT_OF_MEMORY (cuda_library.hpp), after which
// TypeScript uses the CPU. An error without a code is a bug.

/// @throws a TypeError with code INVALID_ARGUMENT, always
[[noreturn]] void throw_type_error(Napi::Env env, const std::string& message);

/// @throws a RangeError with code INVALID_ARGUMENT, always
[[noreturn]] void throw_range_error(Napi::Env env, const std::string& message);

/// The JavaScript error for an exception of the core.
Napi::Error to_js_error(Napi::Env env, std::exception_ptr exception);

/// Wraps a binding function so that no C++ exception reaches Node, which would end the process.
template <Napi::Value (*function)(const Napi::CallbackInfo&)>
Napi::Value guarded(const Napi::CallbackInfo& call) {
    try {
        return function(call);
    } catch (const Napi::Error&) {
        throw;
    } catch (...) {
        throw to_js_error(call.Env(), std::current_exception());
    }
}

}  // namespace perch::binding
