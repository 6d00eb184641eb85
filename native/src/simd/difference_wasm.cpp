#include <wasm_simd128.h>

#include "simd/difference_loops.hpp"

namespace perch {
namespace {

struct Wasm {
    static constexpr int lanes = 4, rows = 4, columns = 2;
    using Vector = v128_t;

    static Vector zero() { return wasm_f32x4_splat(0); }
    static Vector load(const float* values) { return wasm_v128_load(values); }
    static Vector broadcast(float value) { return wasm_f32x4_splat(value); }
    static void store(float* values, Vector v) { wasm_v128_store(values, v); }
    static Vector add(Vector a, Vector b) { return wasm_f32x4_add(a, b); }
    static Vector absolute_difference(Vector a, Vector b) { return wasm_f32x4_abs(wasm_f32x4_sub(a, b)); }
    static Vector squared_difference(Vector a, Vector b) {
        const Vector difference = wasm_f32x4_sub(a, b);
        return wasm_f32x4_mul(difference, difference);
    }
};

}  // namespace

const DifferenceKernel difference_wasm = difference_kernel_of<Wasm>();

}  // namespace perch
