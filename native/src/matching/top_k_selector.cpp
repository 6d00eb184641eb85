#include "matching/top_k_selector.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace perch {

void CandidateRule::drop_far(std::vector<Candidate>& candidates) const {
    if (candidates.size() <= std::size_t(count_)) return;
    std::vector<std::pair<double, std::uint32_t>> bounds;
    bounds.reserve(candidates.size());
    for (const Candidate& candidate : candidates) bounds.push_back({highest(candidate), candidate.position});
    std::nth_element(bounds.begin(), bounds.begin() + (count_ - 1), bounds.end());
    const auto [limit, position] = bounds[std::size_t(count_ - 1)];
    std::erase_if(candidates, [&, limit = limit, position = position](const Candidate& candidate) {
        if (lowest(candidate) > limit) return true;
        return candidate.exact && candidate.distance == limit && candidate.position > position;
    });
}

/// At most `count` candidates can be nearer than this: those that surely are, are in.
double CandidateRule::first_bound_outside(const std::vector<Candidate>& candidates) const {
    std::vector<double> bounds;
    bounds.reserve(candidates.size());
    for (const Candidate& candidate : candidates) bounds.push_back(lowest(candidate));
    std::nth_element(bounds.begin(), bounds.begin() + count_, bounds.end());
    return bounds[std::size_t(count_)];
}

std::vector<std::size_t> CandidateRule::undecided(const std::vector<Candidate>& candidates) const {
    std::vector<std::size_t> indices;
    if (candidates.size() <= std::size_t(count_)) return indices;
    const double limit = first_bound_outside(candidates);
    for (std::size_t i = 0; i < candidates.size(); i++) {
        if (!candidates[i].exact && highest(candidates[i]) >= limit) indices.push_back(i);
    }
    return indices;
}

void CandidateRule::decide(std::vector<Candidate>& candidates) const {
    if (candidates.size() <= std::size_t(count_)) return;
    const double limit = first_bound_outside(candidates);
    const auto surely_in = [&](const Candidate& candidate) { return highest(candidate) < limit; };
    std::sort(candidates.begin(), candidates.end(), [&](const Candidate& a, const Candidate& b) {
        if (surely_in(a) != surely_in(b)) return surely_in(a);
        return std::pair(a.distance, a.position) < std::pair(b.distance, b.position);
    });
    candidates.resize(std::size_t(count_));
}

}  // namespace perch
