#include <napi.h>

#include "arguments.hpp"
#include "async_worker.hpp"
#include "perch/fca.hpp"
#include "perch/median.hpp"
#include "perch/sww.hpp"
#include "threshold_sweep.hpp"
#include "statistics.hpp"

// The functions that src-main/methods/backend/native-backend.ts types and wraps. `execution` is { threads, isa?, onProgress? }; each returns
// { promise, cancel } as `start` does.
namespace perch::binding {
namespace {

Napi::Value start_with(const Napi::CallbackInfo& call, std::size_t execution_at, Computation computation) {
    const auto execution = call[execution_at].As<Napi::Object>();
    return start(call.Env(), std::move(computation), execution_of(execution), {call[0].As<Napi::Object>().Get("values")},
                 execution.Get("onProgress"));
}

/// medianReference(features, patch, execution)
Napi::Value start_median_reference(const Napi::CallbackInfo& call) {
    const int patch = integer_of(call[1], "patchSize");
    return start_with(call, 2, [features = features_of(call[0]), patch](const Execution& execution) {
        return median_reference(features, patch, execution);
    });
}

/// fca(features, reference, { patch, sigmaP, sigmaS }, execution)
Napi::Value start_fca(const Napi::CallbackInfo& call) {
    const auto given = call[2].As<Napi::Object>();
    const FcaParameters parameters{integer_of(given.Get("patchSize"), "patchSize"), number_of(given.Get("sigmaP"), "sigmaP"), number_of(given.Get("sigmaS"), "sigmaS")};
    return start_with(call, 3, [features = features_of(call[0]), reference = list_of(call[1]),
                                parameters](const Execution& execution) {
        std::vector<float> map(features.pixels());
        fca(features, reference, parameters, map.data(), execution);
        return map;
    });
}

/// sww(features, reference, { patch, sigma }, execution)
Napi::Value start_sww(const Napi::CallbackInfo& call) {
    const auto given = call[2].As<Napi::Object>();
    const SwwParameters parameters{integer_of(given.Get("patchSize"), "patchSize"), number_of(given.Get("sigma"), "sigma")};
    return start_with(call, 3, [features = features_of(call[0]), reference = list_of(call[1]),
                                parameters](const Execution& execution) {
        std::vector<float> map(features.pixels());
        sww(features, reference, parameters, map.data(), execution);
        return map;
    });
}

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
    const auto isas = Napi::Array::New(env);
    for (const Isa isa : supported_isas()) isas.Set(isas.Length(), name_of(isa));
    exports.Set("isas", isas);
    exports.Set("medianReference", Napi::Function::New<start_median_reference>(env));
    exports.Set("fca", Napi::Function::New<start_fca>(env));
    exports.Set("sww", Napi::Function::New<start_sww>(env));
    export_references(env, exports);
    export_pixels(env, exports);
    return exports;
}

}  // namespace
}  // namespace perch::binding

static Napi::Object initialise_addon(Napi::Env env, Napi::Object exports) {
    return perch::binding::initialise(env, exports);
}
NODE_API_MODULE(perch, initialise_addon)
