#include "references.hpp"

#include <cstdint>
#include <utility>
#include <vector>

#include "arguments.hpp"
#include "async_job.hpp"
#include "errors.hpp"
#include "perch/mean.hpp"
#include "perch/median.hpp"

namespace perch::binding {
namespace {

using Reference = std::vector<float> (*)(const FeatureMap&, int, const Execution&, const std::vector<std::uint32_t>&);

template <Reference reference>
Napi::Value start_reference(const Napi::CallbackInfo& call) {
    const FeatureArgument features(call[0]);
    const int patch_size = read_patch_size(call[1], "patchSize");
    const ExecutionArgument options = read_execution(call[2]);
    std::vector<std::uint32_t> tiles = read_part(call[3], "tiles");
    return run_async<float>(
        call.Env(),
        [view = features.view(), patch_size, tiles = std::move(tiles)](const Execution& execution) {
            return reference(view, patch_size, execution, tiles);
        },
        options, features.values());
}

}  // namespace

void export_references(Napi::Env env, Napi::Object exports) {
    exports.Set("medianReference", Napi::Function::New<guarded<start_reference<&median_reference>>>(env));
    exports.Set("meanReference", Napi::Function::New<guarded<start_reference<&mean_reference>>>(env));
}

}  // namespace perch::binding
