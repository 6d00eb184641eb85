#pragma once

#include <napi.h>

namespace perch::binding {

/// Exports the comparisons of features with those of other images:
///   nearestDistances(rows, memory, execution)
///   mutualDistances(image, others: features[], { sides: Uint32Array, layers }, execution)
///   residualEnergy(features, mean: Float64Array, directions, execution)
/// Rows, memory and directions are `{ values: Float32Array, count, length }`.
void export_comparisons(Napi::Env env, Napi::Object exports);

}  // namespace perch::binding
