#include "simd/dispatch.hpp"

namespace perch {

const DifferenceKernel& difference_kernel([[maybe_unused]] Isa isa) {
#ifdef PERCH_X86_KERNELS
    if (isa == Isa::avx512) return difference_avx512;
    if (isa == Isa::avx2) return difference_avx2;
#endif
#ifdef PERCH_NEON_KERNELS
    if (isa == Isa::neon) return difference_neon;
#endif
#ifdef PERCH_WASM_KERNELS
    if (isa == Isa::wasm) return difference_wasm;
#endif
    return difference_portable;
}

const InnerProductKernel& inner_product_kernel([[maybe_unused]] Isa isa) {
#ifdef PERCH_X86_KERNELS
    if (isa == Isa::avx512) return inner_product_avx512;
    if (isa == Isa::avx2) return inner_product_avx2;
#endif
#ifdef PERCH_NEON_KERNELS
    if (isa == Isa::neon) return inner_product_neon;
#endif
#ifdef PERCH_WASM_KERNELS
    if (isa == Isa::wasm) return inner_product_wasm;
#endif
    return inner_product_portable;
}

const MedianKernel& median_kernel([[maybe_unused]] Isa isa) {
#ifdef PERCH_X86_KERNELS
    if (isa == Isa::avx512) return median_avx512;
    if (isa == Isa::avx2) return median_avx2;
#endif
    return median_portable;
}

const QfcaKernel& qfca_kernel([[maybe_unused]] Isa isa) {
#ifdef PERCH_X86_KERNELS
    if (isa == Isa::avx512) return qfca_avx512;
    if (isa == Isa::avx2) return qfca_avx2;
#endif
    return qfca_portable;
}

ValueRangeKernel value_range_kernel([[maybe_unused]] Isa isa) {
#ifdef PERCH_X86_KERNELS
    if (isa == Isa::avx512) return value_range_avx512;
    if (isa == Isa::avx2) return value_range_avx2;
#endif
    return value_range_portable;
}

const RankMatchKernel* rank_match_kernel([[maybe_unused]] Isa isa, int patch_size) {
    if (patch_size > max_simd_patch_size) return nullptr;
#ifdef PERCH_X86_KERNELS
    if (isa == Isa::avx512) return &rank_match_avx512;
    if (isa == Isa::avx2) return &rank_match_avx2;
#endif
#ifdef PERCH_NEON_KERNELS
    if (isa == Isa::neon) return &rank_match_neon;
#endif
#ifdef PERCH_WASM_KERNELS
    if (isa == Isa::wasm) return &rank_match_wasm;
#endif
    return nullptr;
}

}  // namespace perch
