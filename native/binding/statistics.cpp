#include "statistics.hpp"

#include <string>

#include "arguments.hpp"
#include "async_worker.hpp"
#include "perch/errors.hpp"
#include "perch/fca.hpp"
#include "perch/histogram.hpp"
#include "perch/mean.hpp"
#include "perch/moments.hpp"
#include "perch/sww.hpp"

namespace perch::binding {
namespace {

VectorReference reference_of(const Napi::Value& value) {
    const auto object = value.As<Napi::Object>();
    const std::string kind = object.Get("kind").ToString();
    if (kind == "global") return GlobalMean{};
    if (kind == "all") return AllWindows{};
    if (kind == "nearest") return NearestWindows{integer_of(object.Get("k"), "k")};
    const auto positions = object.Get("indices").As<Napi::Uint32Array>();
    return ChosenWindows{{positions.Data(), positions.Data() + positions.ElementLength()}};
}

SampleWindows windows_of(const Napi::Value& value) {
    return std::visit(
        [](const auto& reference) -> SampleWindows {
            if constexpr (std::is_same_v<std::decay_t<decltype(reference)>, GlobalMean>) {
                throw InvalidArgument("Sorted samples have no global mean.");
            } else {
                return reference;
            }
        },
        reference_of(value));
}

double number_in(const Napi::Value& parameters, const char* name) {
    return number_of(parameters.As<Napi::Object>().Get(name), name);
}

int integer_in(const Napi::Value& parameters, const char* name) {
    return integer_of(parameters.As<Napi::Object>().Get(name), name);
}

/// Starts statistic(features, reference, parameters, map, execution).
template <class Reference, class Parameters>
Napi::Value start_statistic(const Napi::CallbackInfo& call, Reference reference, Parameters parameters,
                            void (*statistic)(const FeatureMap&, const Reference&, const Parameters&, float*, const Execution&)) {
    const auto execution = call[3].As<Napi::Object>();
    const FeatureMap features = features_of(call[0]);
    const Computation computation = [=](const Execution& how) {
        std::vector<float> map(features.pixels());
        statistic(features, reference, parameters, map.data(), how);
        return map;
    };
    return start(call.Env(), computation, execution_of(execution), {call[0].As<Napi::Object>().Get("values")},
                 execution.Get("onProgress"));
}

Napi::Value start_mean_reference(const Napi::CallbackInfo& call) {
    const auto execution = call[2].As<Napi::Object>();
    const Computation computation = [features = features_of(call[0]), patch = integer_of(call[1], "patchSize")](const Execution& how) {
        return mean_reference(features, patch, how);
    };
    return start(call.Env(), computation, execution_of(execution), {call[0].As<Napi::Object>().Get("values")},
                 execution.Get("onProgress"));
}

Napi::Value start_fca_against(const Napi::CallbackInfo& call) {
    const FcaParameters parameters{integer_in(call[2], "patchSize"), number_in(call[2], "sigmaP"), number_in(call[2], "sigmaS")};
    return start_statistic(call, windows_of(call[1]), parameters, &fca);
}

Napi::Value start_sww_against(const Napi::CallbackInfo& call) {
    const SwwParameters parameters{integer_in(call[2], "patchSize"), number_in(call[2], "sigma")};
    return start_statistic(call, windows_of(call[1]), parameters, &sww);
}

Napi::Value start_moments(const Napi::CallbackInfo& call) {
    const MomentsParameters parameters{integer_in(call[2], "patchSize"), number_in(call[2], "sigma")};
    return start_statistic(call, reference_of(call[1]), parameters, &moments);
}

Napi::Value start_histogram(const Napi::CallbackInfo& call) {
    const HistogramParameters parameters{integer_in(call[2], "patchSize"), number_in(call[2], "sigma"), integer_in(call[2], "bins")};
    return start_statistic(call, reference_of(call[1]), parameters, &histogram);
}

Napi::Value start_mean_distances(const Napi::CallbackInfo& call) {
    const MomentsParameters parameters{integer_in(call[2], "patchSize"), number_in(call[2], "sigma")};
    const auto reference = call[1].As<Napi::Object>();
    return start_statistic(call, NearestWindows{integer_of(reference.Get("k"), "k")}, parameters, &mean_distances);
}

}  // namespace

void export_references(Napi::Env env, Napi::Object exports) {
    exports.Set("meanReference", Napi::Function::New<start_mean_reference>(env));
    exports.Set("fcaWithReferences", Napi::Function::New<start_fca_against>(env));
    exports.Set("swwWithReferences", Napi::Function::New<start_sww_against>(env));
    exports.Set("moments", Napi::Function::New<start_moments>(env));
    exports.Set("histogram", Napi::Function::New<start_histogram>(env));
    exports.Set("knnMeanDistances", Napi::Function::New<start_mean_distances>(env));
}

}  // namespace perch::binding
