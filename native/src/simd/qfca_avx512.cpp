#include <immintrin.h>

#include "simd/qfca_loops.hpp"

namespace perch {
namespace {

struct Avx512 {
    static constexpr int lanes = 16;
    using Vector = __m512;

    static Vector zero() { return _mm512_setzero_ps(); }
    static Vector load(const float* values) { return _mm512_loadu_ps(values); }
    static Vector broadcast(float value) { return _mm512_set1_ps(value); }
    static void store(float* values, Vector v) { _mm512_storeu_ps(values, v); }
    static Vector add(Vector a, Vector b) { return _mm512_add_ps(a, b); }
    static Vector multiply(Vector a, Vector b) { return _mm512_mul_ps(a, b); }
    static float sum(Vector v) { return _mm512_reduce_add_ps(v); }

    static __m256i load_counts(const std::uint16_t* counts) {
        return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(counts));
    }
    static void move(std::uint16_t* counts, const std::uint16_t* added, const std::uint16_t* removed) {
        const __m256i moved =
            _mm256_sub_epi16(_mm256_add_epi16(load_counts(counts), load_counts(added)), load_counts(removed));
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(counts), moved);
    }
    static Vector scaled(__m512i sum, float unit) { return multiply(_mm512_cvtepi32_ps(sum), broadcast(unit)); }
    static void match(const std::uint16_t* first, const std::uint16_t* end, const LevelMatches& matches,
                      float* errors) {
        const __m512i start = _mm512_cvtepu16_epi32(load_counts(first));
        const __m512i given = _mm512_cvtepu16_epi32(load_counts(end));
        const __m512i stop =
            _mm512_mask_add_epi32(given, _mm512_cmpeq_epi32_mask(given, start), given, _mm512_set1_epi32(1));
        const __m512i split = _mm512_min_epi32(stop, _mm512_max_epi32(start, _mm512_loadu_si512(matches.splits)));
        const __m512i middle = _mm512_i32gather_epi32(split, matches.prefix, 4);
        const __m512i above = _mm512_sub_epi32(_mm512_i32gather_epi32(stop, matches.prefix, 4), middle);
        const __m512i below = _mm512_sub_epi32(middle, _mm512_i32gather_epi32(start, matches.prefix, 4));
        const Vector count = _mm512_cvtepi32_ps(_mm512_sub_epi32(stop, start)), value = load(matches.values);
        const Vector mean = _mm512_div_ps(scaled(_mm512_add_epi32(above, below), matches.unit), count);
        const Vector of_mean = _mm512_abs_ps(_mm512_sub_ps(value, mean));
        const __m512i surplus = _mm512_sub_epi32(_mm512_add_epi32(split, split), _mm512_add_epi32(start, stop));
        const Vector of_sum =
            add(scaled(_mm512_sub_epi32(above, below), matches.unit), multiply(value, _mm512_cvtepi32_ps(surplus)));
        const Vector spread = _mm512_sub_ps(_mm512_div_ps(of_sum, count), load(matches.slacks));
        store(errors, _mm512_max_ps(of_mean, spread));
    }
};

}  // namespace

const QfcaKernel qfca_avx512 = qfca_kernel_of<Avx512>();

}  // namespace perch
