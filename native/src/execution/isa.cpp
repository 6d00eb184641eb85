#include "perch/execution.hpp"

#ifdef PERCH_X86_KERNELS
#ifdef _MSC_VER
#include <intrin.h>
#else
#include <cpuid.h>
#endif
#endif

namespace perch {

#ifdef PERCH_X86_KERNELS
namespace {

struct Registers {
    unsigned a, b, c, d;
};

Registers cpuid(unsigned leaf) {
    Registers r{};
#ifdef _MSC_VER
    int out[4];
    __cpuid(out, 0);
    if (unsigned(out[0]) < leaf) return r;
    __cpuidex(out, int(leaf), 0);
    r = {unsigned(out[0]), unsigned(out[1]), unsigned(out[2]), unsigned(out[3])};
#else
    __get_cpuid_count(leaf, 0, &r.a, &r.b, &r.c, &r.d);
#endif
    return r;
}

/// The XCR0 register: which register states the operating system saves on a context switch.
unsigned xcr0() {
    if (!(cpuid(1).c & (1u << 27))) return 0;  // no OSXSAVE
#ifdef _MSC_VER
    return unsigned(_xgetbv(0));
#else
    unsigned low, high;
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return low;
#endif
}

constexpr bool has_all(unsigned value, unsigned bits) {
    return (value & bits) == bits;
}

/// All processors with AVX2 except some by VIA have fused multiply-add, which its kernels use.
bool has_avx2() {
    return has_all(xcr0(), 0x06) && has_all(cpuid(7).b, 1u << 5) && has_all(cpuid(1).c, 1u << 12);
}

bool has_avx512() {
    const Registers features = cpuid(7);
    const unsigned foundation_dq_bw_vl = 1u << 16 | 1u << 17 | 1u << 30 | 1u << 31;
    const unsigned vbmi_vnni = 1u << 1 | 1u << 11;
    return has_all(xcr0(), 0xe6) && has_all(features.b, foundation_dq_bw_vl) && has_all(features.c, vbmi_vnni);
}

}  // namespace
#endif

std::vector<Isa> supported_isas() {
    std::vector<Isa> isas;
#ifdef PERCH_X86_KERNELS
    if (has_avx2() && has_avx512()) isas.push_back(Isa::avx512);
    if (has_avx2()) isas.push_back(Isa::avx2);
#endif
#ifdef PERCH_NEON_KERNELS
    isas.push_back(Isa::neon);  // part of the base instruction set of 64-bit Arm
#endif
#ifdef PERCH_WASM_KERNELS
    isas.push_back(Isa::wasm);  // the module is compiled for fixed-width SIMD
#endif
    isas.push_back(Isa::portable);
    return isas;
}

}  // namespace perch
