#pragma once

#include <vector>

#include "perch_cuda.h"
#include "statistics/stencils.hpp"

namespace perch {

/// A stencil of the core as perch_cuda.h has it.
struct CudaStencil {
    std::vector<perch_cuda_offset> offsets;
    std::vector<perch_cuda_tap> taps;
    perch_cuda_stencil view;

    explicit CudaStencil(const Stencil& stencil) {
        for (const StencilOffset& offset : stencil.offsets)
            offsets.push_back({offset.dy, offset.dx, offset.first, offset.count});
        for (const Tap& tap : stencil.taps) taps.push_back({tap.position, tap.weight});
        view = {offsets.data(), offsets.size(), taps.data(), taps.size()};
    }
    CudaStencil(const CudaStencil&) = delete;
    CudaStencil& operator=(const CudaStencil&) = delete;
};

}  // namespace perch
