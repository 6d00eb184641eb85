#include <algorithm>
#include <bit>
#include <cmath>

#include "features.hpp"
#include "naive.hpp"
#include "perch/median.hpp"
#include "perch/qfca.hpp"
#include "simd/dispatch.hpp"
#include "sorting/binade_shift.hpp"
#include "testing.hpp"

namespace perch::testing {
namespace {

std::string name_of(Isa isa) {
    return isa == Isa::avx512 ? "avx512" : isa == Isa::avx2 ? "avx2" : isa == Isa::neon ? "neon" : "portable";
}

std::vector<float> fca_map(const FeatureMap& features, const std::vector<float>& reference, int patch_size,
                           const Execution& execution) {
    std::vector<float> map(features.pixels(), NAN);
    fca(features, reference, {patch_size, 3, 1}, map.data(), execution);
    return map;
}

std::vector<float> sww_map(const FeatureMap& features, const std::vector<float>& reference, int patch_size,
                           const Execution& execution) {
    std::vector<float> map(features.pixels(), NAN);
    sww(features, reference, {patch_size, 6}, map.data(), execution);
    return map;
}

void compare_with_naive(const std::string& name, const Features& features, int patch_size) {
    const std::vector<float> reference = naive_median_reference(features.map, patch_size);
    const std::vector<float> by_fca = naive_fca(features.map, reference, {patch_size, 3, 1});
    const std::vector<float> by_sww = naive_sww(features.map, reference, {patch_size, 6});
    for (const Isa isa : supported_isas()) {
        const Execution execution{2, isa, nullptr, {}};
        test(name + " by " + name_of(isa), [&] {
            expect(median_reference(features.map, patch_size, execution) == reference, "median reference");
            expect(deviation(fca_map(features.map, reference, patch_size, execution), by_fca) < 1e-5, "fca");
            expect(deviation(sww_map(features.map, reference, patch_size, execution), by_sww) < 1e-5, "sww");
        });
    }
}

std::vector<float> qfca_map(const FeatureMap& features, const std::vector<float>& reference, int patch_size,
                            const Execution& execution) {
    std::vector<float> map(features.pixels(), NAN);
    qfca(features, reference, {patch_size, 3, 1, 20}, map.data(), execution);
    return map;
}

/// Compares the instruction sets with each other, on maps for which the definition is too slow.
void compare_isas(const std::string& name, const Features& features, int patch_size, bool with_qfca = true) {
    const auto maps = [&](Isa isa) {
        const Execution execution{3, isa, nullptr, {}};
        return fca_map(features.map, median_reference(features.map, patch_size, execution), patch_size, execution);
    };
    const std::vector<float> expected = maps(Isa::portable);
    for (const Isa isa : supported_isas()) {
        test(name + " by " + name_of(isa), [&] {
            expect(deviation(maps(isa), expected) < 1e-5, "fca");
            if (!with_qfca) return;
            const std::vector<float> reference = median_reference(features.map, patch_size, {});
            const std::vector<float> quantized =
                qfca_map(features.map, reference, patch_size, {1, Isa::portable, nullptr, {}});
            expect(deviation(qfca_map(features.map, reference, patch_size, {3, isa, nullptr, {}}), quantized) < 1e-5,
                   "qfca");
        });
    }
}

}  // namespace

void test_statistics() {
    for (int patch_size = 3; patch_size <= 17; patch_size += 2) {
        compare_with_naive("T = " + std::to_string(patch_size), Features(3, 19 + patch_size, 40 - patch_size, same),
                           patch_size);
    }
    compare_with_naive("T = 31", Features(2, 31, 34, same), 31);
    for (const int patch_size : {3, 5, 9, 15, 25}) {
        const std::string t = ", T = " + std::to_string(patch_size);
        compare_isas("random values" + t, Features(4, 47, 64, same), patch_size);
        compare_isas("ties" + t, Features(5, 64, 33, [](float u) { return std::floor(5 * u) / 5; }), patch_size);
        compare_isas("half of the values zero" + t,
                     Features(3, 31, 90, [](float u) { return std::max(0.0f, u - 0.5f); }), patch_size);
        compare_isas("a constant map" + t, Features(3, 40, 29, [](float) { return 0.75f; }), patch_size);
    }
    compare_with_naive("one patch", Features(5, 9, 9, same), 9);
    compare_with_naive("one channel", Features(1, 24, 20, same), 7);
    compare_with_naive("ties", Features(4, 22, 26, [](float u) { return std::floor(4 * u); }), 9);
    compare_with_naive("a constant map", Features(3, 12, 12, [](float) { return -2.5f; }), 5);
    compare_with_naive("signed zeros",
                       Features(3, 15, 15, [](float u) { return u < 0.4f   ? -0.0f
                                                                : u < 0.6f ? 0.0f
                                                                           : u; }), 5);
    compare_with_naive("a wide range", Features(3, 15, 15, [](float u) { return std::tan(3.1f * (u - 0.5f)); }), 5);
    compare_with_naive("the largest floats", Features(2, 12, 12, [](float u) { return (u - 0.5f) * 3e38f; }), 5);
    compare_with_naive("the largest range that a binade has",
                       Features(2, 12, 12, [](float u) { return (u - 0.5f) * 8e37f; }), 5);
    compare_with_naive("values far from zero", Features(3, 15, 15, [](float u) { return 1000 + u; }), 5);
    compare_with_naive("tiny values", Features(3, 15, 15, [](float u) { return 1e-36f * u; }), 5);
    compare_with_naive("an outlier", Features(3, 15, 16, [](float u) { return u < 0.004f ? -1e6f : u; }), 5);
    compare_isas("several tiles", Features(2, 300, 270, same), 9);
    compare_isas("several groups of channels", Features(180, 130, 130, same), 3, false);
    test("sums of differences are bitwise the same by every instruction set", [] {
        constexpr int dimensions = 2 * panel_run + 5, length = 8 * list_multiple;
        const Features rows(1, dimensions, panel_width, same),
            lists(1, 7, length, [](float u) { return u * u - 0.3f; });
        const Features columns(1, dimensions, panel_width, [](float u) { return 1 - u * u; });
        const std::vector<std::uint32_t> members{3, 0, 6, 6};
        const auto sums = [&](const DifferenceKernel& kernel) {
            std::vector<float> absolute(panel_width * panel_width, 1), squared = absolute, errors(length);
            kernel.add_absolute(rows.values.data(), columns.values.data(), dimensions, absolute.data(), panel_width);
            kernel.add_squared(rows.values.data(), columns.values.data(), dimensions, squared.data(), panel_width);
            kernel.sum_errors(lists.values.data(), lists.values.data(), length, members.data(), int(members.size()),
                              errors.data());
            return std::vector{absolute, squared, errors};
        };
        const auto expected = sums(difference_kernel(Isa::portable));
        expect(expected[0][1] > 1 && expected[1][1] > 1 && expected[2][1] > 0, "differences");
        for (const Isa isa : supported_isas()) expect(sums(difference_kernel(isa)) == expected, name_of(isa));
    });
    test("shifted values have the same highest byte and the same differences", [] {
        const auto highest_byte = [](float value) { return std::bit_cast<std::uint32_t>(value) >> 24; };
        for (const auto& [lowest, highest] : std::vector<std::pair<float, float>>{
                 {0, 1}, {0, 0}, {-5, -3}, {3, 4.5f}, {1e-45f, 3e-45f}, {-1.5f, 0.49999997f}, {-4e37f, 4e37f}}) {
            const BinadeShift shift(lowest, highest);
            expect(shift.exists(), "exists");
            for (const float part : {0.0f, 0.1f, 0.7f, 1.0f}) {
                const float value = lowest + part * (highest - lowest);
                expect(highest_byte(shift(value)) == highest_byte(shift(lowest)), "byte");
                const double change = double(shift(value)) - shift(lowest) - (double(value) - lowest);
                expect(std::abs(change) <= 3e-7 * (double(highest) - lowest), "difference");
            }
        }
        expect(!BinadeShift(-3e38f, 3e38f).exists(), "the range exceeds the largest float");
        expect(!BinadeShift(0, 3e38f).exists(), "no binade is as large");
    });
    test("a tiny sigma puts all weight on the center", [] {
        const Features features(2, 12, 12, same);
        const std::vector<float> reference = median_reference(features.map, 5, {});
        std::vector<float> map(features.map.pixels());
        sww(features.map, reference, {5, 1e-200}, map.data(), {});
        expect(deviation(map, naive_sww(features.map, reference, {5, 0})) < 1e-5, "sww");
    });
    test("a reference of listed tiles is that of the map that consists of them", [] {
        const Features features(3, 20, 31, same);
        std::vector<float> middle;
        for (int c = 0; c < 3; c++) {
            for (int y = 0; y < 18; y++) {
                const float* row = features.map.channel(c) + y * 31 + 9;
                middle.insert(middle.end(), row, row + 9);
            }
        }
        const std::vector<float> expected = naive_median_reference({middle.data(), 3, 18, 9}, 9);
        for (const Isa isa : supported_isas()) {
            const Execution execution{2, isa, nullptr, {}};
            expect(median_reference(features.map, 9, execution, {1, 4}) == expected, name_of(isa));
        }
    });
    test("results do not depend on the number of threads", [] {
        const Features features(6, 70, 60, same);
        for (const Isa isa : supported_isas()) {
            const std::vector<float> reference = median_reference(features.map, 9, {1, isa, nullptr, {}});
            const std::vector<float> one = fca_map(features.map, reference, 9, {1, isa, nullptr, {}});
            for (const int threads : {2, 3, 7}) {
                expect(fca_map(features.map, reference, 9, {threads, isa, nullptr, {}}) == one, name_of(isa));
            }
        }
    });
}

}  // namespace perch::testing
