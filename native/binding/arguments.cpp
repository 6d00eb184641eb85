#include "arguments.hpp"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <limits>
#include <sstream>
#include <string>

#include "errors.hpp"

namespace perch::binding {
namespace {

constexpr int max_int = std::numeric_limits<int>::max();
constexpr int max_threads = 1024;

/// State of one instance of the module. Each Node worker thread has its own instance.
struct InstanceData {
    /// The original getter of ArrayBuffer.prototype.resizable; empty if this version of Node has none.
    Napi::FunctionReference resizable;
};

/// Formats a number as JavaScript does, for messages.
std::string format(double number) {
    if (std::isnan(number)) return "NaN";
    if (std::isinf(number)) return number > 0 ? "Infinity" : "-Infinity";
    std::ostringstream text;
    text << std::setprecision(15) << number;
    return text.str();
}

bool is_resizable(Napi::Env env, Napi::Value buffer) {
    const auto* instance = env.GetInstanceData<InstanceData>();
    if (instance == nullptr || instance->resizable.IsEmpty()) return false;
    return instance->resizable.Call(buffer, {}).ToBoolean();
}

template <class Element>
std::span<const Element> view_elements(Napi::Value value, napi_typedarray_type wanted, const char* kind,
                                       const char* name) {
    const Napi::Env env = value.Env();
    const auto refuse = [&] { throw_type_error(env, std::string(name) + " must be a " + kind + "."); };
    if (!value.IsTypedArray()) refuse();
    // `type` does not change if this version of Node-API does not know the element type.
    auto type = static_cast<napi_typedarray_type>(-1);
    std::size_t length = 0;
    void* data = nullptr;
    napi_value buffer = nullptr;
    if (napi_get_typedarray_info(env, value, &type, &length, &data, &buffer, nullptr) != napi_ok) {
        throw Napi::Error::New(env);
    }
    if (type != wanted) refuse();
    bool owned = false;
    if (napi_is_arraybuffer(env, buffer, &owned) != napi_ok || !owned) {
        throw_type_error(env, std::string(name) + " must not be on a SharedArrayBuffer.");
    }
    if (is_resizable(env, Napi::Value(env, buffer))) {
        throw_type_error(env, std::string(name) + " must not be on a resizable ArrayBuffer.");
    }
    return {static_cast<const Element*>(data), length};
}

std::string read_kind(const Napi::Object& object, const char* name) {
    const Napi::Value kind = object.Get("kind");
    if (!kind.IsString()) throw_type_error(object.Env(), std::string(name) + ".kind must be a string.");
    return kind.As<Napi::String>();
}

}  // namespace

void initialize_arguments(Napi::Env env) {
    auto* instance = new InstanceData;
    env.SetInstanceData(instance);  // owns it
    const auto global = env.Global();
    const auto object = global.Get("Object").As<Napi::Object>();
    const Napi::Value prototype = global.Get("ArrayBuffer").As<Napi::Object>().Get("prototype");
    const Napi::Value descriptor = object.Get("getOwnPropertyDescriptor")
                                       .As<Napi::Function>()
                                       .Call(object, {prototype, Napi::String::New(env, "resizable")});
    if (!descriptor.IsObject()) return;
    const Napi::Value getter = descriptor.As<Napi::Object>().Get("get");
    if (getter.IsFunction()) instance->resizable = Napi::Persistent(getter.As<Napi::Function>());
}

Napi::Object read_object(Napi::Value value, const char* name) {
    if (!value.IsObject()) throw_type_error(value.Env(), std::string(name) + " must be an object.");
    return value.As<Napi::Object>();
}

double read_number(Napi::Value value, const char* name) {
    if (!value.IsNumber()) throw_type_error(value.Env(), std::string(name) + " must be a number.");
    return value.As<Napi::Number>().DoubleValue();
}

int read_integer(Napi::Value value, const char* name, int min, int max) {
    const double number = read_number(value, name);
    if (number >= min && number <= max && number == std::floor(number)) return int(number);
    const std::string range = max == max_int ? "of at least " + std::to_string(min)
                                             : "from " + std::to_string(min) + " to " + std::to_string(max);
    throw_range_error(value.Env(),
                      std::string(name) + " is " + format(number) + "; it must be an integer " + range + ".");
}

int read_patch_size(Napi::Value value, const char* name) {
    const double number = read_number(value, name);
    if (number >= 3 && number <= 31 && std::fmod(number, 2) == 1) return int(number);
    throw_range_error(value.Env(),
                      std::string(name) + " is " + format(number) + "; it must be an odd integer from 3 to 31.");
}

double read_positive(Napi::Value value, const char* name, bool zero_allowed) {
    const double number = read_number(value, name);
    if (std::isfinite(number) && (number > 0 || (zero_allowed && number == 0))) return number;
    throw_range_error(value.Env(), std::string(name) + " is " + format(number) +
                                       "; it must be a finite number above zero" + (zero_allowed ? " or zero." : "."));
}

std::span<const float> view_floats(Napi::Value value, const char* name) {
    return view_elements<float>(value, napi_float32_array, "Float32Array", name);
}

std::span<const double> view_doubles(Napi::Value value, const char* name) {
    return view_elements<double>(value, napi_float64_array, "Float64Array", name);
}

std::span<const std::uint8_t> view_bytes(Napi::Value value, const char* name) {
    return view_elements<std::uint8_t>(value, napi_uint8_array, "Uint8Array", name);
}

std::span<const std::uint32_t> view_indices(Napi::Value value, const char* name) {
    return view_elements<std::uint32_t>(value, napi_uint32_array, "Uint32Array", name);
}

FeatureArgument::FeatureArgument(Napi::Value features) {
    const Napi::Object object = read_object(features, "features");
    values_ = object.Get("values");
    shape_.channels = read_integer(object.Get("channels"), "features.channels", 1, max_int);
    shape_.height = read_integer(object.Get("height"), "features.height", 1, max_int);
    shape_.width = read_integer(object.Get("width"), "features.width", 1, max_int);
}

FeatureMap FeatureArgument::view() const {
    const std::span<const float> values = view_floats(values_, "features.values");
    FeatureMap features = shape_;
    // A product beyond 2^53 is inexact, but no array is that long.
    if (double(values.size()) != double(features.channels) * features.height * features.width) {
        throw_range_error(values_.Env(), "features.values has " + std::to_string(values.size()) + " elements, not " +
                                             std::to_string(features.channels) + " x " +
                                             std::to_string(features.height) + " x " + std::to_string(features.width) +
                                             ".");
    }
    features.values = values.data();
    return features;
}

std::vector<std::uint32_t> read_part(Napi::Value value, const char* name) {
    if (value.IsUndefined()) return {};
    const auto part = view_indices(value, name);
    if (part.empty()) throw_range_error(value.Env(), std::string(name) + " must not be empty.");
    return {part.begin(), part.end()};
}

DescriptorReference read_descriptor_reference(Napi::Value value) {
    const Napi::Object object = read_object(value, "reference");
    const std::string kind = read_kind(object, "reference");
    if (kind == "global") return GlobalMean{read_part(object.Get("among"), "reference.among")};
    if (kind == "all") return AllPatches{read_part(object.Get("among"), "reference.among")};
    if (kind == "nearest") {
        const int k = read_integer(object.Get("k"), "reference.k", 1, max_int);
        return NearestPatches{k, read_part(object.Get("among"), "reference.among")};
    }
    if (kind == "indices") {
        const auto indices = view_indices(object.Get("indices"), "reference.indices");
        if (indices.empty()) throw_range_error(value.Env(), "reference.indices must not be empty.");
        return PatchIndices{{indices.begin(), indices.end()}};
    }
    throw_range_error(value.Env(), "reference.kind must be one of: global, all, nearest, indices.");
}

PatchReferences read_patch_references(Napi::Value value) {
    const DescriptorReference reference = read_descriptor_reference(value);
    if (const auto* indices = std::get_if<PatchIndices>(&reference)) return *indices;
    if (const auto* nearest = std::get_if<NearestPatches>(&reference)) return *nearest;
    if (const auto* all = std::get_if<AllPatches>(&reference)) return *all;
    throw_range_error(value.Env(), "reference.kind must be one of: all, nearest, indices.");
}

NearestPatches read_nearest_patches(Napi::Value value) {
    const DescriptorReference reference = read_descriptor_reference(value);
    if (const auto* nearest = std::get_if<NearestPatches>(&reference)) return *nearest;
    throw_range_error(value.Env(), "reference.kind must be nearest.");
}

ExecutionArgument read_execution(Napi::Value value) {
    const Napi::Object object = read_object(value, "execution");
    ExecutionArgument argument;
    argument.execution.threads = read_integer(object.Get("threads"), "execution.threads", 1, max_threads);
    argument.on_progress = object.Get("onProgress");
    if (!argument.on_progress.IsUndefined() && !argument.on_progress.IsFunction()) {
        throw_type_error(value.Env(), "execution.onProgress must be a function.");
    }
    const Napi::Value isa = object.Get("isa");
    if (isa.IsUndefined()) return argument;
    if (!isa.IsString()) throw_type_error(value.Env(), "execution.isa must be a string.");
    const std::string name = isa.As<Napi::String>();
    std::vector<Isa> isas = supported_isas();
    isas.push_back(Isa::automatic);
    const auto found = std::find_if(isas.begin(), isas.end(), [&](Isa known) { return name == name_of(known); });
    if (found != isas.end()) {
        argument.execution.isa = *found;
        return argument;
    }
    std::string names;
    for (const Isa known : isas) names += std::string(names.empty() ? "" : ", ") + name_of(known);
    throw_range_error(value.Env(), "execution.isa must be one of those that this processor supports: " + names + ".");
}

const char* name_of(Isa isa) {
    switch (isa) {
        case Isa::avx512: return "avx512";
        case Isa::avx2: return "avx2";
        case Isa::neon: return "neon";
        case Isa::portable: return "portable";
        case Isa::automatic: break;
    }
    return "auto";
}

}  // namespace perch::binding
