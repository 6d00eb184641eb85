#pragma once

#include "simd/difference_kernel.hpp"

// The loops of a DifferenceKernel, for any instruction set. `Simd` provides
//   lanes: floats in a Vector;
//   rows, columns: the block of totals (rows x columns Vectors) that fits into the registers;
//   Vector; zero(), load(values), broadcast(value), store(values, vector), add(a, b);
//   absolute_difference(a, b), squared_difference(a, b).
//
// Internal linkage: this header is compiled for several instruction sets, which must not share code.
namespace perch {
namespace {

template <class Simd>
struct Absolute {
    static typename Simd::Vector of(typename Simd::Vector a, typename Simd::Vector b) {
        return Simd::absolute_difference(a, b);
    }
};

template <class Simd>
struct Squared {
    static typename Simd::Vector of(typename Simd::Vector a, typename Simd::Vector b) {
        return Simd::squared_difference(a, b);
    }
};

template <class Simd, class Difference>
inline void add_block(const float* rows, const float* columns, int dimensions, float* sums, std::ptrdiff_t stride) {
    typename Simd::Vector totals[Simd::rows][Simd::columns];
#pragma GCC unroll 16
    for (int i = 0; i < Simd::rows; i++) {
#pragma GCC unroll 16
        for (int j = 0; j < Simd::columns; j++) totals[i][j] = Simd::zero();
    }
    for (int d = 0; d < dimensions; d++) {
        typename Simd::Vector across[Simd::columns];
#pragma GCC unroll 16
        for (int j = 0; j < Simd::columns; j++) across[j] = Simd::load(columns + d * panel_width + j * Simd::lanes);
#pragma GCC unroll 16
        for (int i = 0; i < Simd::rows; i++) {
            const typename Simd::Vector down = Simd::broadcast(rows[d * panel_width + i]);
#pragma GCC unroll 16
            for (int j = 0; j < Simd::columns; j++) {
                totals[i][j] = Simd::add(totals[i][j], Difference::of(down, across[j]));
            }
        }
    }
#pragma GCC unroll 16
    for (int i = 0; i < Simd::rows; i++) {
#pragma GCC unroll 16
        for (int j = 0; j < Simd::columns; j++) {
            float* target = sums + i * stride + j * Simd::lanes;
            Simd::store(target, Simd::add(Simd::load(target), totals[i][j]));
        }
    }
}

template <class Simd, class Difference>
void add_differences(const float* rows, const float* columns, int dimensions, float* sums, std::ptrdiff_t stride) {
    for (int first = 0; first < dimensions; first += panel_run) {
        const int run = dimensions - first < panel_run ? dimensions - first : panel_run;
        for (int i = 0; i < panel_width; i += Simd::rows) {
            for (int j = 0; j < panel_width; j += Simd::columns * Simd::lanes) {
                add_block<Simd, Difference>(rows + first * panel_width + i, columns + first * panel_width + j, run,
                                            sums + i * stride + j, stride);
            }
        }
    }
}

template <class Simd, int vectors>
inline void sum_errors_of_run(const float* own, const float* lists, int length, const std::uint32_t* members, int count,
                              float* sums) {
    typename Simd::Vector values[vectors], totals[vectors];
#pragma GCC unroll 16
    for (int v = 0; v < vectors; v++) {
        values[v] = Simd::load(own + v * Simd::lanes);
        totals[v] = Simd::zero();
    }
    for (int m = 0; m < count; m++) {
        const float* list = lists + std::ptrdiff_t(members[m]) * length;
#pragma GCC unroll 16
        for (int v = 0; v < vectors; v++) {
            totals[v] = Simd::add(totals[v], Simd::absolute_difference(values[v], Simd::load(list + v * Simd::lanes)));
        }
    }
#pragma GCC unroll 16
    for (int v = 0; v < vectors; v++) Simd::store(sums + v * Simd::lanes, totals[v]);
}

template <class Simd>
void sum_errors(const float* own, const float* lists, int length, const std::uint32_t* members, int count,
                float* sums) {
    constexpr int vectors = 6, run = vectors * Simd::lanes;
    int rank = 0;
    for (; rank + run <= length; rank += run) {
        sum_errors_of_run<Simd, vectors>(own + rank, lists + rank, length, members, count, sums + rank);
    }
    for (; rank < length; rank += Simd::lanes) {
        sum_errors_of_run<Simd, 1>(own + rank, lists + rank, length, members, count, sums + rank);
    }
}

template <class Simd>
constexpr DifferenceKernel difference_kernel_of() {
    return {add_differences<Simd, Absolute<Simd>>, add_differences<Simd, Squared<Simd>>, sum_errors<Simd>};
}

}  // namespace
}  // namespace perch
