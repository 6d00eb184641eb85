#pragma once

#include <functional>
#include <string>
#include <vector>

// A minimal test framework.
namespace perch::testing {

/// Runs a named test. It fails if the body throws.
void test(const std::string& name, const std::function<void()>& body);

/// Fails the running test.
void expect(bool holds, const std::string& what);

/// Fails unless the call throws an Error whose message contains `part`.
template <class Error>
void expect_throws(const std::string& part, const std::function<void()>& call) {
    try {
        call();
    } catch (const Error& error) {
        expect(std::string(error.what()).find(part) != std::string::npos, "message: " + std::string(error.what()));
        return;
    }
    expect(false, "nothing was thrown; expected: " + part);
}

/// Largest difference as a fraction of the expected range, or absolute if the range is zero.
double deviation(const std::vector<float>& actual, const std::vector<float>& expected);

void test_cuda();
void test_comparisons();
void test_regions();
void test_sorting();
void test_statistics();
void test_threshold_sweep();
void test_top_k_selector();
void test_validation();

}  // namespace perch::testing
