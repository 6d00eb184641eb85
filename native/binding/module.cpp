#include <napi.h>

#include "arguments.hpp"
#include "comparisons.hpp"
#include "cuda.hpp"
#include "references.hpp"
#include "regions.hpp"
#include "statistics.hpp"
#include "threshold_sweep.hpp"

// The Node-API module `perch.node`. src-main/methods/backend/native-backend.ts declares its types. A binding function
// reads and checks its arguments, then starts the computation of the core, on another thread if it takes long; it contains no
// mathematics.
namespace perch::binding {
namespace {

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
    initialize_arguments(env);
    const auto isas = Napi::Array::New(env);
    for (const Isa isa : supported_isas()) isas.Set(isas.Length(), name_of(isa));
    exports.Set("isas", isas);
    export_comparisons(env, exports);
    export_cuda(env, exports);
    export_references(env, exports);
    export_regions(env, exports);
    export_statistics(env, exports);
    export_threshold_sweep(env, exports);
    return exports;
}

}  // namespace
}  // namespace perch::binding

static Napi::Object initialize_module(Napi::Env env, Napi::Object exports) {
    return perch::binding::initialize(env, exports);
}
NODE_API_MODULE(perch, initialize_module)
