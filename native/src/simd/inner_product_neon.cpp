#include <arm_neon.h>

#include "simd/inner_product_loops.hpp"

namespace perch {
namespace {

struct Neon {
    static constexpr int lanes = 4, rows = 6, columns = 4;
    using Vector = float32x4_t;
    using Index = int32x4_t;

    static Vector load(const float* values) { return vld1q_f32(values); }
    static Vector broadcast(float value) { return vdupq_n_f32(value); }
    static void store(float* values, Vector v) { vst1q_f32(values, v); }
    static Vector add(Vector a, Vector b) { return vaddq_f32(a, b); }
    static Vector subtract(Vector a, Vector b) { return vsubq_f32(a, b); }
    static Vector multiply(Vector a, Vector b) { return vmulq_f32(a, b); }
    static Vector multiply_add(Vector a, Vector b, Vector c) { return vfmaq_f32(c, a, b); }
    static Index load_index(const std::int32_t* values) { return vld1q_s32(values); }
    static Index broadcast_index(std::int32_t value) { return vdupq_n_s32(value); }
    static void store_index(std::int32_t* values, Index v) { vst1q_s32(values, v); }
    static void keep_larger(Vector& best, Index& index, Vector candidate, Index candidate_index) {
        const uint32x4_t larger = vcgtq_f32(candidate, best);
        best = vbslq_f32(larger, candidate, best);
        index = vbslq_s32(larger, candidate_index, index);
    }
};

}  // namespace

const InnerProductKernel inner_product_neon = inner_product_kernel_of<Neon>();

}  // namespace perch
