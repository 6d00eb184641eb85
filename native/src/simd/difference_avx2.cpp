#include <immintrin.h>

#include "simd/difference_loops.hpp"

namespace perch {
namespace {

struct Avx2 {
    static constexpr int lanes = 8, rows = 4, columns = 2;
    using Vector = __m256;

    static Vector zero() { return _mm256_setzero_ps(); }
    static Vector load(const float* values) { return _mm256_loadu_ps(values); }
    static Vector broadcast(float value) { return _mm256_set1_ps(value); }
    static void store(float* values, Vector v) { _mm256_storeu_ps(values, v); }
    static Vector add(Vector a, Vector b) { return _mm256_add_ps(a, b); }
    static Vector absolute_difference(Vector a, Vector b) {
        return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), _mm256_sub_ps(a, b));
    }
    static Vector squared_difference(Vector a, Vector b) {
        const Vector difference = _mm256_sub_ps(a, b);
        return _mm256_mul_ps(difference, difference);
    }
};

}  // namespace

const DifferenceKernel difference_avx2 = difference_kernel_of<Avx2>();

}  // namespace perch
