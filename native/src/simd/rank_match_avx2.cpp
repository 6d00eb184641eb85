#include <immintrin.h>

#include "simd/rank_match_loops.hpp"

namespace perch {
namespace {

/// 32 pixels at a time. Packing 16-bit comparison results to bytes interleaves groups of eight pixels; unpacking the
/// bytes to floats restores the order of these groups.
struct Avx2 {
    static constexpr int lanes = 32;
    using Bytes = __m256i;
    struct Keys {
        __m256i first, second;
    };
    struct Values {
        __m256 quarters[4];
    };

    static Bytes zero() { return _mm256_setzero_si256(); }
    static Bytes add(Bytes a, Bytes b) { return _mm256_add_epi8(a, b); }
    static Bytes subtract(Bytes a, Bytes b) { return _mm256_sub_epi8(a, b); }

    static Keys load_keys(const void* words) {
        const auto* vectors = static_cast<const __m256i*>(words);
        return {_mm256_loadu_si256(vectors), _mm256_loadu_si256(vectors + 1)};
    }

    static Bytes add_less(Bytes total, Keys own, const std::int16_t* keys) {
        const Keys other = load_keys(keys);
        // A true comparison is -1.
        return subtract(total, _mm256_packs_epi16(_mm256_cmpgt_epi16(own.first, other.first),
                                                  _mm256_cmpgt_epi16(own.second, other.second)));
    }

    static Bytes add_less_equal(Bytes total, Keys own, const std::int16_t* keys) {
        const Keys other = load_keys(keys);
        const Bytes greater = _mm256_packs_epi16(_mm256_cmpgt_epi16(other.first, own.first),
                                                 _mm256_cmpgt_epi16(other.second, own.second));
        return subtract(total, _mm256_xor_si256(greater, _mm256_set1_epi8(-1)));
    }

    /// In the order in which Table::find unpacks bytes to floats (pixel_at).
    static Values load_values(const float* values) {
        const __m256 a = _mm256_loadu_ps(values), b = _mm256_loadu_ps(values + 8);
        const __m256 c = _mm256_loadu_ps(values + 16), d = _mm256_loadu_ps(values + 24);
        return {{_mm256_permute2f128_ps(a, b, 0x20), _mm256_permute2f128_ps(a, b, 0x31),
                 _mm256_permute2f128_ps(c, d, 0x20), _mm256_permute2f128_ps(c, d, 0x31)}};
    }

    /// Looks up bytes in tables of up to 225 entries. The byte shuffle reads 16 entries and returns zero if the index
    /// is negative. So a table is divided into parts of 16 entries, S0, S1, ..., and stored as D0 = S0, D1 = S1 ^ S0,
    /// D2 = S2 ^ S1, ... (^ is exclusive or). Part p is read at index rank - 16 p, and all results are combined by
    /// exclusive or.
    ///
    /// Example: rank 37 is entry 5 of part 2. D0, D1 and D2 contribute their entry 5, and the later parts have negative
    /// indices and contribute zero: S0[5] ^ (S1[5] ^ S0[5]) ^ (S2[5] ^ S1[5]) = S2[5].
    ///
    /// An index from 128 on also counts as negative, so larger tables are looked up in two halves.
    template <int entries>
    class Table {
    public:
        explicit Table(const std::uint8_t* bytes) {
            for (int byte = 0; byte < 4; byte++) {
                for (int part = 0; part < parts; part++) bytes_[byte][part] = difference(bytes + 256 * byte, part);
            }
        }

        Values find(Bytes ranks) const {
            Bytes found[4];
            if constexpr (!wide) {
                combine<0, parts>(ranks, found);
            } else {
                const Bytes within = _mm256_and_si256(ranks, _mm256_set1_epi8(0x7f));
                Bytes upper[4];
                combine<0, lower_parts>(within, found);
                combine<lower_parts, parts>(within, upper);
                for (int byte = 0; byte < 4; byte++) found[byte] = _mm256_blendv_epi8(found[byte], upper[byte], ranks);
            }
            const __m256i low_halves = _mm256_unpacklo_epi8(found[0], found[1]),
                          high_halves = _mm256_unpacklo_epi8(found[2], found[3]);
            const __m256i low_halves_2 = _mm256_unpackhi_epi8(found[0], found[1]),
                          high_halves_2 = _mm256_unpackhi_epi8(found[2], found[3]);
            return {{_mm256_castsi256_ps(_mm256_unpacklo_epi16(low_halves, high_halves)),
                     _mm256_castsi256_ps(_mm256_unpackhi_epi16(low_halves, high_halves)),
                     _mm256_castsi256_ps(_mm256_unpacklo_epi16(low_halves_2, high_halves_2)),
                     _mm256_castsi256_ps(_mm256_unpackhi_epi16(low_halves_2, high_halves_2))}};
        }

    private:
        static constexpr bool wide = entries > 128;
        static constexpr int parts = (entries + 15) / 16;
        static constexpr int lower_parts = wide ? 8 : parts;

        static __m256i part_of(const std::uint8_t* bytes, int part) {
            return _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + 16 * part)));
        }

        static __m256i difference(const std::uint8_t* bytes, int part) {
            const bool starts = part == 0 || part == lower_parts;
            return starts ? part_of(bytes, part) : _mm256_xor_si256(part_of(bytes, part), part_of(bytes, part - 1));
        }

        template <int begin, int end>
        void combine(Bytes ranks, Bytes* found) const {
            for (int byte = 0; byte < 4; byte++) found[byte] = _mm256_shuffle_epi8(bytes_[byte][begin], ranks);
#pragma GCC unroll 16
            for (int part = begin + 1; part < end; part++) {
                const Bytes index = subtract(ranks, _mm256_set1_epi8(char(16 * (part - begin))));
                for (int byte = 0; byte < 4; byte++) {
                    found[byte] = _mm256_xor_si256(found[byte], _mm256_shuffle_epi8(bytes_[byte][part], index));
                }
            }
        }

        __m256i bytes_[4][parts];
    };

    static Values load_sums(const float* sums) {
        return {{_mm256_load_ps(sums), _mm256_load_ps(sums + 8), _mm256_load_ps(sums + 16), _mm256_load_ps(sums + 24)}};
    }

    static void store_sums(float* sums, const Values& values) {
        for (int k = 0; k < 4; k++) _mm256_store_ps(sums + 8 * k, values.quarters[k]);
    }

    static Values add_distances(Values sums, const Values& values, const Values& matches) {
        for (int k = 0; k < 4; k++) {
            sums.quarters[k] = _mm256_add_ps(sums.quarters[k], distance(values.quarters[k], matches.quarters[k]));
        }
        return sums;
    }

    static constexpr int pixel_at(int index) {
        return index / 16 * 16 + index % 8 / 4 * 8 + index % 16 / 8 * 4 + index % 4;
    }

private:
    static __m256 distance(__m256 a, __m256 b) {
        return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), _mm256_sub_ps(a, b));
    }
};

}  // namespace

const RankMatchKernel rank_match_avx2{Avx2::lanes, sum_errors<Avx2>, scatter<Avx2>};

}  // namespace perch
