#include "simd/inner_product_loops.hpp"

namespace perch {
namespace {

/// Four lanes, which compilers map to one SSE or NEON register.
struct Portable {
    static constexpr int lanes = 4, rows = 4, columns = 2;
    struct Vector {
        float lane[lanes];
    };
    struct Index {
        std::int32_t lane[lanes];
    };

    template <class Result, class Operation>
    static Result each(Operation operation) {
        Result result;
#pragma GCC unroll 4
        for (int i = 0; i < lanes; i++) result.lane[i] = operation(i);
        return result;
    }
    static Vector load(const float* values) {
        return each<Vector>([=](int i) { return values[i]; });
    }
    static Vector broadcast(float value) {
        return each<Vector>([=](int) { return value; });
    }
    static void store(float* values, Vector v) {
        for (int i = 0; i < lanes; i++) values[i] = v.lane[i];
    }
    static Vector add(Vector a, Vector b) {
        return each<Vector>([&](int i) { return a.lane[i] + b.lane[i]; });
    }
    static Vector subtract(Vector a, Vector b) {
        return each<Vector>([&](int i) { return a.lane[i] - b.lane[i]; });
    }
    static Vector multiply(Vector a, Vector b) {
        return each<Vector>([&](int i) { return a.lane[i] * b.lane[i]; });
    }
    static Vector multiply_add(Vector a, Vector b, Vector c) {
        return each<Vector>([&](int i) { return a.lane[i] * b.lane[i] + c.lane[i]; });
    }
    static Index load_index(const std::int32_t* values) {
        return each<Index>([=](int i) { return values[i]; });
    }
    static Index broadcast_index(std::int32_t value) {
        return each<Index>([=](int) { return value; });
    }
    static void store_index(std::int32_t* values, Index v) {
        for (int i = 0; i < lanes; i++) values[i] = v.lane[i];
    }
    static void keep_larger(Vector& best, Index& index, Vector candidate, Index candidate_index) {
        for (int i = 0; i < lanes; i++) {
            const bool larger = candidate.lane[i] > best.lane[i];
            best.lane[i] = larger ? candidate.lane[i] : best.lane[i];
            index.lane[i] = larger ? candidate_index.lane[i] : index.lane[i];
        }
    }
};

}  // namespace

const InnerProductKernel inner_product_portable = inner_product_kernel_of<Portable>();

}  // namespace perch
