#include <immintrin.h>

#include "simd/inner_product_loops.hpp"

namespace perch {
namespace {

struct Avx2 {
    static constexpr int lanes = 8, rows = 6, columns = 2;
    using Vector = __m256;
    using Index = __m256i;

    static Vector load(const float* values) { return _mm256_loadu_ps(values); }
    static Vector broadcast(float value) { return _mm256_set1_ps(value); }
    static void store(float* values, Vector v) { _mm256_storeu_ps(values, v); }
    static Vector add(Vector a, Vector b) { return _mm256_add_ps(a, b); }
    static Vector subtract(Vector a, Vector b) { return _mm256_sub_ps(a, b); }
    static Vector multiply(Vector a, Vector b) { return _mm256_mul_ps(a, b); }
    static Vector multiply_add(Vector a, Vector b, Vector c) { return _mm256_fmadd_ps(a, b, c); }
    static Index load_index(const std::int32_t* values) {
        return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(values));
    }
    static Index broadcast_index(std::int32_t value) { return _mm256_set1_epi32(value); }
    static void store_index(std::int32_t* values, Index v) {
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(values), v);
    }
    static void keep_larger(Vector& best, Index& index, Vector candidate, Index candidate_index) {
        const __m256 larger = _mm256_cmp_ps(candidate, best, _CMP_GT_OQ);
        best = _mm256_blendv_ps(best, candidate, larger);
        index = _mm256_blendv_epi8(index, candidate_index, _mm256_castps_si256(larger));
    }
};

}  // namespace

const InnerProductKernel inner_product_avx2 = inner_product_kernel_of<Avx2>();

}  // namespace perch
