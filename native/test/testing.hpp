#pragma once

#include <functional>
#include <string>
#include <vector>

// As much of a test framework as these tests need.
namespace perch::testing {

/// Runs a named test; what it throws is its failure.
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
    expect(false, "nothing was refused; expected: " + part);
}

/// Largest difference as a fraction of the expected range; where that is nothing, the difference itself.
double deviation(const std::vector<float>& actual, const std::vector<float>& expected);

void test_statistics();
void test_validation();
void test_threshold_sweep();

}  // namespace perch::testing
