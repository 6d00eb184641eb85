#include "perch/errors.hpp"

#include <cstring>

#include "host.hpp"

namespace perch {
namespace {

[[noreturn]] void pass_on(wasm::ErrorKind kind, const std::exception& error) {
    wasm::perch_raise(kind, error.what(), std::strlen(error.what()));
}

}  // namespace

void raise(const InvalidFeatures& error) {
    pass_on(wasm::ErrorKind::invalid_features, error);
}

void raise(const InvalidArgument& error) {
    pass_on(wasm::ErrorKind::invalid_argument, error);
}

void raise(const Canceled& error) {
    pass_on(wasm::ErrorKind::canceled, error);
}

void raise(const std::bad_alloc& error) {
    pass_on(wasm::ErrorKind::out_of_memory, error);
}

}  // namespace perch
