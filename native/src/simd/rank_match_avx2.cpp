#include <immintrin.h>

#include "simd/rank_match_loops.hpp"
#include "simd/rank_match_scatter.hpp"

namespace perch {
namespace {

/// 32 pixels at a time. Packing 16-bit comparison results to bytes interleaves groups of eight pixels of the two strips;
/// unpacking the bytes to floats separates them again. Keys are signed.
struct Avx2 {
    static constexpr int lanes = 32;
    using Bytes = __m256i;
    using Keys = __m256i;
    struct Comparison {
        __m256i bytes;
    };
    struct Strips {
        Keys upper, lower;
    };
    using Sum = float;
    struct Values {
        __m256 quarters[4];
    };

    static Bytes zero() { return _mm256_setzero_si256(); }
    static Bytes add(Bytes a, Bytes b) { return _mm256_add_epi8(a, b); }
    static Bytes subtract(Bytes a, Bytes b) { return _mm256_sub_epi8(a, b); }

    static Keys load_keys(const std::int16_t* keys) {
        return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(keys));
    }

    /// -1 if true
    static Comparison compare(const Strips& own, const Strips& other) {
        return {
            _mm256_packs_epi16(_mm256_cmpgt_epi16(own.upper, other.upper), _mm256_cmpgt_epi16(own.lower, other.lower))};
    }

    static Bytes ones(Comparison comparison) { return add(zero(), comparison); }
    static Bytes add(Bytes total, Comparison comparison) { return _mm256_sub_epi8(total, comparison.bytes); }
    static Bytes subtract(Bytes total, Comparison comparison) { return _mm256_add_epi8(total, comparison.bytes); }

    static Strips at_least(const Strips& own) {
        const __m256i one = _mm256_set1_epi16(1);
        return {_mm256_add_epi16(own.upper, one), _mm256_add_epi16(own.lower, one)};
    }

    /// In the order in which Table::find unpacks bytes to floats (pixel_at).
    static Values load_values(const float* upper, const float* lower) {
        const __m256 a = _mm256_loadu_ps(upper), b = _mm256_loadu_ps(upper + 8);
        const __m256 c = _mm256_loadu_ps(lower), d = _mm256_loadu_ps(lower + 8);
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
            for (int byte = 0; byte < 3; byte++) {
                for (int part = 0; part < parts; part++) bytes_[byte][part] = difference(bytes + 256 * byte, part);
            }
            fourth_ = _mm256_set1_epi8(char(bytes[3 * 256]));
        }

        Values find(Bytes ranks) const { return unpack(find_bytes(ranks, ranks).a); }

        /// Shares the loads of the table.
        void find_pair(Bytes ranks_a, Bytes ranks_b, Values& a, Values& b) const {
            const Pair found = find_bytes(ranks_a, ranks_b);
            a = unpack(found.a);
            b = unpack(found.b);
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

        /// The first three bytes of the floats.
        struct Found {
            Bytes first, second, third;
        };
        struct Pair {
            Found a, b;
        };

        Pair find_bytes(Bytes a, Bytes b) const {
            if constexpr (wide) {
                const Bytes low_bits = _mm256_set1_epi8(0x7f);
                const Bytes low_a = _mm256_and_si256(a, low_bits), low_b = _mm256_and_si256(b, low_bits);
                const Pair lower = find_in<0, lower_parts>(low_a, low_b);
                const Pair upper = find_in<lower_parts, parts>(low_a, low_b);
                return {select(a, lower.a, upper.a), select(b, lower.b, upper.b)};
            } else {
                return find_in<0, parts>(a, b);
            }
        }

        /// The upper entries where the rank is 128 or more.
        static Found select(Bytes ranks, const Found& lower, const Found& upper) {
            return {_mm256_blendv_epi8(lower.first, upper.first, ranks),
                    _mm256_blendv_epi8(lower.second, upper.second, ranks),
                    _mm256_blendv_epi8(lower.third, upper.third, ranks)};
        }

        /// Combines the parts from `begin` to `end` - 1.
        template <int begin, int end>
        Pair find_in(Bytes a, Bytes b) const {
            return add_parts<begin, begin + 1, end>(a, b, {find_in_part<begin>(a), find_in_part<begin>(b)});
        }

        /// Recursive, because GCC keeps the results of a loop in memory.
        template <int begin, int part, int end>
        Pair add_parts(Bytes a, Bytes b, const Pair& found) const {
            if constexpr (part >= end) {
                return found;
            } else {
                const Bytes start = _mm256_set1_epi8(char(16 * (part - begin)));
                const Found in_a = find_in_part<part>(subtract(a, start)),
                            in_b = find_in_part<part>(subtract(b, start));
                return add_parts<begin, part + 1, end>(a, b, {combine(found.a, in_a), combine(found.b, in_b)});
            }
        }

        template <int part>
        Found find_in_part(Bytes index) const {
            return {_mm256_shuffle_epi8(bytes_[0][part], index), _mm256_shuffle_epi8(bytes_[1][part], index),
                    _mm256_shuffle_epi8(bytes_[2][part], index)};
        }

        static Found combine(const Found& a, const Found& b) {
            return {_mm256_xor_si256(a.first, b.first), _mm256_xor_si256(a.second, b.second),
                    _mm256_xor_si256(a.third, b.third)};
        }

        Values unpack(const Found& found) const {
            const __m256i low_halves = _mm256_unpacklo_epi8(found.first, found.second),
                          high_halves = _mm256_unpacklo_epi8(found.third, fourth_);
            const __m256i low_halves_2 = _mm256_unpackhi_epi8(found.first, found.second),
                          high_halves_2 = _mm256_unpackhi_epi8(found.third, fourth_);
            return {{_mm256_castsi256_ps(_mm256_unpacklo_epi16(low_halves, high_halves)),
                     _mm256_castsi256_ps(_mm256_unpackhi_epi16(low_halves, high_halves)),
                     _mm256_castsi256_ps(_mm256_unpacklo_epi16(low_halves_2, high_halves_2)),
                     _mm256_castsi256_ps(_mm256_unpackhi_epi16(low_halves_2, high_halves_2))}};
        }

        __m256i bytes_[3][parts], fourth_;
    };

    static void add_distances(Sum* sums, const Values& values, const Values& matches) {
        for (int k = 0; k < 4; k++) {
            const __m256 sum = _mm256_load_ps(sums + 8 * k);
            _mm256_store_ps(sums + 8 * k, _mm256_add_ps(sum, distance(values.quarters[k], matches.quarters[k])));
        }
    }

    static constexpr int pixel_at(int index) {
        return index / 16 * 16 + index % 8 / 4 * 8 + index % 16 / 8 * 4 + index % 4;
    }

private:
    static __m256 distance(__m256 a, __m256 b) { return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), _mm256_sub_ps(a, b)); }
};

}  // namespace

const RankMatchKernel rank_match_avx2{Avx2::lanes, 255, -32768, sum_errors<Avx2>, scatter<Avx2>};

}  // namespace perch
