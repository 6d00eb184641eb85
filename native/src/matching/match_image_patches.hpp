#pragma once

#include "perch/execution.hpp"
#include "perch/feature_map.hpp"
#include "perch/image_references.hpp"
#include "planes/stencil.hpp"

namespace perch {

/// The common part of SWW and FCA for references from the image itself: the stencil scatters the matching errors of
/// each patch against its references, averaged over channels, to the map.
///
/// @param map H x W, written
/// @throws InvalidFeatures, InvalidArgument, Canceled
void match_image_patches(const FeatureMap& features, const PatchReferences& references, int patch_size,
                         const Stencil& stencil, float* map, const Execution& execution);

}  // namespace perch
