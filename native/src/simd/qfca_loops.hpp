#pragma once

#include "simd/qfca_kernel.hpp"

// The loops of a QfcaKernel, for any instruction set. `Simd` provides
//   lanes: floats in a Vector;
//   Vector; zero(), load(values), broadcast(value), store(values, vector), add(a, b), multiply(a, b);
//   sum(vector): of its lanes;
//   move(counts, added, removed): counts + added - removed, for level_block counts;
//   match(first, end, matches, errors): the errors of a block of levels at these ranks, of which each has one or more.
//
// Internal linkage: this header is compiled for several instruction sets, which must not share code.
namespace perch {
namespace {

/// Row s + 1 has ones from level s of the block on.
struct Steps {
    std::uint16_t rows[level_block + 3][level_block];

    constexpr Steps() : rows() {
        for (int row = 0; row < level_block + 3; row++) {
            for (int j = 0; j < level_block; j++) rows[row][j] = j >= row - 1 ? 1 : 0;
        }
    }
};
constexpr Steps steps;
/// The row of a sample that is not there: it counts nowhere.
constexpr int no_step = level_block + 1;

/// The row of `steps` that counts a sample of this level at the levels from its own on; the next row, above its own.
inline int step_row(int level, int first_level) {
    const int local = level - first_level;
    return (local < -1 ? -1 : local > level_block ? level_block : local) + 1;
}

template <class Simd>
void slide(const std::uint8_t* added, const std::uint8_t* removed, int columns, int first_level,
           std::uint16_t* counts) {
    for (int x = 0; x < columns; x++, counts += counts_of_block) {
        const int in = step_row(added[x], first_level), out = removed ? step_row(removed[x], first_level) : no_step;
        Simd::move(counts, steps.rows[in + 1], steps.rows[out + 1]);
        Simd::move(counts + level_block, steps.rows[in], steps.rows[out]);
    }
}

template <class Simd>
void match(const std::uint16_t* counts, int patch_size, int patches, const LevelMatches& matches, float* errors) {
    alignas(64) std::uint16_t sums[counts_of_block] = {};
    const auto move = [&](const std::uint16_t* added, const std::uint16_t* removed) {
        Simd::move(sums, added, removed);
        Simd::move(sums + level_block, added + level_block, removed + level_block);
    };
    alignas(64) const std::uint16_t none[counts_of_block] = {};
    for (int x = 0; x < patch_size - 1; x++) move(counts + x * counts_of_block, none);
    const std::uint16_t* last = counts + (patch_size - 1) * counts_of_block;
    const std::uint16_t* removed = none;
    for (int x = 0; x < patches; x++, last += counts_of_block, errors += level_block) {
        move(last, removed);
        removed = counts + x * counts_of_block;
        Simd::match(sums, sums + level_block, matches, errors);
    }
}

/// A block of levels.
template <class Simd>
struct Block {
    static constexpr int vectors = level_block / Simd::lanes;
    typename Simd::Vector parts[vectors];

    Block() {
#pragma GCC unroll 16
        for (int v = 0; v < vectors; v++) parts[v] = Simd::zero();
    }
    void add(float weight, const float* values) {
        const typename Simd::Vector factor = Simd::broadcast(weight);
#pragma GCC unroll 16
        for (int v = 0; v < vectors; v++) {
            parts[v] = Simd::add(parts[v], Simd::multiply(factor, Simd::load(values + v * Simd::lanes)));
        }
    }
    void store(float* values) const {
#pragma GCC unroll 16
        for (int v = 0; v < vectors; v++) Simd::store(values + v * Simd::lanes, parts[v]);
    }
};

/// Number of blocks that are summed side by side.
constexpr int group = 2;

template <class Simd>
void weigh_rows(const float* const* rows, const float* weights, int count, int blocks, float* sums) {
    int first = 0;
    for (; first + group <= blocks; first += group) {
        Block<Simd> totals[group];
        const int offset = first * level_block;
        for (int r = 0; r < count; r++) {
#pragma GCC unroll 2
            for (int b = 0; b < group; b++) totals[b].add(weights[r], rows[r] + offset + b * level_block);
        }
#pragma GCC unroll 2
        for (int b = 0; b < group; b++) totals[b].store(sums + offset + b * level_block);
    }
    for (; first < blocks; first++) {
        Block<Simd> total;
        for (int r = 0; r < count; r++) total.add(weights[r], rows[r] + first * level_block);
        total.store(sums + first * level_block);
    }
}

/// Adds to each pixel's score its sums of levels, multiplied by its shares of them.
template <class Simd>
void add_products(const float* sums, const float* shares, const float* smoothing, int width, int pixels,
                  double* scores) {
    for (int x = 0; x < pixels; x++, sums += level_block, shares += level_block) {
        Block<Simd> share;
        for (int d = 0; d < width; d++) share.add(smoothing[d], shares + d * level_block);
        typename Simd::Vector total = Simd::zero();
#pragma GCC unroll 16
        for (int v = 0; v < Block<Simd>::vectors; v++) {
            total = Simd::add(total, Simd::multiply(Simd::load(sums + v * Simd::lanes), share.parts[v]));
        }
        scores[x] += double(Simd::sum(total));
    }
}

/// Number of pixels that are scored at a time.
constexpr int run_pixels = 32;

template <class Simd>
void add_scores(const float* columns, const float* weights, int patch_size, const float* shares,
                const std::uint8_t* used, const float* smoothing, int radius, int pixels, double* scores) {
    alignas(64) float sums[run_pixels * level_block];
    const int width = 2 * radius + 1;
    const auto is_used = [&](int x) {
        int any = 0;
        for (int d = 0; d < width; d++) any |= used[x + d];
        return any != 0;
    };
    for (int x = 0; x < pixels;) {
        int run = 0;
        while (run < run_pixels && x + run < pixels && is_used(x + run)) run++;
        if (run > 0) {
            const float* rows[max_rows];
            for (int t = 0; t < patch_size; t++) rows[t] = columns + (x + t) * level_block;
            weigh_rows<Simd>(rows, weights, patch_size, run, sums);
            add_products<Simd>(sums, shares + x * level_block, smoothing, width, run, scores + x);
        }
        x += run < run_pixels ? run + 1 : run;
    }
}

template <class Simd>
constexpr QfcaKernel qfca_kernel_of() {
    return {slide<Simd>, match<Simd>, weigh_rows<Simd>, add_scores<Simd>};
}

}  // namespace
}  // namespace perch
