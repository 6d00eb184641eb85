#pragma once

#include <napi.h>

namespace perch::binding {

/// Exports the statistics whose references come from the image itself, and the mean reference:
///   meanReference(features, patch, execution)
///   fcaAgainst(features, reference, { patch, sigmaP, sigmaS }, execution)
///   swwAgainst(features, reference, { patch, sigma }, execution)
///   moments(features, reference, { patch, sigma }, execution)
///   histogram(features, reference, { patch, sigma, bins }, execution)
///   meanDistances(features, reference, { patch, sigma }, execution)
/// where `reference` is { kind: 'global' | 'all' }, { kind: 'positions', positions: Uint32Array } or { kind: 'nearest', count }.
void export_references(Napi::Env env, Napi::Object exports);

}  // namespace perch::binding
