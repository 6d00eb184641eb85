#pragma once

#include <napi.h>

#include <vector>

#include "perch/execution.hpp"
#include "perch/feature_map.hpp"

namespace perch::binding {

/// Reads `{ values: Float32Array, channels, height, width }` without copying the values.
/// @throws Napi::Error with code INVALID_ARGUMENT where the length is not the product of the sides
FeatureMap features_of(const Napi::Value& value);

/// A copy of a Float32Array.
std::vector<float> list_of(const Napi::Value& value);

/// Reads `{ threads, isa }`.
Execution execution_of(const Napi::Object& object);

/// @param name what to call the number in an error
/// @throws Napi::Error with code INVALID_ARGUMENT where the value is no number, or not a whole one
double number_of(const Napi::Value& value, const char* name);
int integer_of(const Napi::Value& value, const char* name);

/// An instruction set's name in JavaScript.
const char* name_of(Isa isa);

}  // namespace perch::binding
