#include <immintrin.h>

#include "counting_blocks.hpp"

namespace perch {
namespace {

/// 64 pixels at a time. Comparisons give mask registers, so bytes lie in pixel order; unpacking them to words and words to
/// doublewords deals out quarters of 16.
struct Avx512 {
    static constexpr int lanes = 64;
    using Bytes = __m512i;
    struct Keys {
        __m512i first, second;
    };
    using Values = Keys;

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

    /// Dealt out as unpacking bytes does: octets of pixels 0, 2, 4, 6 and 1, 3, 5, 7.
    static Values load_values(const std::uint16_t* values) {
        const Keys words = load_keys(values);
        const __m512i even = _mm512_setr_epi64(0, 1, 4, 5, 8, 9, 12, 13);
        const __m512i odd = _mm512_setr_epi64(2, 3, 6, 7, 10, 11, 14, 15);
        return {_mm512_permutex2var_epi64(words.first, even, words.second),
                _mm512_permutex2var_epi64(words.first, odd, words.second)};
    }

    template <int entries>
    struct Table {
        static constexpr bool wide = entries > 128;
        __m512i low[wide ? 4 : 2], high[wide ? 4 : 2];

        explicit Table(const std::uint8_t* bytes) {
            for (int i = 0; i < (wide ? 4 : 2); i++) {
                low[i] = _mm512_loadu_si512(bytes + 64 * i);
                high[i] = _mm512_loadu_si512(bytes + 256 + 64 * i);
            }
        }

        static Bytes find(const __m512i* table, Bytes ranks) {
            const Bytes lower = _mm512_permutex2var_epi8(table[0], ranks, table[1]);
            if constexpr (wide) {
                const Bytes upper = _mm512_permutex2var_epi8(table[2], ranks, table[3]);
                return _mm512_mask_blend_epi8(_mm512_movepi8_mask(ranks), lower, upper);
            }
            return lower;
        }
    };

    template <int entries>
    static void add_errors(std::int32_t* sums, Bytes ranks_a, Values values_a, const Table<entries>& table_a, Bytes ranks_b,
                           Values values_b, const Table<entries>& table_b) {
        const Bytes low_a = table_a.find(table_a.low, ranks_a), high_a = table_a.find(table_a.high, ranks_a);
        const Bytes low_b = table_b.find(table_b.low, ranks_b), high_b = table_b.find(table_b.high, ranks_b);
        add_pairs(sums, biased_distance(values_a.first, _mm512_unpacklo_epi8(low_a, high_a)),
                  biased_distance(values_b.first, _mm512_unpacklo_epi8(low_b, high_b)));
        add_pairs(sums + 32, biased_distance(values_a.second, _mm512_unpackhi_epi8(low_a, high_a)),
                  biased_distance(values_b.second, _mm512_unpackhi_epi8(low_b, high_b)));
    }

    static constexpr int pixel_at(int index) { return index % 16 / 4 * 16 + index / 16 * 4 + index % 4; }

private:
    static Bytes add_where(Bytes total, __mmask32 first, __mmask32 second) {
        return _mm512_mask_add_epi8(total, _mm512_kunpackd(second, first), total, _mm512_set1_epi8(1));
    }

    /// |a - b| - 32768, of unsigned words.
    static __m512i biased_distance(__m512i a, __m512i b) {
        constexpr int either_flipped = (0xf0 | 0xcc) ^ 0xaa;
        return _mm512_ternarylogic_epi32(_mm512_subs_epu16(a, b), _mm512_subs_epu16(b, a), _mm512_set1_epi16(-32768),
                                         either_flipped);
    }

    static void add_pairs(std::int32_t* sums, __m512i a, __m512i b) {
        add_pair(sums, _mm512_unpacklo_epi16(a, b));
        add_pair(sums + 16, _mm512_unpackhi_epi16(a, b));
    }

    static void add_pair(std::int32_t* sums, __m512i words) {
        _mm512_store_si512(sums, _mm512_dpwssd_epi32(_mm512_load_si512(sums), words, _mm512_set1_epi16(1)));
    }
};

}  // namespace

const CountingKernel counting_avx512{Avx512::lanes, sum_errors<Avx512>, fold<Avx512>};

}  // namespace perch
