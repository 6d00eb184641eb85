#include <arm_neon.h>

#include "simd/difference_loops.hpp"

namespace perch {
namespace {

struct Neon {
    static constexpr int lanes = 4, rows = 4, columns = 4;
    using Vector = float32x4_t;

    static Vector zero() { return vdupq_n_f32(0); }
    static Vector load(const float* values) { return vld1q_f32(values); }
    static Vector broadcast(float value) { return vdupq_n_f32(value); }
    static void store(float* values, Vector v) { vst1q_f32(values, v); }
    static Vector add(Vector a, Vector b) { return vaddq_f32(a, b); }
    static Vector absolute_difference(Vector a, Vector b) { return vabdq_f32(a, b); }
    static Vector squared_difference(Vector a, Vector b) {
        const Vector difference = vsubq_f32(a, b);
        return vmulq_f32(difference, difference);
    }
};

}  // namespace

const DifferenceKernel difference_neon = difference_kernel_of<Neon>();

}  // namespace perch
