#include <immintrin.h>

#include "simd/qfca_loops.hpp"

namespace perch {
namespace {

struct Avx2 {
    static constexpr int lanes = 8;
    using Vector = __m256;

    static Vector zero() { return _mm256_setzero_ps(); }
    static Vector load(const float* values) { return _mm256_loadu_ps(values); }
    static Vector broadcast(float value) { return _mm256_set1_ps(value); }
    static void store(float* values, Vector v) { _mm256_storeu_ps(values, v); }
    static Vector add(Vector a, Vector b) { return _mm256_add_ps(a, b); }
    static Vector multiply(Vector a, Vector b) { return _mm256_mul_ps(a, b); }
    static float sum(Vector v) {
        const __m128 half = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
        const __m128 pair = _mm_add_ps(half, _mm_movehl_ps(half, half));
        return _mm_cvtss_f32(_mm_add_ss(pair, _mm_movehdup_ps(pair)));
    }

    static __m256i load_counts(const std::uint16_t* counts) {
        return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(counts));
    }
    static void move(std::uint16_t* counts, const std::uint16_t* added, const std::uint16_t* removed) {
        const __m256i moved =
            _mm256_sub_epi16(_mm256_add_epi16(load_counts(counts), load_counts(added)), load_counts(removed));
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(counts), moved);
    }
    static __m256i widen(const std::uint16_t* counts) {
        return _mm256_cvtepu16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(counts)));
    }
    static Vector scaled(__m256i sum, float unit) { return multiply(_mm256_cvtepi32_ps(sum), broadcast(unit)); }
    static void match(const std::uint16_t* first, const std::uint16_t* end, const LevelMatches& matches,
                      float* errors) {
        for (int j = 0; j < level_block; j += lanes) {
            const __m256i start = widen(first + j), given = widen(end + j);
            // Equal lanes are -1.
            const __m256i stop = _mm256_sub_epi32(given, _mm256_cmpeq_epi32(given, start));
            const __m256i split = _mm256_min_epi32(
                stop, _mm256_max_epi32(start, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(matches.splits + j))));
            const __m256i middle = _mm256_i32gather_epi32(matches.prefix, split, 4);
            const __m256i above = _mm256_sub_epi32(_mm256_i32gather_epi32(matches.prefix, stop, 4), middle);
            const __m256i below = _mm256_sub_epi32(middle, _mm256_i32gather_epi32(matches.prefix, start, 4));
            const Vector count = _mm256_cvtepi32_ps(_mm256_sub_epi32(stop, start)), value = load(matches.values + j);
            const Vector mean = _mm256_div_ps(scaled(_mm256_add_epi32(above, below), matches.unit), count);
            const Vector of_mean = _mm256_andnot_ps(_mm256_set1_ps(-0.0f), _mm256_sub_ps(value, mean));
            const __m256i surplus = _mm256_sub_epi32(_mm256_add_epi32(split, split), _mm256_add_epi32(start, stop));
            const Vector of_sum =
                add(scaled(_mm256_sub_epi32(above, below), matches.unit), multiply(value, _mm256_cvtepi32_ps(surplus)));
            const Vector spread = _mm256_sub_ps(_mm256_div_ps(of_sum, count), load(matches.slacks + j));
            store(errors + j, _mm256_max_ps(of_mean, spread));
        }
    }
};

}  // namespace

const QfcaKernel qfca_avx2 = qfca_kernel_of<Avx2>();

}  // namespace perch
