#pragma once

#include <napi.h>

namespace perch::binding {

/// Exports medianReference and meanReference (features, patchSize, execution).
void export_references(Napi::Env env, Napi::Object exports);

}  // namespace perch::binding
