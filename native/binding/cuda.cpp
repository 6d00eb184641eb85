#include "cuda.hpp"

#include <memory>
#include <string>
#include <utility>

#include "arguments.hpp"
#include "async_job.hpp"
#include "cuda_image.hpp"
#include "errors.hpp"
#include "statistic_arguments.hpp"
#include "statistics/stencils.hpp"
#include "validation/validation.hpp"

namespace perch::binding {
namespace {

/// The features that the computations of a JavaScript object had last, and what is on the device.
struct LastFeatures {
    std::shared_ptr<const CudaLibrary> library;
    /// Keeps the array, so that another one cannot have its address.
    Napi::ObjectReference values;
    FeatureMap view{};
    std::shared_ptr<CudaImage> image;

    std::shared_ptr<CudaImage> image_of(const FeatureArgument& features) {
        const FeatureMap given = features.view();
        const bool is_same = image && values.Value().StrictEquals(features.values()) && view.values == given.values &&
                             view.channels == given.channels && view.height == given.height &&
                             view.width == given.width;
        if (!is_same) {
            values = Napi::Persistent(features.values().As<Napi::Object>());
            view = given;
            image = std::make_shared<CudaImage>(library);
        }
        return image;
    }

    void close() {
        values.Reset();
        image.reset();
    }
};

using Function = Napi::Value (*)(LastFeatures&, const Napi::CallbackInfo&);

Napi::Function function_with(Napi::Env env, const std::shared_ptr<LastFeatures>& features, Function function) {
    return Napi::Function::New(env, [features, function](const Napi::CallbackInfo& call) -> Napi::Value {
        try {
            return function(*features, call);
        } catch (const Napi::Error&) {
            throw;
        } catch (...) {
            throw to_js_error(call.Env(), std::current_exception());
        }
    });
}

Napi::Value start_median_reference(LastFeatures& last, const Napi::CallbackInfo& call) {
    const FeatureArgument features(call[0]);
    const int patch_size = read_patch_size(call[1], "patchSize");
    const ExecutionArgument options = read_execution(call[2]);
    std::vector<std::uint32_t> tiles = read_part(call[3], "tiles");
    return run_async<float>(
        call.Env(),
        [image = last.image_of(features), view = features.view(), patch_size, tiles = std::move(tiles)](
            const Execution& execution) { return image->median_reference(view, patch_size, execution, tiles); },
        options, features.values());
}

/// Starts the statistic that has this stencil.
template <auto read_reference, auto read_parameters, auto stencil>
Napi::Value start_statistic(LastFeatures& last, const Napi::CallbackInfo& call) {
    const FeatureArgument features(call[0]);
    auto reference = read_reference(call[1]);
    const auto parameters = read_parameters(call[2]);
    const ExecutionArgument options = read_execution(call[3]);
    return run_async<float>(
        call.Env(),
        [image = last.image_of(features), view = features.view(), reference = std::move(reference),
         parameters](const Execution& execution) {
            require_shape(view, parameters.patch_size);
            return image->match(view, reference, parameters.patch_size, stencil(parameters), execution);
        },
        options, features.values());
}

Napi::Value close(LastFeatures& last, const Napi::CallbackInfo& call) {
    last.close();
    return call.Env().Undefined();
}

Napi::Object create_image(Napi::Env env, const std::shared_ptr<const CudaLibrary>& library) {
    const auto features = std::make_shared<LastFeatures>();
    features->library = library;
    const auto exports = Napi::Object::New(env);
    const auto set = [&](const char* name, Function function) {
        exports.Set(name, function_with(env, features, function));
    };
    constexpr auto read_sww_parameters = read_parameters<SwwParameters>;
    set("medianReference", start_median_reference);
    set("fca", start_statistic<read_sorted_lists, read_fca_parameters, fca_stencil>);
    set("sww", start_statistic<read_sorted_lists, read_sww_parameters, sww_stencil>);
    set("fcaWithReferences", start_statistic<read_nearest_patches, read_fca_parameters, fca_stencil>);
    set("swwWithReferences", start_statistic<read_nearest_patches, read_sww_parameters, sww_stencil>);
    set("close", close);
    return exports;
}

Napi::Value open_cuda(const Napi::CallbackInfo& call) {
    const Napi::Env env = call.Env();
    if (!call[0].IsString()) throw_type_error(env, "path must be a string.");
    if (!call[1].IsBoolean()) throw_type_error(env, "needsDriver must be a boolean.");
    if (call[1].As<Napi::Boolean>() && !has_cuda_driver()) throw DeviceFailed("There is no NVIDIA driver.");
    const auto library = std::make_shared<const CudaLibrary>(call[0].As<Napi::String>());
    const perch_cuda_device& device = library->device();
    const auto exports = Napi::Object::New(env);
    exports.Set("name", std::string(device.name));
    exports.Set("computeCapability", std::to_string(device.compute_major) + "." + std::to_string(device.compute_minor));
    exports.Set("memoryBytes", double(device.memory_bytes));
    exports.Set("createImage", Napi::Function::New(env, [library](const Napi::CallbackInfo& image) -> Napi::Value {
                    return create_image(image.Env(), library);
                }));
    return exports;
}

}  // namespace

void export_cuda(Napi::Env env, Napi::Object exports) {
    exports.Set("openCuda", Napi::Function::New<guarded<open_cuda>>(env));
}

}  // namespace perch::binding
