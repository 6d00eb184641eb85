#pragma once

#include <napi.h>

#include <functional>
#include <vector>

#include "perch/execution.hpp"

namespace perch::binding {

/// What the core is to compute, given how to carry it out.
template <class Value>
using ComputationOf = std::function<std::vector<Value>(const Execution&)>;
using Computation = ComputationOf<float>;

/// Starts a computation off the main thread.
///
/// @param inputs typed arrays that the computation reads; kept alive until it ends
/// @param on_progress a function of the fraction done, or undefined
/// @return `{ promise, cancel }`: the promise of a Float32Array that V8 owns, rejected with an Error whose `code` is
///         INVALID_FEATURES, INVALID_ARGUMENT or CANCELED where the core says so; and a function that stops the work
Napi::Object start(Napi::Env env, Computation computation, Execution execution, const std::vector<Napi::Value>& inputs,
                   Napi::Value on_progress);

/// The same for a computation whose outcome is a Float64Array.
Napi::Object start_doubles(Napi::Env env, ComputationOf<double> computation, Execution execution,
                           const std::vector<Napi::Value>& inputs, Napi::Value on_progress);

}  // namespace perch::binding
