#include <immintrin.h>

#include "simd/rank_match_loops.hpp"
#include "simd/rank_match_scatter.hpp"

namespace perch {
namespace {

/// 64 pixels at a time. Packing 16-bit results to bytes interleaves groups of eight pixels of the two strips; unpacking the
/// bytes to floats separates them again. Keys are unsigned.
struct Avx512 {
    static constexpr int lanes = 64;
    using Bytes = __m512i;
    using Keys = __m512i;
    struct Comparison {
        __m512i bytes;
    };
    struct Strips {
        Keys upper, lower;
    };
    using Sum = float;
    struct Values {
        __m512 quarters[4];
    };

    static Bytes zero() { return _mm512_setzero_si512(); }
    static Bytes add(Bytes a, Bytes b) { return _mm512_add_epi8(a, b); }
    static Bytes subtract(Bytes a, Bytes b) { return _mm512_sub_epi8(a, b); }

    static Keys load_keys(const std::int16_t* keys) { return _mm512_loadu_si512(keys); }

    /// 1 if true. Comparisons return mask registers, which takes longer than this: a saturated difference is above
    /// zero, also as a byte, where own is larger.
    static Comparison compare(const Strips& own, const Strips& other) {
        const Bytes differences =
            _mm512_packs_epi16(_mm512_subs_epu16(own.upper, other.upper), _mm512_subs_epu16(own.lower, other.lower));
        return {_mm512_min_epu8(differences, _mm512_set1_epi8(1))};
    }

    static Bytes ones(Comparison comparison) { return comparison.bytes; }
    static Bytes add(Bytes total, Comparison comparison) { return _mm512_add_epi8(total, comparison.bytes); }
    static Bytes subtract(Bytes total, Comparison comparison) { return _mm512_sub_epi8(total, comparison.bytes); }

    static Strips at_least(const Strips& own) {
        const __m512i one = _mm512_set1_epi16(1);
        return {_mm512_add_epi16(own.upper, one), _mm512_add_epi16(own.lower, one)};
    }

    /// In the order in which Table::find unpacks bytes to floats (pixel_at): the first quarter contains the first four
    /// of each eight pixels of the upper strip, the second one the others.
    static Values load_values(const float* upper, const float* lower) {
        const __m512 a = _mm512_loadu_ps(upper), b = _mm512_loadu_ps(upper + 16);
        const __m512 c = _mm512_loadu_ps(lower), d = _mm512_loadu_ps(lower + 16);
        return {{_mm512_shuffle_f32x4(a, b, 0x88), _mm512_shuffle_f32x4(a, b, 0xdd), _mm512_shuffle_f32x4(c, d, 0x88),
                 _mm512_shuffle_f32x4(c, d, 0xdd)}};
    }

    /// Looks up bytes in tables of up to 225 entries. A byte permutation reads 64 entries from one register
    /// or 128 from two. For larger tables, the rank's top bit selects between two permutations.
    template <int entries>
    class Table {
    public:
        explicit Table(const std::uint8_t* bytes) {
            for (int byte = 0; byte < 3; byte++) {
                for (int part = 0; part < parts; part++) {
                    bytes_[byte][part] = _mm512_loadu_si512(bytes + 256 * byte + 64 * part);
                }
            }
            fourth_ = _mm512_set1_epi8(char(bytes[3 * 256]));
        }

        Values find(Bytes ranks) const {
            const Bytes first = find_byte(0, ranks), second = find_byte(1, ranks);
            const Bytes third = find_byte(2, ranks);
            const __m512i low_halves = _mm512_unpacklo_epi8(first, second),
                          high_halves = _mm512_unpacklo_epi8(third, fourth_);
            const __m512i low_halves_2 = _mm512_unpackhi_epi8(first, second),
                          high_halves_2 = _mm512_unpackhi_epi8(third, fourth_);
            return {{_mm512_castsi512_ps(_mm512_unpacklo_epi16(low_halves, high_halves)),
                     _mm512_castsi512_ps(_mm512_unpackhi_epi16(low_halves, high_halves)),
                     _mm512_castsi512_ps(_mm512_unpacklo_epi16(low_halves_2, high_halves_2)),
                     _mm512_castsi512_ps(_mm512_unpackhi_epi16(low_halves_2, high_halves_2))}};
        }

        void find_pair(Bytes ranks_a, Bytes ranks_b, Values& a, Values& b) const {
            a = find(ranks_a);
            b = find(ranks_b);
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

        __m512i bytes_[3][parts], fourth_;
    };

    static void add_distances(Sum* sums, const Values& values, const Values& matches) {
        for (int k = 0; k < 4; k++) {
            const __m512 sum = _mm512_load_ps(sums + 16 * k);
            _mm512_store_ps(sums + 16 * k, _mm512_add_ps(sum, distance(values.quarters[k], matches.quarters[k])));
        }
    }

    static constexpr int pixel_at(int index) {
        return index / 32 * 32 + index % 16 / 4 * 8 + index % 32 / 16 * 4 + index % 4;
    }

private:
    static __m512 distance(__m512 a, __m512 b) { return _mm512_abs_ps(_mm512_sub_ps(a, b)); }
};

}  // namespace

const RankMatchKernel rank_match_avx512{Avx512::lanes, 255, 0, sum_errors<Avx512>, scatter<Avx512>};

}  // namespace perch
