#include <immintrin.h>

#include "simd/rank_match_loops.hpp"

namespace perch {
namespace {

/// 64 pixels at a time. Comparisons return mask registers, so the bytes are in pixel order.
struct Avx512 {
    static constexpr int lanes = 64;
    using Bytes = __m512i;
    struct Keys {
        __m512i first, second;
    };
    struct Values {
        __m512 quarters[4];
    };

    static Bytes zero() { return _mm512_setzero_si512(); }
    static Bytes add(Bytes a, Bytes b) { return _mm512_add_epi8(a, b); }
    static Bytes subtract(Bytes a, Bytes b) { return _mm512_sub_epi8(a, b); }

    static Keys load_keys(const void* words) {
        return {_mm512_loadu_si512(words), _mm512_loadu_si512(static_cast<const char*>(words) + 64)};
    }

    static Bytes add_less(Bytes total, Keys own, const std::int16_t* keys) {
        const Keys other = load_keys(keys);
        return add_where(total, _mm512_cmplt_epi16_mask(other.first, own.first),
                         _mm512_cmplt_epi16_mask(other.second, own.second));
    }

    static Bytes add_less_equal(Bytes total, Keys own, const std::int16_t* keys) {
        const Keys other = load_keys(keys);
        return add_where(total, _mm512_cmple_epi16_mask(other.first, own.first),
                         _mm512_cmple_epi16_mask(other.second, own.second));
    }

    /// In the order in which Table::find unpacks bytes to floats (pixel_at): quarter k contains the k-th four
    /// of each 16 pixels.
    static Values load_values(const float* values) {
        const __m512 a = _mm512_loadu_ps(values), b = _mm512_loadu_ps(values + 16);
        const __m512 c = _mm512_loadu_ps(values + 32), d = _mm512_loadu_ps(values + 48);
        const __m512 ab_even = _mm512_shuffle_f32x4(a, b, 0x88), ab_odd = _mm512_shuffle_f32x4(a, b, 0xdd);
        const __m512 cd_even = _mm512_shuffle_f32x4(c, d, 0x88), cd_odd = _mm512_shuffle_f32x4(c, d, 0xdd);
        return {{_mm512_shuffle_f32x4(ab_even, cd_even, 0x88), _mm512_shuffle_f32x4(ab_odd, cd_odd, 0x88),
                 _mm512_shuffle_f32x4(ab_even, cd_even, 0xdd), _mm512_shuffle_f32x4(ab_odd, cd_odd, 0xdd)}};
    }

    /// Looks up bytes in tables of up to 225 entries. A byte permutation reads 64 entries from one register
    /// or 128 from two. For larger tables, the rank's top bit selects between two permutations.
    template <int entries>
    class Table {
    public:
        explicit Table(const std::uint8_t* bytes) {
            for (int byte = 0; byte < 4; byte++) {
                for (int part = 0; part < parts; part++) {
                    bytes_[byte][part] = _mm512_loadu_si512(bytes + 256 * byte + 64 * part);
                }
            }
        }

        Values find(Bytes ranks) const {
            const Bytes first = find_byte(0, ranks), second = find_byte(1, ranks);
            const Bytes third = find_byte(2, ranks), fourth = find_byte(3, ranks);
            const __m512i low_halves = _mm512_unpacklo_epi8(first, second),
                          high_halves = _mm512_unpacklo_epi8(third, fourth);
            const __m512i low_halves_2 = _mm512_unpackhi_epi8(first, second),
                          high_halves_2 = _mm512_unpackhi_epi8(third, fourth);
            return {{_mm512_castsi512_ps(_mm512_unpacklo_epi16(low_halves, high_halves)),
                     _mm512_castsi512_ps(_mm512_unpackhi_epi16(low_halves, high_halves)),
                     _mm512_castsi512_ps(_mm512_unpacklo_epi16(low_halves_2, high_halves_2)),
                     _mm512_castsi512_ps(_mm512_unpackhi_epi16(low_halves_2, high_halves_2))}};
        }

    private:
        static constexpr int parts = entries > 128 ? 4 : entries > 64 ? 2 : 1;

        Bytes find_byte(int byte, Bytes ranks) const {
            const __m512i* table = bytes_[byte];
            if constexpr (parts == 1)
                return _mm512_permutexvar_epi8(ranks, table[0]);
            else if constexpr (parts == 2)
                return _mm512_permutex2var_epi8(table[0], ranks, table[1]);
            else
                return _mm512_mask_blend_epi8(_mm512_movepi8_mask(ranks),
                                              _mm512_permutex2var_epi8(table[0], ranks, table[1]),
                                              _mm512_permutex2var_epi8(table[2], ranks, table[3]));
        }

        __m512i bytes_[4][parts];
    };

    static Values load_sums(const float* sums) {
        return {
            {_mm512_load_ps(sums), _mm512_load_ps(sums + 16), _mm512_load_ps(sums + 32), _mm512_load_ps(sums + 48)}};
    }

    static void store_sums(float* sums, const Values& values) {
        for (int k = 0; k < 4; k++) _mm512_store_ps(sums + 16 * k, values.quarters[k]);
    }

    static Values add_distances(Values sums, const Values& values, const Values& matches) {
        for (int k = 0; k < 4; k++) {
            sums.quarters[k] = _mm512_add_ps(sums.quarters[k], distance(values.quarters[k], matches.quarters[k]));
        }
        return sums;
    }

    static constexpr int pixel_at(int index) { return index % 16 / 4 * 16 + index / 16 * 4 + index % 4; }

private:
    static Bytes add_where(Bytes total, __mmask32 first, __mmask32 second) {
        return _mm512_mask_add_epi8(total, _mm512_kunpackd(second, first), total, _mm512_set1_epi8(1));
    }

    static __m512 distance(__m512 a, __m512 b) { return _mm512_abs_ps(_mm512_sub_ps(a, b)); }
};

}  // namespace

const RankMatchKernel rank_match_avx512{Avx512::lanes, sum_errors<Avx512>, scatter<Avx512>};

}  // namespace perch
