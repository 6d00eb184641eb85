#include "simd/dispatch.hpp"

namespace perch {

const DifferenceKernel& difference_kernel([[maybe_unused]] Isa isa) {
#ifdef PERCH_X86_KERNELS
    if (isa == Isa::avx512) return differences_avx512;
    if (isa == Isa::avx2) return differences_avx2;
#endif
    return differences_portable;
}

}  // namespace perch
