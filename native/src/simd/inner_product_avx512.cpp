#include <immintrin.h>

#include "simd/inner_product_loops.hpp"

namespace perch {
namespace {

struct Avx512 {
    static constexpr int lanes = 16, rows = 13, columns = 2;
    using Vector = __m512;
    using Index = __m512i;

    static Vector load(const float* values) { return _mm512_loadu_ps(values); }
    static Vector broadcast(float value) { return _mm512_set1_ps(value); }
    static void store(float* values, Vector v) { _mm512_storeu_ps(values, v); }
    static Vector add(Vector a, Vector b) { return _mm512_add_ps(a, b); }
    static Vector subtract(Vector a, Vector b) { return _mm512_sub_ps(a, b); }
    static Vector multiply(Vector a, Vector b) { return _mm512_mul_ps(a, b); }
    static Vector multiply_add(Vector a, Vector b, Vector c) { return _mm512_fmadd_ps(a, b, c); }
    static Index load_index(const std::int32_t* values) { return _mm512_loadu_si512(values); }
    static Index broadcast_index(std::int32_t value) { return _mm512_set1_epi32(value); }
    static void store_index(std::int32_t* values, Index v) { _mm512_storeu_si512(values, v); }
    static void keep_larger(Vector& best, Index& index, Vector candidate, Index candidate_index) {
        const __mmask16 larger = _mm512_cmp_ps_mask(candidate, best, _CMP_GT_OQ);
        best = _mm512_mask_mov_ps(best, larger, candidate);
        index = _mm512_mask_mov_epi32(index, larger, candidate_index);
    }
};

}  // namespace

const InnerProductKernel inner_product_avx512 = inner_product_kernel_of<Avx512>();

}  // namespace perch
