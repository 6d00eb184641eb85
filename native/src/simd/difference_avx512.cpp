#include <immintrin.h>

#include "simd/difference_loops.hpp"

namespace perch {
namespace {

struct Avx512 {
    static constexpr int lanes = 16, rows = 8, columns = 2;
    using Vector = __m512;

    static Vector zero() { return _mm512_setzero_ps(); }
    static Vector load(const float* values) { return _mm512_loadu_ps(values); }
    static Vector broadcast(float value) { return _mm512_set1_ps(value); }
    static void store(float* values, Vector v) { _mm512_storeu_ps(values, v); }
    static Vector add(Vector a, Vector b) { return _mm512_add_ps(a, b); }
    static Vector absolute_difference(Vector a, Vector b) { return _mm512_abs_ps(_mm512_sub_ps(a, b)); }
    static Vector squared_difference(Vector a, Vector b) {
        const Vector difference = _mm512_sub_ps(a, b);
        return _mm512_mul_ps(difference, difference);
    }
};

}  // namespace

const DifferenceKernel difference_avx512 = difference_kernel_of<Avx512>();

}  // namespace perch
