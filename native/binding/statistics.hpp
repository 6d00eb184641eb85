#pragma once

#include <napi.h>

namespace perch::binding {

/// Exports the statistics, each (features, reference, parameters, execution):
///   fca, fcaWithReferences   { patchSize, sigmaP, sigmaS }
///   sww, swwWithReferences   { patchSize, sigma }
///   moments                  { patchSize, sigma }
///   histogram                { patchSize, sigma, bins }
///   knnMeanDistances         { patchSize, sigma }
/// fca and sww take the reference as a Float32Array (C x T*T, ascending lists), the others as an object
/// (arguments.hpp).
void export_statistics(Napi::Env env, Napi::Object exports);

}  // namespace perch::binding
