#include "pixels.hpp"

#include <memory>

#include "arguments.hpp"
#include "computation.hpp"
#include "perch/errors.hpp"
#include "perch/scored_pixels.hpp"

namespace perch::binding {
namespace {

class Pixels : public Napi::ObjectWrap<Pixels> {
public:
    static Napi::Function define(Napi::Env env) {
        return DefineClass(env, "ScoredPixels", {InstanceMethod<&Pixels::add>("add"), InstanceMethod<&Pixels::sweep>("sweep")});
    }

    explicit Pixels(const Napi::CallbackInfo& call) : ObjectWrap(call) {
        const double capacity = number_of(call[0], "capacity");
        if (!(capacity >= 0 && capacity < 4294967296.0)) throw refusal(call.Env(), "capacity must be below 2^32.");
        try {
            pixels_ = std::make_shared<ScoredPixels>(static_cast<std::size_t>(capacity));
        } catch (const std::bad_alloc&) {
            throw refusal(call.Env(), "There is not enough memory for so many pixels.", "OUT_OF_MEMORY");
        }
    }

private:
    static Napi::Error refusal(Napi::Env env, const char* message, const char* code = "INVALID_ARGUMENT") {
        const auto error = Napi::Error::New(env, message);
        error.Value().Set("code", code);
        return error;
    }

    Napi::Value add(const Napi::CallbackInfo& call) {
        const auto scores = call[0].As<Napi::Float32Array>();
        const auto regions = call[1].As<Napi::Int32Array>();
        if (scores.ElementLength() != regions.ElementLength())
            throw refusal(call.Env(), "scores and regions must have the same length.");
        try {
            pixels_->add(scores.Data(), regions.Data(), scores.ElementLength());
        } catch (const InvalidArgument& error) {
            throw refusal(call.Env(), error.what());
        }
        return call.Env().Undefined();
    }

    Napi::Value sweep(const Napi::CallbackInfo& call) {
        const auto given = call[0].As<Napi::Float64Array>();
        std::vector<double> sizes(given.Data(), given.Data() + given.ElementLength());
        const auto execution = call[1].As<Napi::Object>();
        return start_doubles(
            call.Env(),
            [pixels = pixels_, sizes = std::move(sizes)](const Execution& how) {
                std::vector<double> values;
                for (const auto& [threshold, fp, tp, overlap] : pixels->sweep(sizes, how))
                    values.insert(values.end(), {threshold, fp, tp, overlap});
                return values;
            },
            execution_of(execution), {}, execution.Get("onProgress"));
    }

    std::shared_ptr<ScoredPixels> pixels_;
};

}  // namespace

void export_pixels(Napi::Env env, Napi::Object exports) { exports.Set("ScoredPixels", Pixels::define(env)); }

}  // namespace perch::binding
