#pragma once

#include <cstddef>
#include <cstdint>

// What the WebAssembly module imports. The host is JavaScript (src-main/methods/backend/wasm).
namespace perch::wasm {

/// The kinds of errors that the host throws.
enum class ErrorKind : std::int32_t { invalid_features, invalid_argument, canceled, out_of_memory };

/// Throws a JavaScript error with this message. The instance cannot be used after it.
extern "C" [[noreturn]] __attribute__((import_module("perch"), import_name("raise"))) void perch_raise(
    ErrorKind kind, const char* message, std::size_t length);

}  // namespace perch::wasm
