#include "arguments.hpp"

#include <limits>
#include <string>

namespace perch::binding {
namespace {

[[noreturn]] void refuse(Napi::Env env, const std::string& message) {
    const auto error = Napi::Error::New(env, message);
    error.Value().Set("code", "INVALID_ARGUMENT");
    throw error;
}

Napi::Float32Array floats_of(const Napi::Value& value, const char* what) {
    if (value.IsTypedArray() && value.As<Napi::TypedArray>().TypedArrayType() == napi_float32_array) {
        return value.As<Napi::Float32Array>();
    }
    refuse(value.Env(), std::string(what) + " must be a Float32Array.");
}

}  // namespace

FeatureMap features_of(const Napi::Value& value) {
    if (!value.IsObject()) refuse(value.Env(), "The feature map must be an object.");
    const auto object = value.As<Napi::Object>();
    const Napi::Float32Array values = floats_of(object.Get("values"), "The feature map's values");
    FeatureMap features;
    features.channels = integer_of(object.Get("channels"), "channels");
    features.height = integer_of(object.Get("height"), "height");
    features.width = integer_of(object.Get("width"), "width");
    const double count = double(features.channels) * features.height * features.width;
    if (features.channels < 0 || features.height < 0 || features.width < 0 || double(values.ElementLength()) != count) {
        refuse(value.Env(), "The feature map has " + std::to_string(values.ElementLength()) + " values, not " +
                                std::to_string(features.channels) + " x " + std::to_string(features.height) + " x " +
                                std::to_string(features.width) + ".");
    }
    features.values = values.Data();
    return features;
}

std::vector<float> list_of(const Napi::Value& value) {
    const Napi::Float32Array values = floats_of(value, "The reference");
    return {values.Data(), values.Data() + values.ElementLength()};
}

Execution execution_of(const Napi::Object& object) {
    Execution execution;
    execution.threads = integer_of(object.Get("threads"), "threads");
    const Napi::Value isa = object.Get("isa");
    if (isa.IsUndefined()) return execution;
    const std::string name = isa.ToString();
    for (const Isa known : {Isa::automatic, Isa::portable, Isa::avx2, Isa::avx512}) {
        if (name != name_of(known)) continue;
        execution.isa = known;
        return execution;
    }
    refuse(object.Env(), "There is no instruction set called " + name + ".");
}

double number_of(const Napi::Value& value, const char* name) {
    if (!value.IsNumber()) refuse(value.Env(), std::string(name) + " must be a number.");
    return value.As<Napi::Number>().DoubleValue();
}

int integer_of(const Napi::Value& value, const char* name) {
    const double number = number_of(value, name);
    const bool fits = number >= std::numeric_limits<int>::min() && number <= std::numeric_limits<int>::max();
    if (!fits || number != int(number)) {
        refuse(value.Env(), std::string(name) + " is " + std::to_string(number) + "; it must be a whole number.");
    }
    return int(number);
}

const char* name_of(Isa isa) {
    switch (isa) {
        case Isa::avx512: return "avx512";
        case Isa::avx2: return "avx2";
        case Isa::portable: return "portable";
        case Isa::automatic: break;
    }
    return "auto";
}

}  // namespace perch::binding
