#include "async_worker.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <new>
#include <string>

#include "perch/errors.hpp"

namespace perch::binding {
namespace {

using Clock = std::chrono::steady_clock;

/// Progress is told no more often: each time costs the computing threads some of their cores.
constexpr std::chrono::milliseconds progress_interval{50};

template <class Value>
class Worker : public Napi::AsyncProgressWorker<double> {
public:
    Worker(Napi::Env env, ComputationOf<Value> computation, Execution execution, std::shared_ptr<std::atomic<bool>> cancelled)
        : Napi::AsyncProgressWorker<double>(env), promise_(Napi::Promise::Deferred::New(env)), computation_(std::move(computation)),
          execution_(std::move(execution)), cancelled_(std::move(cancelled)) {
        execution_.cancelled = cancelled_.get();
    }

    void keep_alive(Napi::Value input) { inputs_.push_back(Napi::Persistent(input.As<Napi::Object>())); }
    void report_to(Napi::Function on_progress) { on_progress_ = Napi::Persistent(on_progress); }
    Napi::Promise promise() const { return promise_.Promise(); }

protected:
    void Execute(const ExecutionProgress& progress) override {
        if (!on_progress_.IsEmpty()) {
            execution_.progress = [&, told = Clock::time_point{}](double fraction) mutable {
                const auto now = Clock::now();
                if (fraction < 1 && now - told < progress_interval) return;
                told = now;
                progress.Send(&fraction, 1);
            };
        }
        try {
            result_ = computation_(execution_);
        } catch (const InvalidFeatures& error) {
            fail("INVALID_FEATURES", error.what());
        } catch (const InvalidArgument& error) {
            fail("INVALID_ARGUMENT", error.what());
        } catch (const Cancelled& error) {
            fail("CANCELED", error.what());
        } catch (const std::bad_alloc&) {
            fail("OUT_OF_MEMORY", "There is not enough memory for this computation.");
        }
    }

    void OnProgress(const double* fraction, std::size_t count) override {
        if (count == 0 || on_progress_.IsEmpty()) return;
        on_progress_.Call({Napi::Number::New(Env(), *fraction)});
    }

    void OnOK() override {
        auto values = Napi::TypedArrayOf<Value>::New(Env(), result_.size());
        std::copy(result_.begin(), result_.end(), values.Data());
        promise_.Resolve(values);
    }

    void OnError(const Napi::Error& error) override {
        if (!code_.empty()) error.Value().Set("code", code_);
        promise_.Reject(error.Value());
    }

private:
    void fail(const char* code, const char* message) {
        code_ = code;
        SetError(message);
    }

    Napi::Promise::Deferred promise_;
    ComputationOf<Value> computation_;
    Execution execution_;
    std::shared_ptr<std::atomic<bool>> cancelled_;
    std::vector<Napi::ObjectReference> inputs_;
    Napi::FunctionReference on_progress_;
    std::vector<Value> result_;
    std::string code_;
};

template <class Value>
Napi::Object start_computation(Napi::Env env, ComputationOf<Value> computation, Execution execution,
                               const std::vector<Napi::Value>& inputs, Napi::Value on_progress) {
    const auto cancelled = std::make_shared<std::atomic<bool>>(false);
    auto* worker = new Worker<Value>(env, std::move(computation), std::move(execution), cancelled);  // deletes itself when done
    for (const Napi::Value& input : inputs) worker->keep_alive(input);
    if (on_progress.IsFunction()) worker->report_to(on_progress.As<Napi::Function>());
    const auto task = Napi::Object::New(env);
    task.Set("promise", worker->promise());
    task.Set("cancel", Napi::Function::New(env, [cancelled](const Napi::CallbackInfo&) { *cancelled = true; }));
    worker->Queue();
    return task;
}

}  // namespace

Napi::Object start(Napi::Env env, Computation computation, Execution execution, const std::vector<Napi::Value>& inputs,
                   Napi::Value on_progress) {
    return start_computation(env, std::move(computation), std::move(execution), inputs, on_progress);
}

Napi::Object start_doubles(Napi::Env env, ComputationOf<double> computation, Execution execution,
                           const std::vector<Napi::Value>& inputs, Napi::Value on_progress) {
    return start_computation(env, std::move(computation), std::move(execution), inputs, on_progress);
}

}  // namespace perch::binding
