#pragma once

#include <napi.h>

namespace perch::binding {

/// Exports the class ScoredPixels:
///   new ScoredPixels(capacity)
///   add(scores: Float32Array, regions: Int32Array)
///   sweep(sizes: Float64Array, execution) -> { promise of a Float64Array, cancel }; threshold, false positives, true
///   positives and overlap of each corner
void export_pixels(Napi::Env env, Napi::Object exports);

}  // namespace perch::binding
