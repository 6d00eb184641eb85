#include <immintrin.h>

#include "counting_blocks.hpp"

namespace perch {
namespace {

/// 32 pixels at a time. Packing two comparisons' words to bytes deals out octets, and unpacking undoes it.
struct Avx2 {
    static constexpr int lanes = 32;
    using Bytes = __m256i;
    struct Keys {
        __m256i first, second;
    };
    using Values = Keys;

    static Bytes zero() { return _mm256_setzero_si256(); }
    static Bytes add(Bytes a, Bytes b) { return _mm256_add_epi8(a, b); }
    static Bytes subtract(Bytes a, Bytes b) { return _mm256_sub_epi8(a, b); }

    static Keys load_keys(const void* words) {
        const auto* vectors = static_cast<const __m256i*>(words);
        return {_mm256_loadu_si256(vectors), _mm256_loadu_si256(vectors + 1)};
    }

    static Bytes add_less(Bytes total, Keys own, const std::int16_t* keys) {
        const Keys other = load_keys(keys);
        // A comparison that holds gives -1.
        return subtract(total, _mm256_packs_epi16(_mm256_cmpgt_epi16(own.first, other.first),
                                                  _mm256_cmpgt_epi16(own.second, other.second)));
    }

    static Bytes add_less_equal(Bytes total, Keys own, const std::int16_t* keys) {
        const Keys other = load_keys(keys);
        const Bytes greater = _mm256_packs_epi16(_mm256_cmpgt_epi16(other.first, own.first),
                                                 _mm256_cmpgt_epi16(other.second, own.second));
        return subtract(total, _mm256_xor_si256(greater, _mm256_set1_epi8(-1)));
    }

    static Values load_values(const std::uint16_t* values) { return load_keys(values); }

    /// A byte table as differences of neighbouring sixteenths: what is looked up is the exclusive or of all differences up to
    /// the rank's own sixteenth, because shuffling gives zero where the index is negative.
    template <int entries>
    struct Table {
        static constexpr bool wide = entries > 128;
        static constexpr int parts = (entries + 15) / 16;
        static constexpr int lower_parts = wide ? 8 : parts;
        __m256i low[parts], high[parts];

        explicit Table(const std::uint8_t* bytes) {
            for (int part = 0; part < parts; part++) {
                low[part] = difference(bytes, part);
                high[part] = difference(bytes + 256, part);
            }
        }

        /// Low and high bytes of the entries, as words of the first and the second half of the pixels.
        Keys find(Bytes ranks) const {
            Bytes within = ranks;
            if constexpr (wide) within = _mm256_and_si256(ranks, _mm256_set1_epi8(0x7f));
            Bytes low_bytes = zero(), high_bytes = zero();
            collect<0, lower_parts>(within, low_bytes, high_bytes);
            if constexpr (wide) {
                Bytes upper_low = zero(), upper_high = zero();
                collect<lower_parts, parts>(within, upper_low, upper_high);
                low_bytes = _mm256_blendv_epi8(low_bytes, upper_low, ranks);
                high_bytes = _mm256_blendv_epi8(high_bytes, upper_high, ranks);
            }
            return {_mm256_unpacklo_epi8(low_bytes, high_bytes), _mm256_unpackhi_epi8(low_bytes, high_bytes)};
        }

    private:
        static __m256i sixteenth(const std::uint8_t* bytes, int part) {
            return _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + 16 * part)));
        }

        static __m256i difference(const std::uint8_t* bytes, int part) {
            const bool starts = part == 0 || part == lower_parts;
            return starts ? sixteenth(bytes, part) : _mm256_xor_si256(sixteenth(bytes, part), sixteenth(bytes, part - 1));
        }

        template <int begin, int end>
        void collect(Bytes ranks, Bytes& low_bytes, Bytes& high_bytes) const {
#pragma GCC unroll 16
            for (int part = begin; part < end; part++) {
                const Bytes index = subtract(ranks, _mm256_set1_epi8(char(16 * (part - begin))));
                low_bytes = _mm256_xor_si256(low_bytes, _mm256_shuffle_epi8(low[part], index));
                high_bytes = _mm256_xor_si256(high_bytes, _mm256_shuffle_epi8(high[part], index));
            }
        }
    };

    template <int entries>
    static void add_errors(std::int32_t* sums, Bytes ranks_a, Values values_a, const Table<entries>& table_a, Bytes ranks_b,
                           Values values_b, const Table<entries>& table_b) {
        const Keys match_a = table_a.find(ranks_a), match_b = table_b.find(ranks_b);
        add_pairs(sums, biased_distance(values_a.first, match_a.first), biased_distance(values_b.first, match_b.first));
        add_pairs(sums + 16, biased_distance(values_a.second, match_a.second),
                  biased_distance(values_b.second, match_b.second));
    }

    static constexpr int pixel_at(int index) { return index / 16 * 16 + index % 8 / 4 * 8 + index % 16 / 8 * 4 + index % 4; }

private:
    /// |a - b| - 32768, of unsigned words.
    static __m256i biased_distance(__m256i a, __m256i b) {
        const __m256i distance = _mm256_or_si256(_mm256_subs_epu16(a, b), _mm256_subs_epu16(b, a));
        return _mm256_xor_si256(distance, _mm256_set1_epi16(-32768));
    }

    static void add_pairs(std::int32_t* sums, __m256i a, __m256i b) {
        add_pair(sums, _mm256_unpacklo_epi16(a, b));
        add_pair(sums + 8, _mm256_unpackhi_epi16(a, b));
    }

    static void add_pair(std::int32_t* sums, __m256i words) {
        auto* place = reinterpret_cast<__m256i*>(sums);
        const __m256i pairs = _mm256_madd_epi16(words, _mm256_set1_epi16(1));
        _mm256_store_si256(place, _mm256_add_epi32(_mm256_load_si256(place), pairs));
    }
};

}  // namespace

const CountingKernel counting_avx2{Avx2::lanes, sum_errors<Avx2>, fold<Avx2>};

}  // namespace perch
