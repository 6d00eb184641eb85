#include <cmath>

#include "simd/difference_loops.hpp"

namespace perch {
namespace {

/// Four lanes, which compilers map to one SSE or NEON register.
struct Portable {
    static constexpr int lanes = 4, rows = 4, columns = 2;
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
    static Vector absolute_difference(Vector a, Vector b) {
        return each([&](int i) { return std::fabs(a.lane[i] - b.lane[i]); });
    }
    static Vector squared_difference(Vector a, Vector b) {
        return each([&](int i) { return (a.lane[i] - b.lane[i]) * (a.lane[i] - b.lane[i]); });
    }
};

}  // namespace

const DifferenceKernel difference_portable = difference_kernel_of<Portable>();

}  // namespace perch
