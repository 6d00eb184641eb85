#include "comparisons.hpp"

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "arguments.hpp"
#include "async_job.hpp"
#include "errors.hpp"
#include "perch/mutual.hpp"
#include "perch/nearest.hpp"
#include "perch/subspace.hpp"

namespace perch::binding {
namespace {

constexpr int max_int = std::numeric_limits<int>::max();

/// An argument `{ values: Float32Array, count, length }`. The values are viewed separately, as those of features.
class RowsArgument {
public:
    RowsArgument(Napi::Value rows, std::string name) : name_(std::move(name)) {
        const Napi::Object object = read_object(rows, name_.c_str());
        values_ = object.Get("values");
        shape_.count = std::size_t(read_integer(object.Get("count"), (name_ + ".count").c_str(), 0, max_int));
        shape_.length = read_integer(object.Get("length"), (name_ + ".length").c_str(), 1, max_int);
    }

    Napi::Value values() const { return values_; }
    Rows view() const {
        const std::string name = name_ + ".values";
        const std::span<const float> values = view_floats(values_, name.c_str());
        if (double(values.size()) != double(shape_.count) * shape_.length) {
            throw_range_error(values_.Env(), name + " has " + std::to_string(values.size()) + " elements, not " +
                                                 std::to_string(shape_.count) + " x " + std::to_string(shape_.length) +
                                                 ".");
        }
        Rows rows = shape_;
        rows.values = values.data();
        return rows;
    }

private:
    std::string name_;
    Napi::Value values_;
    Rows shape_;
};

MutualScales read_scales(Napi::Value value) {
    const Napi::Object object = read_object(value, "scales");
    MutualScales scales;
    scales.layers = read_integer(object.Get("layers"), "scales.layers", 1, max_int);
    const auto sides = view_indices(object.Get("sides"), "scales.sides");
    if (sides.empty() || sides.size() > std::size_t(max_neighborhood)) {
        throw_range_error(value.Env(),
                          "scales.sides must have 1 to " + std::to_string(max_neighborhood) + " elements.");
    }
    scales.sides.clear();
    for (const std::uint32_t side : sides) scales.sides.push_back(side > 1000 ? 0 : int(side));
    return scales;
}

/// Keeps the memory of several arguments.
Napi::Value kept(Napi::Env env, const std::vector<Napi::Value>& values) {
    const auto list = Napi::Array::New(env);
    for (const Napi::Value& value : values) list.Set(list.Length(), value);
    return list;
}

Napi::Value start_nearest_distances(const Napi::CallbackInfo& call) {
    const RowsArgument rows(call[0], "rows"), memory(call[1], "memory");
    const ExecutionArgument options = read_execution(call[2]);
    return run_async<float>(
        call.Env(),
        [rows = rows.view(), memory = memory.view()](const Execution& execution) {
            return nearest_distances(rows, memory, execution);
        },
        options, kept(call.Env(), {rows.values(), memory.values()}));
}

Napi::Value start_mutual_distances(const Napi::CallbackInfo& call) {
    const FeatureArgument image(call[0]);
    if (!call[1].IsArray()) throw_type_error(call.Env(), "others must be an array.");
    const auto list = call[1].As<Napi::Array>();
    std::vector<FeatureArgument> others;
    const std::uint32_t count = list.Length();  // once: reading an element may change it
    for (std::uint32_t i = 0; i < count; i++) others.emplace_back(list.Get(i));
    MutualScales scales = read_scales(call[2]);
    const ExecutionArgument options = read_execution(call[3]);
    std::vector<Napi::Value> values{image.values()};
    std::vector<FeatureMap> views;
    for (const FeatureArgument& other : others) {
        values.push_back(other.values());
        views.push_back(other.view());
    }
    return run_async<float>(
        call.Env(),
        [view = image.view(), views = std::move(views), scales = std::move(scales)](const Execution& execution) {
            return mutual_distances(view, views, scales, execution);
        },
        options, kept(call.Env(), values));
}

Napi::Value start_residual_energy(const Napi::CallbackInfo& call) {
    const FeatureArgument features(call[0]);
    const auto means = view_doubles(call[1], "mean");
    std::vector<double> mean(means.begin(), means.end());
    const RowsArgument directions(call[2], "directions");
    const ExecutionArgument options = read_execution(call[3]);
    return run_async<float>(
        call.Env(),
        [view = features.view(), mean = std::move(mean), directions = directions.view()](const Execution& execution) {
            std::vector<float> map(view.pixels());
            residual_energy(view, mean, directions, map.data(), execution);
            return map;
        },
        options, kept(call.Env(), {features.values(), directions.values()}));
}

}  // namespace

void export_comparisons(Napi::Env env, Napi::Object exports) {
    exports.Set("nearestDistances", Napi::Function::New<guarded<start_nearest_distances>>(env));
    exports.Set("mutualDistances", Napi::Function::New<guarded<start_mutual_distances>>(env));
    exports.Set("residualEnergy", Napi::Function::New<guarded<start_residual_energy>>(env));
}

}  // namespace perch::binding
