#pragma once

#include <napi.h>

namespace perch::binding {

/// Exports the class ThresholdSweep:
///   new ThresholdSweep()
///   add(scores: Float32Array, groundTruth: Uint8Array, width, height) -> { highest, regions }
///   operatingPoints(execution) -> { promise, cancel }
/// The promise resolves to a Float64Array that holds the columns threshold, false positives, true positives and overlap,
/// one after the other. The sweep is empty afterwards.
void export_threshold_sweep(Napi::Env env, Napi::Object exports);

}  // namespace perch::binding
