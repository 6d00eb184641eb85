#pragma once

#include <napi.h>

namespace perch::binding {

/// Exports, for maps of H x W scores; both return at once:
///   imageScore(scores: Float32Array, mask: Uint8Array | undefined, options)
///       -> { score, region: { area, left, top, columns, rows, peak, peakColumn, peakRow, centroidColumn, centroidRow } }
///       or null
///   measureRegions(scores, mask, threshold, options) -> { count, area }
/// options: { width, height, minArea, minLength, pixelsPerColumn, pixelsPerRow }
void export_regions(Napi::Env env, Napi::Object exports);

}  // namespace perch::binding
