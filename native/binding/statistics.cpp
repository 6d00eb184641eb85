#include "statistics.hpp"

#include <utility>

#include "arguments.hpp"
#include "async_job.hpp"
#include "errors.hpp"
#include "perch/fca.hpp"
#include "perch/histogram.hpp"
#include "perch/moments.hpp"
#include "perch/qfca.hpp"
#include "perch/sww.hpp"
#include "statistic_arguments.hpp"

namespace perch::binding {
namespace {

QfcaParameters read_qfca_parameters(Napi::Value value) {
    const auto [patch_size, sigma_p, sigma_s] = read_fca_parameters(value);
    return {patch_size, sigma_p, sigma_s,
            read_integer(value.As<Napi::Object>().Get("levels"), "parameters.levels", 2, 128)};
}

HistogramParameters read_histogram_parameters(Napi::Value value) {
    auto parameters = read_parameters<HistogramParameters>(value);
    parameters.bins = read_integer(value.As<Napi::Object>().Get("bins"), "parameters.bins", 2, 256);
    return parameters;
}

/// Starts statistic(features, reference, parameters, map, execution).
template <class Reference, class Parameters>
Napi::Value start_statistic(const Napi::CallbackInfo& call, Reference (*read_reference)(Napi::Value),
                            Parameters (*read_parameters)(Napi::Value),
                            void (*statistic)(const FeatureMap&, const Reference&, const Parameters&, float*,
                                              const Execution&)) {
    const FeatureArgument features(call[0]);
    Reference reference = read_reference(call[1]);
    const Parameters parameters = read_parameters(call[2]);
    const ExecutionArgument options = read_execution(call[3]);
    return run_async<float>(
        call.Env(),
        [view = features.view(), reference = std::move(reference), parameters, statistic](const Execution& execution) {
            std::vector<float> map(view.pixels());
            statistic(view, reference, parameters, map.data(), execution);
            return map;
        },
        options, features.values());
}

Napi::Value start_fca(const Napi::CallbackInfo& call) {
    return start_statistic<std::vector<float>>(call, read_sorted_lists, read_fca_parameters, fca);
}

Napi::Value start_qfca(const Napi::CallbackInfo& call) {
    return start_statistic<std::vector<float>>(call, read_sorted_lists, read_qfca_parameters, qfca);
}

Napi::Value start_sww(const Napi::CallbackInfo& call) {
    return start_statistic<std::vector<float>>(call, read_sorted_lists, read_parameters<SwwParameters>, sww);
}

Napi::Value start_fca_with_references(const Napi::CallbackInfo& call) {
    return start_statistic<PatchReferences>(call, read_patch_references, read_fca_parameters, fca);
}

Napi::Value start_sww_with_references(const Napi::CallbackInfo& call) {
    return start_statistic<PatchReferences>(call, read_patch_references, read_parameters<SwwParameters>, sww);
}

Napi::Value start_moments(const Napi::CallbackInfo& call) {
    return start_statistic(call, read_descriptor_reference, read_parameters<MomentsParameters>, moments);
}

Napi::Value start_histogram(const Napi::CallbackInfo& call) {
    return start_statistic(call, read_descriptor_reference, read_histogram_parameters, histogram);
}

Napi::Value start_knn_mean_distances(const Napi::CallbackInfo& call) {
    return start_statistic(call, read_nearest_patches, read_parameters<MomentsParameters>, knn_mean_distances);
}

}  // namespace

void export_statistics(Napi::Env env, Napi::Object exports) {
    exports.Set("fca", Napi::Function::New<guarded<start_fca>>(env));
    exports.Set("qfca", Napi::Function::New<guarded<start_qfca>>(env));
    exports.Set("sww", Napi::Function::New<guarded<start_sww>>(env));
    exports.Set("fcaWithReferences", Napi::Function::New<guarded<start_fca_with_references>>(env));
    exports.Set("swwWithReferences", Napi::Function::New<guarded<start_sww_with_references>>(env));
    exports.Set("moments", Napi::Function::New<guarded<start_moments>>(env));
    exports.Set("histogram", Napi::Function::New<guarded<start_histogram>>(env));
    exports.Set("knnMeanDistances", Napi::Function::New<guarded<start_knn_mean_distances>>(env));
}

}  // namespace perch::binding
