#include <arm_neon.h>

#include "simd/rank_match_loops.hpp"
#include "simd/rank_match_scatter.hpp"

namespace perch {
namespace {

/// 32 pixels at a time: two byte vectors, so that one load of a part of the table serves two lookups. Comparisons are
/// narrowed in order, so the bytes are in pixel order. Keys have 15 bits, so that the sign of a difference compares them.
/// Distances are added as integers, which takes one instruction.
struct Neon {
    static constexpr int lanes = 32;
    struct Bytes {
        uint8x16_t first, second;
    };
    using Keys = int16x8x2_t;
    /// Negative bytes where the comparison is true: the highest bytes of differences.
    struct Comparison {
        int8x16_t first, second;
    };
    struct Strips {
        Keys upper, lower;
    };
    using Sum = std::uint32_t;
    struct Values {
        uint32x4_t eighths[8];
    };

    static Bytes zero() { return {vdupq_n_u8(0), vdupq_n_u8(0)}; }
    static Bytes add(Bytes a, Bytes b) { return {vaddq_u8(a.first, b.first), vaddq_u8(a.second, b.second)}; }
    static Bytes subtract(Bytes a, Bytes b) { return {vsubq_u8(a.first, b.first), vsubq_u8(a.second, b.second)}; }

    /// Two loads: one load of two registers needs neighboring registers, which costs copies.
    static Keys load_keys(const std::int16_t* keys) { return {{vld1q_s16(keys), vld1q_s16(keys + 8)}}; }

    static Comparison compare(const Strips& own, const Strips& other) {
        return {differences(other.upper, own.upper), differences(other.lower, own.lower)};
    }

    static Bytes ones(const Comparison& comparison) {
        return {vshrq_n_u8(vreinterpretq_u8_s8(comparison.first), 7),
                vshrq_n_u8(vreinterpretq_u8_s8(comparison.second), 7)};
    }

    static Bytes add(Bytes total, const Comparison& comparison) {
        return {vsraq_n_u8(total.first, vreinterpretq_u8_s8(comparison.first), 7),
                vsraq_n_u8(total.second, vreinterpretq_u8_s8(comparison.second), 7)};
    }

    static Bytes subtract(Bytes total, const Comparison& comparison) {
        return {add_arithmetic_shift(total.first, comparison.first),
                add_arithmetic_shift(total.second, comparison.second)};
    }

    static Strips at_least(const Strips& own) { return {successor(own.upper), successor(own.lower)}; }

    static Values load_values(const float* upper, const float* lower) {
        Values values;
#pragma GCC unroll 4
        for (int k = 0; k < 4; k++) {
            values.eighths[k] = low_bytes(upper + 4 * k);
            values.eighths[4 + k] = low_bytes(lower + 4 * k);
        }
        return values;
    }

    /// Looks up bytes in tables of up to 225 entries, in parts of up to 64 entries. The first part's lookup returns zero
    /// for ranks beyond the part; the lookups in the later parts, at rank - 64, rank - 128, ..., keep the earlier result
    /// for indices that are not theirs.
    template <int entries>
    class Table {
    public:
        explicit Table(const std::uint8_t* bytes) : bytes_(bytes) {}

        Values find(Bytes ranks) const {
            uint8x16_t index[2] = {ranks.first, ranks.second}, found[3][2];
            find_bytes(index, found);
            return unpack_both(found, 0);
        }

        /// Shares the loads of the table.
        void find_pair(Bytes ranks_a, Bytes ranks_b, Values& a, Values& b) const {
            uint8x16_t index[4] = {ranks_a.first, ranks_a.second, ranks_b.first, ranks_b.second}, found[3][4];
            find_bytes(index, found);
            a = unpack_both(found, 0);
            b = unpack_both(found, 2);
        }

    private:
        /// Part by part, so that few registers hold indices.
        template <int vectors>
        void find_bytes(uint8x16_t (&index)[vectors], uint8x16_t (&found)[3][vectors]) const {
#pragma GCC unroll 3
            for (int byte = 0; byte < 3; byte++) {
                const auto table = load<vectors_of(0)>(bytes_ + 256 * byte);
#pragma GCC unroll 4
                for (int v = 0; v < vectors; v++) found[byte][v] = find(table, index[v]);
            }
            if constexpr (entries > 64) find_later<1>(index, found);
            if constexpr (entries > 128) find_later<2>(index, found);
            if constexpr (entries > 192) find_later<3>(index, found);
        }

        /// @param index the ranks minus 64 (part - 1), becomes the ranks minus 64 part
        template <int part, int vectors>
        void find_later(uint8x16_t (&index)[vectors], uint8x16_t (&found)[3][vectors]) const {
#pragma GCC unroll 4
            for (int v = 0; v < vectors; v++) index[v] = vsubq_u8(index[v], vdupq_n_u8(64));
#pragma GCC unroll 3
            for (int byte = 0; byte < 3; byte++) {
                const auto table = load<vectors_of(part)>(bytes_ + 256 * byte + 64 * part);
#pragma GCC unroll 4
                for (int v = 0; v < vectors; v++) found[byte][v] = find_or(found[byte][v], table, index[v]);
            }
        }

