#include <wasm_simd128.h>

#include "simd/rank_match_loops.hpp"
#include "simd/rank_match_scatter.hpp"

namespace perch {
namespace {

/// 16 pixels at a time. Comparisons are narrowed in order, so the bytes are in pixel order. Keys are signed.
struct Wasm {
    static constexpr int lanes = 16;
    using Bytes = v128_t;
    using Keys = v128_t;
    struct Comparison {
        v128_t bytes;
    };
    struct Strips {
        Keys upper, lower;
    };
    using Sum = float;
    struct Values {
        v128_t quarters[4];
    };

    static Bytes zero() { return wasm_i8x16_splat(0); }
    static Bytes add(Bytes a, Bytes b) { return wasm_i8x16_add(a, b); }
    static Bytes subtract(Bytes a, Bytes b) { return wasm_i8x16_sub(a, b); }

    static Keys load_keys(const std::int16_t* keys) { return wasm_v128_load(keys); }

    /// -1 if true
    static Comparison compare(const Strips& own, const Strips& other) {
        return {wasm_i8x16_narrow_i16x8(wasm_i16x8_lt(other.upper, own.upper), wasm_i16x8_lt(other.lower, own.lower))};
    }

    static Bytes ones(Comparison comparison) { return add(zero(), comparison); }
    static Bytes add(Bytes total, Comparison comparison) { return wasm_i8x16_sub(total, comparison.bytes); }
    static Bytes subtract(Bytes total, Comparison comparison) { return wasm_i8x16_add(total, comparison.bytes); }

    static Strips at_least(const Strips& own) {
        const v128_t one = wasm_i16x8_splat(1);
        return {wasm_i16x8_add(own.upper, one), wasm_i16x8_add(own.lower, one)};
    }

    static Values load_values(const float* upper, const float* lower) {
        return {{wasm_v128_load(upper), wasm_v128_load(upper + 4), wasm_v128_load(lower), wasm_v128_load(lower + 4)}};
    }

    /// Looks up bytes in tables of up to 225 entries, in parts of 16. A lookup returns zero for an index above 15, so
    /// the lookups at rank, rank - 16, rank - 32, ... are combined by or.
    template <int entries>
    class Table {
    public:
        explicit Table(const std::uint8_t* bytes) : bytes_(bytes) {}

        Values find(Bytes ranks) const {
            v128_t found[3];
#pragma clang loop unroll(full)
            for (int byte = 0; byte < 3; byte++) found[byte] = wasm_i8x16_swizzle(part(byte, 0), ranks);
#pragma clang loop unroll(full)
            for (int p = 1; p < parts; p++) {
                const v128_t index = subtract(ranks, wasm_i8x16_splat(char(16 * p)));
#pragma clang loop unroll(full)
                for (int byte = 0; byte < 3; byte++) {
                    found[byte] = wasm_v128_or(found[byte], wasm_i8x16_swizzle(part(byte, p), index));
                }
            }
            const v128_t fourth = wasm_v128_load8_splat(bytes_ + 3 * 256);
            const v128_t low = zip_low(found[0], found[1]), high = zip_low(found[2], fourth);
            const v128_t low_2 = zip_high(found[0], found[1]), high_2 = zip_high(found[2], fourth);
            return {{zip_low_pairs(low, high), zip_high_pairs(low, high), zip_low_pairs(low_2, high_2),
                     zip_high_pairs(low_2, high_2)}};
        }

        void find_pair(Bytes ranks_a, Bytes ranks_b, Values& a, Values& b) const {
            a = find(ranks_a);
            b = find(ranks_b);
        }

    private:
        static constexpr int parts = (entries + 15) / 16;

        v128_t part(int byte, int p) const {
            return wasm_v128_load(bytes_ + 256 * byte + 16 * p);
        }

        static v128_t zip_low(v128_t a, v128_t b) {
            return wasm_i8x16_shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        }
        static v128_t zip_high(v128_t a, v128_t b) {
            return wasm_i8x16_shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
        }
        static v128_t zip_low_pairs(v128_t a, v128_t b) {
            return wasm_i16x8_shuffle(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
        }
        static v128_t zip_high_pairs(v128_t a, v128_t b) {
            return wasm_i16x8_shuffle(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
        }

        const std::uint8_t* bytes_;
    };

    static void add_distances(Sum* sums, const Values& values, const Values& matches) {
#pragma clang loop unroll(full)
        for (int k = 0; k < 4; k++) {
            const v128_t distance = wasm_f32x4_abs(wasm_f32x4_sub(values.quarters[k], matches.quarters[k]));
            wasm_v128_store(sums + 4 * k, wasm_f32x4_add(wasm_v128_load(sums + 4 * k), distance));
        }
    }

    static constexpr int pixel_at(int index) {
        return index;
    }
};

}  // namespace

const RankMatchKernel rank_match_wasm{Wasm::lanes, 255, -32768, sum_errors<Wasm>, scatter<Wasm>};

}  // namespace perch
