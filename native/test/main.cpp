#include <algorithm>
#include <cmath>
#include <cstdio>
#include <stdexcept>

#include "testing.hpp"

namespace perch::testing {
namespace {

int tests = 0, failures = 0;

}  // namespace

void test(const std::string& name, const std::function<void()>& body) {
    tests++;
    try {
        body();
    } catch (const std::exception& failure) {
        failures++;
        std::printf("FAILED %s: %s\n", name.c_str(), failure.what());
    }
}

void expect(bool holds, const std::string& what) {
    if (!holds) throw std::runtime_error(what);
}

double deviation(const std::vector<float>& actual, const std::vector<float>& expected) {
    expect(actual.size() == expected.size(), "sizes differ");
    double largest = 0;
    for (std::size_t i = 0; i < actual.size(); i++) {
        expect(std::isfinite(actual[i]), "not finite");
        largest = std::max(largest, std::fabs(double(actual[i]) - expected[i]));
    }
    const auto [low, high] = std::minmax_element(expected.begin(), expected.end());
    return *high > *low ? largest / (double(*high) - *low) : largest;
}

}  // namespace perch::testing

int main() {
#ifdef PERCH_CUDA_EMULATION
    perch::testing::test_cuda();
#endif
    perch::testing::test_comparisons();
    perch::testing::test_regions();
    perch::testing::test_sorting();
    perch::testing::test_statistics();
    perch::testing::test_threshold_sweep();
    perch::testing::test_top_k_selector();
    perch::testing::test_validation();
    std::printf("%d tests, %d failed\n", perch::testing::tests, perch::testing::failures);
    return perch::testing::failures == 0 ? 0 : 1;
}
