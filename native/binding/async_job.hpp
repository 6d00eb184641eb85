#pragma once

#include <napi.h>

#include <functional>
#include <vector>

#include "arguments.hpp"
#include "perch/execution.hpp"

namespace perch::binding {

/// Runs a computation on a thread of Node's pool.
///
/// @tparam Element float or double
/// @param input JavaScript value whose memory the computation reads; not garbage-collected until the computation ends
/// @return `{ promise, cancel }`: a promise of a Float32Array or Float64Array, and a function that cancels the
/// computation. The
///         promise rejects with the errors of errors.hpp, or with the error that onProgress throws, which also cancels.
template <class Element>
Napi::Value run_async(Napi::Env env, std::function<std::vector<Element>(const Execution&)> compute,
                      const ExecutionArgument& execution, Napi::Value input);

}  // namespace perch::binding
