#include <wasm_simd128.h>

#include "simd/inner_product_loops.hpp"

namespace perch {
namespace {

struct Wasm {
    static constexpr int lanes = 4, rows = 4, columns = 2;
    using Vector = v128_t;
    using Index = v128_t;

    static Vector load(const float* values) { return wasm_v128_load(values); }
    static Vector broadcast(float value) { return wasm_f32x4_splat(value); }
    static void store(float* values, Vector v) { wasm_v128_store(values, v); }
    static Vector add(Vector a, Vector b) { return wasm_f32x4_add(a, b); }
    static Vector subtract(Vector a, Vector b) { return wasm_f32x4_sub(a, b); }
    static Vector multiply(Vector a, Vector b) { return wasm_f32x4_mul(a, b); }
    static Vector multiply_add(Vector a, Vector b, Vector c) { return wasm_f32x4_add(wasm_f32x4_mul(a, b), c); }
    static Index load_index(const std::int32_t* values) { return wasm_v128_load(values); }
    static Index broadcast_index(std::int32_t value) { return wasm_i32x4_splat(value); }
    static void store_index(std::int32_t* values, Index v) { wasm_v128_store(values, v); }
    static void keep_larger(Vector& best, Index& index, Vector candidate, Index candidate_index) {
        const Vector larger = wasm_f32x4_gt(candidate, best);
        best = wasm_v128_bitselect(candidate, best, larger);
        index = wasm_v128_bitselect(candidate_index, index, larger);
    }
};

}  // namespace

const InnerProductKernel inner_product_wasm = inner_product_kernel_of<Wasm>();

}  // namespace perch
