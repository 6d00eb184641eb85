#include <algorithm>
#include <cmath>

#include "simd/qfca_loops.hpp"

namespace perch {
namespace {

/// Four lanes, which compilers map to one SSE, NEON or WebAssembly register.
struct Portable {
    static constexpr int lanes = 4;
    struct Vector {
        float lane[lanes];
    };

    template <class Operation>
    static Vector each(Operation operation) {
        Vector result;
#pragma GCC unroll 4
        for (int i = 0; i < lanes; i++) result.lane[i] = operation(i);
        return result;
    }
    static Vector zero() {
        return {};
    }
    static Vector load(const float* values) {
        return each([=](int i) { return values[i]; });
    }
    static Vector broadcast(float value) {
        return each([=](int) { return value; });
    }
    static void store(float* values, Vector v) {
        for (int i = 0; i < lanes; i++) values[i] = v.lane[i];
    }
    static Vector add(Vector a, Vector b) {
        return each([&](int i) { return a.lane[i] + b.lane[i]; });
    }
    static Vector multiply(Vector a, Vector b) {
        return each([&](int i) { return a.lane[i] * b.lane[i]; });
    }
    static float sum(Vector v) {
        return (v.lane[0] + v.lane[1]) + (v.lane[2] + v.lane[3]);
    }
    static void move(std::uint16_t* counts, const std::uint16_t* added, const std::uint16_t* removed) {
        // Because of the copy, compilers know that the arrays do not overlap.
        std::uint16_t moved[level_block];
        for (int j = 0; j < level_block; j++) moved[j] = std::uint16_t(counts[j] + added[j] - removed[j]);
        for (int j = 0; j < level_block; j++) counts[j] = moved[j];
    }
    static void match(const std::uint16_t* first, const std::uint16_t* end, const LevelMatches& matches,
                      float* errors) {
        for (int j = 0; j < level_block; j++) {
            const int stop = end[j] + (end[j] == first[j] ? 1 : 0);
            const int split = std::clamp(matches.splits[j], int(first[j]), stop);
            const std::int32_t above = matches.prefix[stop] - matches.prefix[split];
            const std::int32_t below = matches.prefix[split] - matches.prefix[first[j]];
            const float value = matches.values[j], count = float(stop - first[j]);
            const float of_mean = std::fabs(value - float(above + below) * matches.unit / count);
            const float of_sum = float(above - below) * matches.unit + value * float(2 * split - first[j] - stop);
            errors[j] = std::max(of_mean, of_sum / count - matches.slacks[j]);
        }
    }
};

}  // namespace

const QfcaKernel qfca_portable = qfca_kernel_of<Portable>();

}  // namespace perch
