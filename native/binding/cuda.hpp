#pragma once

#include <napi.h>

namespace perch::binding {

/// Exports openCuda(path, needsDriver), which loads the CUDA kernels and returns the first device:
///   name, computeCapability, memoryBytes
///   medianReference(features, patchSize, execution, tiles?)
///   fca, sww               (features, reference: Float32Array, parameters, execution)
///   fcaWithReferences, swwWithReferences   (features, { kind: 'nearest', k, among? }, parameters, execution)
/// The functions have the arguments and results of the module's own. Their errors may carry the code DEVICE_FAILED or
/// DEVICE_OUT_OF_MEMORY.
void export_cuda(Napi::Env env, Napi::Object exports);

}  // namespace perch::binding
