#include "regions.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "arguments.hpp"
#include "errors.hpp"
#include "perch/regions.hpp"

namespace perch::binding {
namespace {

constexpr int max_int = std::numeric_limits<int>::max();

struct Options {
    int width;
    int height;
    SizeLimits limits;
};

Options read_options(Napi::Value value) {
    const Napi::Object object = read_object(value, "options");
    Options options;
    options.width = read_integer(object.Get("width"), "options.width", 1, max_int);
    options.height = read_integer(object.Get("height"), "options.height", 1, max_int);
    options.limits.min_area = std::uint32_t(read_integer(object.Get("minArea"), "options.minArea", 1, max_int));
    options.limits.min_length = read_positive(object.Get("minLength"), "options.minLength", true);
    options.limits.pixels_per_column = read_positive(object.Get("pixelsPerColumn"), "options.pixelsPerColumn");
    options.limits.pixels_per_row = read_positive(object.Get("pixelsPerRow"), "options.pixelsPerRow");
    return options;
}

/// Views scores and mask after all other arguments are read.
MaskedMap view_map(Napi::Value scores, Napi::Value mask, const Options& options) {
    const auto require_length = [&](std::size_t length, const char* name) {
        if (double(length) == double(options.width) * options.height) return;
        throw_range_error(scores.Env(), std::string(name) + " has " + std::to_string(length) + " elements, not " +
                                            std::to_string(options.height) + " x " + std::to_string(options.width) +
                                            ".");
    };
    const auto values = view_floats(scores, "scores");
    require_length(values.size(), "scores");
    MaskedMap map{values.data(), nullptr, options.height, options.width};
    if (mask.IsUndefined()) return map;
    const auto inside = view_bytes(mask, "mask");
    require_length(inside.size(), "mask");
    map.mask = inside.data();
    return map;
}

Napi::Object object_of(Napi::Env env, std::initializer_list<std::pair<const char*, double>> numbers) {
    const auto object = Napi::Object::New(env);
    for (const auto& [name, number] : numbers) object.Set(name, Napi::Number::New(env, number));
    return object;
}

Napi::Value score_image(const Napi::CallbackInfo& call) {
    const Napi::Env env = call.Env();
    const Options options = read_options(call[2]);
    const auto found = image_score(view_map(call[0], call[1], options), options.limits);
    if (!found) return env.Null();
    const Region& region = found->region;
    const auto result = object_of(env, {{"score", found->score}});
    result.Set("region", object_of(env, {{"area", region.area},
                                         {"left", region.left},
                                         {"top", region.top},
                                         {"columns", region.columns},
                                         {"rows", region.rows},
                                         {"peak", region.peak},
                                         {"peakColumn", region.peak_column},
                                         {"peakRow", region.peak_row},
                                         {"centroidColumn", region.centroid_column},
                                         {"centroidRow", region.centroid_row}}));
    return result;
}

Napi::Value measure(const Napi::CallbackInfo& call) {
    const double threshold = read_number(call[2], "threshold");
    if (std::isnan(threshold)) throw_range_error(call.Env(), "threshold is NaN; it must be a number.");
    const Options options = read_options(call[3]);
    const auto [count, area] = measure_regions(view_map(call[0], call[1], options), threshold, options.limits);
    return object_of(call.Env(), {{"count", double(count)}, {"area", double(area)}});
}

}  // namespace

void export_regions(Napi::Env env, Napi::Object exports) {
    exports.Set("imageScore", Napi::Function::New<guarded<score_image>>(env));
    exports.Set("measureRegions", Napi::Function::New<guarded<measure>>(env));
}

}  // namespace perch::binding
