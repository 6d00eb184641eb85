#include "threshold_sweep.hpp"

#include <limits>
#include <memory>
#include <utility>

#include "arguments.hpp"
#include "async_job.hpp"
#include "errors.hpp"
#include "perch/threshold_sweep.hpp"

namespace perch::binding {
namespace {

class Sweep : public Napi::ObjectWrap<Sweep> {
public:
    static Napi::Function define(Napi::Env env) {
        return DefineClass(
            env, "ThresholdSweep",
            {InstanceMethod<&Sweep::add>("add"), InstanceMethod<&Sweep::operating_points>("operatingPoints")});
    }

    explicit Sweep(const Napi::CallbackInfo& call) : ObjectWrap(call) { reset(call.Env()); }

private:
    void reset(Napi::Env env) {
        sweep_ = std::make_shared<ThresholdSweep>();
        scores_ = Napi::Persistent(Napi::Array::New(env));
    }

    Napi::Value add(const Napi::CallbackInfo& call) {
        constexpr int max = std::numeric_limits<int>::max();
        const Napi::Env env = call.Env();
        const auto width = static_cast<std::size_t>(read_integer(call[2], "width", 0, max));
        const auto height = static_cast<std::size_t>(read_integer(call[3], "height", 0, max));
        const auto scores = view_floats(call[0], "scores");
        const auto ground_truth = view_bytes(call[1], "groundTruth");
        const auto require_length = [&](std::size_t length, const char* name) {
            if (length == width * height) return;
            throw_range_error(env, std::string(name) + " has " + std::to_string(length) + " elements, not " +
                                       std::to_string(width) + " x " + std::to_string(height) + ".");
        };
        require_length(scores.size(), "scores");
        require_length(ground_truth.size(), "groundTruth");
        try {
            // Keep the scores alive first: if that fails, the sweep must not refer to them.
            const auto alive = scores_.Value();
            alive.Set(alive.Length(), call[0]);
            const auto [max_score, regions] = sweep_->add(scores.data(), ground_truth.data(), height, width);
            const auto image = Napi::Object::New(env);
            image.Set("highest", Napi::Number::New(env, max_score));
            image.Set("regions", Napi::Number::New(env, static_cast<double>(regions)));
            return image;
        } catch (const Napi::Error&) {
            throw;
        } catch (...) {
            throw to_js_error(env, std::current_exception());
        }
    }

    Napi::Value operating_points(const Napi::CallbackInfo& call) {
        const ExecutionArgument options = read_execution(call[0]);
        // The job takes the sweep, so that calls during the computation use a new one.
        const Napi::Value scores = scores_.Value();
        const std::shared_ptr<ThresholdSweep> sweep = sweep_;
        reset(call.Env());
        return run_async<double>(
            call.Env(),
            [sweep](const Execution& execution) {
                const auto points = sweep->operating_points(execution);
                std::vector<double> values;
                values.reserve(4 * points.threshold.size());
                for (const auto* column :
                     {&points.threshold, &points.false_positives, &points.true_positives, &points.overlap}) {
                    values.insert(values.end(), column->begin(), column->end());
                }
                return values;
            },
            options, scores);
    }

    std::shared_ptr<ThresholdSweep> sweep_;
    /// The arrays of scores that sweep_ refers to.
    Napi::Reference<Napi::Array> scores_;
};

}  // namespace

void export_threshold_sweep(Napi::Env env, Napi::Object exports) {
    exports.Set("ThresholdSweep", Sweep::define(env));
}

}  // namespace perch::binding
