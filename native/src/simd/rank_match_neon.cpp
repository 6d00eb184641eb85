#include <arm_neon.h>

#include "simd/rank_match_loops.hpp"

namespace perch {
namespace {

/// 32 pixels at a time: two byte vectors, so that one load of a part of the table serves two lookups. Comparisons are
/// narrowed in order, so the bytes are in pixel order. Keys are signed.
struct Neon {
    static constexpr int lanes = 32;
    struct Bytes {
        uint8x16_t first, second;
    };
    using Keys = int16x8x2_t;
    struct Strips {
        Keys upper, lower;
    };
    struct Values {
        float32x4_t eighths[8];
    };

    static Bytes zero() { return {vdupq_n_u8(0), vdupq_n_u8(0)}; }
    static Bytes add(Bytes a, Bytes b) { return {vaddq_u8(a.first, b.first), vaddq_u8(a.second, b.second)}; }
    static Bytes subtract(Bytes a, Bytes b) { return {vsubq_u8(a.first, b.first), vsubq_u8(a.second, b.second)}; }

    /// Two loads: one load of two registers needs neighboring registers, which costs copies.
    static Keys load_keys(const std::int16_t* keys) { return {{vld1q_s16(keys), vld1q_s16(keys + 8)}}; }

    static Bytes add_less(Bytes total, const Strips& own, const Strips& other) {
        // A true comparison is -1.
        return subtract(total, {less(other.upper, own.upper), less(other.lower, own.lower)});
    }

    static Strips at_least(const Strips& own) { return {successor(own.upper), successor(own.lower)}; }

    static Values load_values(const float* upper, const float* lower) {
        Values values;
#pragma GCC unroll 4
        for (int k = 0; k < 4; k++) {
            values.eighths[k] = vld1q_f32(upper + 4 * k);
            values.eighths[4 + k] = vld1q_f32(lower + 4 * k);
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
            return unpack_both(find_byte(bytes_, ranks), find_byte(bytes_ + 256, ranks),
                               find_byte(bytes_ + 512, ranks));
        }

        /// Shares the loads of the table, unless that needs too many registers.
        void find_pair(Bytes ranks_a, Bytes ranks_b, Values& a, Values& b) const {
            if constexpr (entries > 128) {
                a = find(ranks_a);
                b = find(ranks_b);
            } else {
                const Pair ranks{ranks_a, ranks_b};
                const Pair first = find_byte(bytes_, ranks), second = find_byte(bytes_ + 256, ranks);
                const Pair third = find_byte(bytes_ + 512, ranks);
                a = unpack_both(first.a, second.a, third.a);
                b = unpack_both(first.b, second.b, third.b);
            }
        }

    private:
        struct Pair {
            Bytes a, b;
        };

        /// @tparam Ranks Bytes or Pair
        template <class Ranks>
        static Ranks find_byte(const std::uint8_t* bytes, const Ranks& ranks) {
            Ranks found = find_first(load<vectors_of(0)>(bytes), ranks);
            if constexpr (entries > 64) found = find_later(found, load<vectors_of(1)>(bytes + 64), ranks, 64);
            if constexpr (entries > 128) found = find_later(found, load<vectors_of(2)>(bytes + 128), ranks, 128);
            if constexpr (entries > 192) found = find_later(found, load<vectors_of(3)>(bytes + 192), ranks, 192);
            return found;
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

        static Bytes below(Bytes ranks, int start) {
            const uint8x16_t offset = vdupq_n_u8(std::uint8_t(start));
            return {vsubq_u8(ranks.first, offset), vsubq_u8(ranks.second, offset)};
        }

        static uint8x16_t find(uint8x16_t table, uint8x16_t index) { return vqtbl1q_u8(table, index); }
        static uint8x16_t find(uint8x16x2_t table, uint8x16_t index) { return vqtbl2q_u8(table, index); }
        static uint8x16_t find(uint8x16x3_t table, uint8x16_t index) { return vqtbl3q_u8(table, index); }
        static uint8x16_t find(uint8x16x4_t table, uint8x16_t index) { return vqtbl4q_u8(table, index); }
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

        template <class Part>
        static Bytes find_first(Part table, const Bytes& ranks) {
            return {find(table, ranks.first), find(table, ranks.second)};
        }

        template <class Part>
        static Pair find_first(Part table, const Pair& ranks) {
            return {find_first(table, ranks.a), find_first(table, ranks.b)};
        }

        template <class Part>
        static Bytes find_later(const Bytes& found, Part table, const Bytes& ranks, int start) {
            const Bytes index = below(ranks, start);
            return {find_or(found.first, table, index.first), find_or(found.second, table, index.second)};
        }

        template <class Part>
        static Pair find_later(const Pair& found, Part table, const Pair& ranks, int start) {
            return {find_later(found.a, table, ranks.a, start), find_later(found.b, table, ranks.b, start)};
        }

        Values unpack_both(Bytes first, Bytes second, Bytes third) const {
            const uint8x16_t fourth = vdupq_n_u8(bytes_[3 * 256]);
            Values values;
            unpack(first.first, second.first, third.first, fourth, values.eighths);
            unpack(first.second, second.second, third.second, fourth, values.eighths + 4);
            return values;
        }

        static void unpack(uint8x16_t a, uint8x16_t b, uint8x16_t c, uint8x16_t d, float32x4_t* values) {
            const uint16x8_t low = vreinterpretq_u16_u8(vzip1q_u8(a, b)), high = vreinterpretq_u16_u8(vzip1q_u8(c, d));
            const uint16x8_t low_2 = vreinterpretq_u16_u8(vzip2q_u8(a, b)),
                             high_2 = vreinterpretq_u16_u8(vzip2q_u8(c, d));
            values[0] = vreinterpretq_f32_u16(vzip1q_u16(low, high));
            values[1] = vreinterpretq_f32_u16(vzip2q_u16(low, high));
            values[2] = vreinterpretq_f32_u16(vzip1q_u16(low_2, high_2));
            values[3] = vreinterpretq_f32_u16(vzip2q_u16(low_2, high_2));
        }

        const std::uint8_t* bytes_;
    };

    static Values load_sums(const float* sums) {
        Values values;
#pragma GCC unroll 8
        for (int k = 0; k < 8; k++) values.eighths[k] = vld1q_f32(sums + 4 * k);
        return values;
    }

    static void store_sums(float* sums, const Values& values) {
#pragma GCC unroll 8
        for (int k = 0; k < 8; k++) vst1q_f32(sums + 4 * k, values.eighths[k]);
    }

    static Values add_distances(Values sums, const Values& values, const Values& matches) {
#pragma GCC unroll 8
        for (int k = 0; k < 8; k++) {
            sums.eighths[k] = vaddq_f32(sums.eighths[k], vabdq_f32(values.eighths[k], matches.eighths[k]));
        }
        return sums;
    }

    static constexpr int pixel_at(int index) {
        return index;
    }

private:
    /// 16 comparison results as bytes.
    static uint8x16_t less(const Keys& a, const Keys& b) {
        return vuzp1q_u8(vreinterpretq_u8_u16(vcltq_s16(a.val[0], b.val[0])),
                         vreinterpretq_u8_u16(vcltq_s16(a.val[1], b.val[1])));
    }

    static Keys successor(const Keys& keys) {
        return {{vaddq_s16(keys.val[0], vdupq_n_s16(1)), vaddq_s16(keys.val[1], vdupq_n_s16(1))}};
    }
};

}  // namespace

const RankMatchKernel rank_match_neon{Neon::lanes, -32768, sum_errors<Neon>, scatter<Neon>};

}  // namespace perch
