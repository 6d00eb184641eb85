#pragma once

#include <napi.h>

#include <vector>

#include "arguments.hpp"
#include "perch/fca.hpp"

// Readers of the arguments of statistics.
namespace perch::binding {

/// Sorted lists, for instance of medianReference.
inline std::vector<float> read_sorted_lists(Napi::Value value) {
    const auto lists = view_floats(value, "reference");
    return {lists.begin(), lists.end()};
}

inline FcaParameters read_fca_parameters(Napi::Value value) {
    const Napi::Object object = read_object(value, "parameters");
    return {read_patch_size(object.Get("patchSize"), "parameters.patchSize"),
            read_positive(object.Get("sigmaP"), "parameters.sigmaP"),
            read_positive(object.Get("sigmaS"), "parameters.sigmaS", true)};
}

/// Parameters that are a patch size and a sigma.
template <class Parameters>
Parameters read_parameters(Napi::Value value) {
    const Napi::Object object = read_object(value, "parameters");
    Parameters parameters;
    parameters.patch_size = read_patch_size(object.Get("patchSize"), "parameters.patchSize");
    parameters.sigma = read_positive(object.Get("sigma"), "parameters.sigma");
    return parameters;
}

}  // namespace perch::binding
