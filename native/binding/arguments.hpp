#pragma once

#include <napi.h>

#include <span>
#include <vector>

#include "perch/execution.hpp"
#include "perch/feature_map.hpp"
#include "perch/image_references.hpp"

// Readers of JavaScript arguments. All of them throw a TypeError for a value of the wrong type and a RangeError for one
// outside its limits. The message starts with the name of the argument, for instance `features.channels`.
namespace perch::binding {

Napi::Object read_object(Napi::Value value, const char* name);
double read_number(Napi::Value value, const char* name);
int read_integer(Napi::Value value, const char* name, int min, int max);

/// T: an odd integer from 3 to 31.
int read_patch_size(Napi::Value value, const char* name);

/// Finite and above zero, or zero if allowed.
double read_positive(Napi::Value value, const char* name, bool zero_allowed = false);

/// Views the elements of a typed array of exactly this element type. Refuses arrays on shared or resizable memory,
/// which could change or disappear during a computation. Valid until JavaScript runs that might detach the array.
std::span<const float> view_floats(Napi::Value value, const char* name);
std::span<const double> view_doubles(Napi::Value value, const char* name);
std::span<const std::uint8_t> view_bytes(Napi::Value value, const char* name);
std::span<const std::uint32_t> view_indices(Napi::Value value, const char* name);

/// The argument `features`: `{ values: Float32Array, channels, height, width }`. Reading the object may run JavaScript
/// (getters, proxies), so the values are viewed separately, after all other arguments are read.
class FeatureArgument {
public:
    explicit FeatureArgument(Napi::Value features);

    Napi::Value values() const { return values_; }
    /// Views the values without copying them.
    FeatureMap view() const;

private:
    Napi::Value values_;
    FeatureMap shape_;
};

/// A part of the image: a non-empty Uint32Array. If the argument is undefined, the part is empty, which means
/// the whole image.
std::vector<std::uint32_t> read_part(Napi::Value value, const char* name);

/// The argument `reference`: `{ kind: 'indices', indices: Uint32Array }`, `{ kind: 'all', among? }` or
/// `{ kind: 'nearest', k, among? }`; `among` is a part of the image.
PatchReferences read_patch_references(Napi::Value value);
/// The same reference, or `{ kind: 'global', among? }`.
DescriptorReference read_descriptor_reference(Napi::Value value);
NearestPatches read_nearest_patches(Napi::Value value);

/// The argument `execution`: `{ threads, isa?, onProgress? }`.
struct ExecutionArgument {
    Execution execution;
    /// A function of the completed fraction, or undefined.
    Napi::Value on_progress;
};
ExecutionArgument read_execution(Napi::Value value);

/// The name of an instruction set in JavaScript.
const char* name_of(Isa isa);

/// Prepares the readers for this instance of the module. Call once, when the module is loaded.
void initialize_arguments(Napi::Env env);

}  // namespace perch::binding
