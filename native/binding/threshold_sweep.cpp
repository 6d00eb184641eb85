#include "threshold_sweep.hpp"

#include <memory>

#include "arguments.hpp"
#include "async_worker.hpp"
#include "perch/errors.hpp"
#include "perch/threshold_sweep.hpp"

namespace perch::binding {
namespace {

class Pixels : public Napi::ObjectWrap<Pixels> {
public:
    static Napi::Function define(Napi::Env env) {
        return DefineClass(env, "ThresholdSweep", {InstanceMethod<&Pixels::add>("add"), InstanceMethod<&Pixels::sweep>("operatingPoints")});
    }

    explicit Pixels(const Napi::CallbackInfo& call)
        : ObjectWrap(call), pixels_(std::make_shared<ScoredPixels>()), scores_(Napi::Persistent(Napi::Array::New(call.Env()))) {}

private:
    static Napi::Error refusal(Napi::Env env, const char* message, const char* code = "INVALID_ARGUMENT") {
        const auto error = Napi::Error::New(env, message);
        error.Value().Set("code", code);
        return error;
    }

    Napi::Value add(const Napi::CallbackInfo& call) {
        const auto scores = call[0].As<Napi::Float32Array>();
        const auto ground_truth = call[1].As<Napi::Uint8Array>();
        const auto width = static_cast<std::size_t>(number_of(call[2], "width"));
        const auto height = static_cast<std::size_t>(number_of(call[3], "height"));
        if (scores.ElementLength() != height * width || ground_truth.ElementLength() != height * width)
            throw refusal(call.Env(), "scores and ground truth must have height x width values.");
        try {
            const auto [highest, regions] = pixels_->add(scores.Data(), ground_truth.Data(), height, width);
            const auto kept = scores_.Value();
            kept.Set(kept.Length(), scores);
            const auto image = Napi::Object::New(call.Env());
            image.Set("highest", Napi::Number::New(call.Env(), highest));
            image.Set("regions", Napi::Number::New(call.Env(), static_cast<double>(regions)));
            return image;
        } catch (const InvalidArgument& error) {
            throw refusal(call.Env(), error.what());
        } catch (const std::bad_alloc&) {
            throw refusal(call.Env(), "There is not enough memory for so many pixels.", "OUT_OF_MEMORY");
        }
    }

    /// The columns of the corners, one after the other.
    Napi::Value sweep(const Napi::CallbackInfo& call) {
        const auto execution = call[0].As<Napi::Object>();
        const auto scores = scores_.Value();
        scores_ = Napi::Persistent(Napi::Array::New(call.Env()));
        return start_doubles(
            call.Env(),
            [pixels = pixels_](const Execution& how) {
                const auto corners = pixels->sweep(how);
                std::vector<double> values;
                values.reserve(4 * corners.threshold.size());
                for (const auto* column : {&corners.threshold, &corners.false_positives, &corners.true_positives, &corners.overlap})
                    values.insert(values.end(), column->begin(), column->end());
                return values;
            },
            execution_of(execution), {scores}, execution.Get("onProgress"));
    }

    std::shared_ptr<ScoredPixels> pixels_;
    /// What `pixels_` looks at.
    Napi::Reference<Napi::Array> scores_;
};

}  // namespace

void export_pixels(Napi::Env env, Napi::Object exports) { exports.Set("ThresholdSweep", Pixels::define(env)); }

}  // namespace perch::binding
