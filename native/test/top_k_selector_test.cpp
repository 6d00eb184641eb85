#include "matching/top_k_selector.hpp"

#include <algorithm>
#include <random>

#include "testing.hpp"

namespace perch::testing {

void test_top_k_selector() {
    test("candidates that are certainly too far are pruned", [] {
        std::vector<Candidate> candidates{{10, 0, false}, {10.5, 1, false}, {20, 2, false}};
        const TopKSelector selector(1, 0.1);
        selector.prune(candidates);
        expect(candidates.size() == 2 && candidates[0].index == 0 && candidates[1].index == 1,
               "the far candidate is pruned");
        expect(selector.ambiguous(candidates) == std::vector<std::size_t>{0, 1}, "both need their exact distance");
        candidates = {{10.2, 0, true}, {10.1, 1, true}};
        selector.finalize(candidates);
        expect(candidates.size() == 1 && candidates[0].index == 1, "the exact distance decides");
    });
    test("equal distances are ordered by index", [] {
        std::vector<Candidate> candidates{{3, 7, true}, {3, 2, true}, {3, 5, true}};
        const TopKSelector selector(2, 0.01);
        selector.prune(candidates);
        selector.finalize(candidates);
        expect(candidates.size() == 2 && candidates[0].index == 2 && candidates[1].index == 5, "2 and 5");
    });
    test("approximate distances select the same candidates as exact ones", [] {
        std::mt19937 random(5);
        for (int round = 0; round < 500; round++) {
            const int k = 1 + int(random() % 6);
            const double error = 0.05;
            std::vector<double> exact;
            std::vector<Candidate> candidates;
            for (std::uint32_t i = 0; i < 20; i++) {
                exact.push_back(1 + double(random() % 30) / 10);
                const double noise = (double(random() % 1000) / 500 - 1) * error * 0.9;
                candidates.push_back({exact[i] * (1 + noise), i, false});
            }
            std::vector<std::uint32_t> expected(exact.size());
            for (std::uint32_t i = 0; i < expected.size(); i++) expected[i] = i;
            std::stable_sort(expected.begin(), expected.end(),
                             [&](std::uint32_t a, std::uint32_t b) { return exact[a] < exact[b]; });
            expected.resize(std::size_t(k));
            std::sort(expected.begin(), expected.end());
            const TopKSelector selector(k, error);
            selector.prune(candidates);
            for (const std::size_t i : selector.ambiguous(candidates)) {
                candidates[i] = {exact[candidates[i].index], candidates[i].index, true};
            }
            selector.finalize(candidates);
            std::vector<std::uint32_t> selected;
            for (const Candidate& candidate : candidates) selected.push_back(candidate.index);
            std::sort(selected.begin(), selected.end());
            expect(selected == expected, "round " + std::to_string(round));
        }
    });
}

}  // namespace perch::testing
