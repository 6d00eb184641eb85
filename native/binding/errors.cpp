#include "errors.hpp"

#include <new>
#include <stdexcept>

#include "cuda_library.hpp"
#include "perch/errors.hpp"

namespace perch::binding {
namespace {

template <class Error>
Error with_code(Error error, const char* code) {
    error.Value().Set("code", code);
    return error;
}

}  // namespace

void throw_type_error(Napi::Env env, const std::string& message) {
    throw with_code(Napi::TypeError::New(env, message), "INVALID_ARGUMENT");
}

void throw_range_error(Napi::Env env, const std::string& message) {
    throw with_code(Napi::RangeError::New(env, message), "INVALID_ARGUMENT");
}

Napi::Error to_js_error(Napi::Env env, std::exception_ptr exception) {
    constexpr const char* out_of_memory = "There is not enough memory for this computation.";
    try {
        std::rethrow_exception(exception);
    } catch (const InvalidFeatures& error) {
        return with_code(Napi::Error::New(env, error.what()), "INVALID_FEATURES");
    } catch (const InvalidArgument& error) {
        return with_code(Napi::RangeError::New(env, error.what()), "INVALID_ARGUMENT");
    } catch (const Canceled& error) {
        return with_code(Napi::Error::New(env, error.what()), "CANCELED");
    } catch (const DeviceFailed& error) {
        return with_code(Napi::Error::New(env, error.what()), "DEVICE_FAILED");
    } catch (const DeviceOutOfMemory& error) {
        return with_code(Napi::Error::New(env, error.what()), "DEVICE_OUT_OF_MEMORY");
    } catch (const std::bad_alloc&) {
        return with_code(Napi::Error::New(env, out_of_memory), "OUT_OF_MEMORY");
    } catch (const std::length_error&) {  // a container larger than the address space
        return with_code(Napi::Error::New(env, out_of_memory), "OUT_OF_MEMORY");
    } catch (const std::exception& error) {
        return Napi::Error::New(env, error.what());
    } catch (...) {
        return Napi::Error::New(env, "The native module failed for an unknown reason.");
    }
}

}  // namespace perch::binding
