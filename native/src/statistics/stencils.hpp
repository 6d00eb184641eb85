#pragma once

#include "perch/fca.hpp"
#include "perch/sww.hpp"
#include "planes/stencil.hpp"

namespace perch {

/// FCA: smoothing moves part of the error at a patch position to the positions at most two rows and columns away.
/// There it is weighted by the target's distance from the center of the patch.
Stencil fca_stencil(const FcaParameters& parameters);

/// SWW: each error is scattered to the center of its patch.
Stencil sww_stencil(const SwwParameters& parameters);

}  // namespace perch
