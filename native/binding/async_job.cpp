#include "async_job.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <memory>
#include <utility>

#include "errors.hpp"

namespace perch::binding {
namespace {

using Clock = std::chrono::steady_clock;

/// Progress is reported at most this often, because each report interrupts a computing thread.
constexpr std::chrono::milliseconds progress_interval{50};

template <class Element>
class Job : public Napi::AsyncProgressWorker<double> {
public:
    using Compute = std::function<std::vector<Element>(const Execution&)>;

    Job(Napi::Env env, Compute compute, const ExecutionArgument& execution, Napi::Value input,
        std::shared_ptr<std::atomic<bool>> canceled)
        : Napi::AsyncProgressWorker<double>(env), promise_(Napi::Promise::Deferred::New(env)),
          compute_(std::move(compute)), execution_(execution.execution),
          input_(Napi::Persistent(input.As<Napi::Object>())), canceled_(std::move(canceled)) {
        execution_.canceled = canceled_.get();
        if (execution.on_progress.IsFunction()) {
            on_progress_ = Napi::Persistent(execution.on_progress.As<Napi::Function>());
        }
    }

    Napi::Promise promise() const { return promise_.Promise(); }

protected:
    void Execute(const ExecutionProgress& progress) override {
        if (!on_progress_.IsEmpty()) {
            execution_.progress = [&, reported = Clock::time_point{}](double fraction) mutable {
                const auto now = Clock::now();
                if (fraction < 1 && now - reported < progress_interval) return;
                reported = now;
                progress.Send(&fraction, 1);
            };
        }
        try {
            result_ = compute_(execution_);
        } catch (...) {
            exception_ = std::current_exception();
        }
    }

    void OnProgress(const double* fraction, std::size_t count) override {
        if (count == 0 || on_progress_.IsEmpty() || !progress_error_.IsEmpty()) return;
        try {
            on_progress_.Call({Napi::Number::New(Env(), *fraction)});
        } catch (const Napi::Error& error) {
            progress_error_ = error;
            *canceled_ = true;
        }
    }

    void OnOK() override {
        try {
            if (!progress_error_.IsEmpty()) throw progress_error_;
            if (exception_) throw to_js_error(Env(), exception_);
            auto values = Napi::TypedArrayOf<Element>::New(Env(), result_.size());
            std::copy(result_.begin(), result_.end(), values.Data());
            promise_.Resolve(values);
        } catch (const Napi::Error& error) {
            promise_.Reject(error.Value());
        }
    }

private:
    Napi::Promise::Deferred promise_;
    Compute compute_;
    Execution execution_;
    Napi::ObjectReference input_;
    std::shared_ptr<std::atomic<bool>> canceled_;
    Napi::FunctionReference on_progress_;
    Napi::Error progress_error_;
    std::exception_ptr exception_;
    std::vector<Element> result_;
};

}  // namespace

template <class Element>
Napi::Value run_async(Napi::Env env, std::function<std::vector<Element>(const Execution&)> compute,
                      const ExecutionArgument& execution, Napi::Value input) {
    const auto canceled = std::make_shared<std::atomic<bool>>(false);
    auto job = std::make_unique<Job<Element>>(env, std::move(compute), execution, input, canceled);
    const auto result = Napi::Object::New(env);
    result.Set("promise", job->promise());
    result.Set("cancel", Napi::Function::New(env, [canceled](const Napi::CallbackInfo&) { *canceled = true; }));
    job->Queue();
    job.release();  // deletes itself when it ends
    return result;
}

template Napi::Value run_async(Napi::Env, std::function<std::vector<float>(const Execution&)>, const ExecutionArgument&,
                               Napi::Value);
template Napi::Value run_async(Napi::Env, std::function<std::vector<double>(const Execution&)>,
                               const ExecutionArgument&, Napi::Value);

}  // namespace perch::binding