        /// Number of vectors of 16 bytes in a part.
        static constexpr int vectors_of(int part) {
            const int rest = entries - 64 * part;
            return rest < 64 ? (rest + 15) / 16 : 4;
        }

        template <int vectors>
        static auto load(const std::uint8_t* bytes) {
            if constexpr (vectors == 1)
                return vld1q_u8(bytes);
            else if constexpr (vectors == 2)
                return vld1q_u8_x2(bytes);
            else if constexpr (vectors == 3)
                return vld1q_u8_x3(bytes);
            else
                return vld1q_u8_x4(bytes);
        }

        static uint8x16_t find(uint8x16_t table, uint8x16_t index) {
            return vqtbl1q_u8(table, index);
        }
        static uint8x16_t find(uint8x16x2_t table, uint8x16_t index) {
            return vqtbl2q_u8(table, index);
        }
        static uint8x16_t find(uint8x16x3_t table, uint8x16_t index) {
            return vqtbl3q_u8(table, index);
        }
        static uint8x16_t find(uint8x16x4_t table, uint8x16_t index) {
            return vqtbl4q_u8(table, index);
        }
        static uint8x16_t find_or(uint8x16_t otherwise, uint8x16_t table, uint8x16_t index) {
            return vqtbx1q_u8(otherwise, table, index);
        }
        static uint8x16_t find_or(uint8x16_t otherwise, uint8x16x2_t table, uint8x16_t index) {
            return vqtbx2q_u8(otherwise, table, index);
        }
        static uint8x16_t find_or(uint8x16_t otherwise, uint8x16x3_t table, uint8x16_t index) {
            return vqtbx3q_u8(otherwise, table, index);
        }
        static uint8x16_t find_or(uint8x16_t otherwise, uint8x16x4_t table, uint8x16_t index) {
            return vqtbx4q_u8(otherwise, table, index);
        }

        /// @param first the vector of the first 16 pixels
        template <int vectors>
        static Values unpack_both(const uint8x16_t (&found)[3][vectors], int first) {
            Values values;
            unpack(found[0][first], found[1][first], found[2][first], values.eighths);
            unpack(found[0][first + 1], found[1][first + 1], found[2][first + 1], values.eighths + 4);
            return values;
        }

        static void unpack(uint8x16_t a, uint8x16_t b, uint8x16_t c, uint32x4_t* values) {
            const uint8x16_t d = vdupq_n_u8(0);
            const uint16x8_t low = vreinterpretq_u16_u8(vzip1q_u8(a, b)), high = vreinterpretq_u16_u8(vzip1q_u8(c, d));
            const uint16x8_t low_2 = vreinterpretq_u16_u8(vzip2q_u8(a, b)),
                             high_2 = vreinterpretq_u16_u8(vzip2q_u8(c, d));
            values[0] = vreinterpretq_u32_u16(vzip1q_u16(low, high));
            values[1] = vreinterpretq_u32_u16(vzip2q_u16(low, high));
            values[2] = vreinterpretq_u32_u16(vzip1q_u16(low_2, high_2));
            values[3] = vreinterpretq_u32_u16(vzip2q_u16(low_2, high_2));
        }

        const std::uint8_t* bytes_;
    };

    /// Two vectors at a time, which one instruction loads.
    static void add_distances(Sum* sums, const Values& values, const Values& matches) {
#pragma GCC unroll 4
        for (int k = 0; k < 8; k += 2, sums += 8) {
            const uint32x4_t first = vld1q_u32(sums), second = vld1q_u32(sums + 4);
            const uint32x4_t first_sum = vabaq_u32(first, values.eighths[k], matches.eighths[k]);
            const uint32x4_t second_sum = vabaq_u32(second, values.eighths[k + 1], matches.eighths[k + 1]);
            vst1q_u32(sums, first_sum);
            vst1q_u32(sums + 4, second_sum);
        }
    }

    static constexpr int pixel_at(int index) {
        return index;
    }

private:
    /// Four floats without their highest bytes, which are the same in the whole channel.
    static uint32x4_t low_bytes(const float* values) {
        return vandq_u32(vreinterpretq_u32_f32(vld1q_f32(values)), vdupq_n_u32(0xffffff));
    }

    /// The highest bytes of a - b, for 16 keys.
    static int8x16_t differences(const Keys& a, const Keys& b) {
        return vsubhn_high_s16(vsubhn_s16(a.val[0], b.val[0]), a.val[1], b.val[1]);
    }

    /// total - (byte < 0): the sign, shifted to all bits, is -1.
    static uint8x16_t add_arithmetic_shift(uint8x16_t total, int8x16_t bytes) {
        return vreinterpretq_u8_s8(vsraq_n_s8(vreinterpretq_s8_u8(total), bytes, 7));
    }

    static Keys successor(const Keys& keys) {
        return {{vaddq_s16(keys.val[0], vdupq_n_s16(1)), vaddq_s16(keys.val[1], vdupq_n_s16(1))}};
    }
};

}  // namespace

const RankMatchKernel rank_match_neon{Neon::lanes, 181, 0, sum_errors<Neon>, scatter<Neon>};

}  // namespace perch
