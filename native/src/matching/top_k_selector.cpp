#include "matching/top_k_selector.hpp"

#include <algorithm>
#include <utility>

namespace perch {

void TopKSelector::prune(std::vector<Candidate>& candidates) const {
    if (candidates.size() <= std::size_t(k_)) return;
    std::vector<std::pair<double, std::uint32_t>> bounds;
    bounds.reserve(candidates.size());
    for (const Candidate& candidate : candidates) bounds.push_back({upper_bound(candidate), candidate.index});
    std::nth_element(bounds.begin(), bounds.begin() + (k_ - 1), bounds.end());
    const auto [limit, index] = bounds[std::size_t(k_ - 1)];
    std::erase_if(candidates, [&, limit = limit, index = index](const Candidate& candidate) {
        if (lower_bound(candidate) > limit) return true;
        return candidate.exact && candidate.distance == limit && candidate.index > index;
    });
}

double TopKSelector::selection_limit(const std::vector<Candidate>& candidates) const {
    std::vector<double> bounds;
    bounds.reserve(candidates.size());
    for (const Candidate& candidate : candidates) bounds.push_back(lower_bound(candidate));
    std::nth_element(bounds.begin(), bounds.begin() + k_, bounds.end());
    return bounds[std::size_t(k_)];
}

std::vector<std::size_t> TopKSelector::ambiguous(const std::vector<Candidate>& candidates) const {
    std::vector<std::size_t> indices;
    if (candidates.size() <= std::size_t(k_)) return indices;
    const double limit = selection_limit(candidates);
    for (std::size_t i = 0; i < candidates.size(); i++) {
        if (!candidates[i].exact && upper_bound(candidates[i]) >= limit) indices.push_back(i);
    }
    return indices;
}

void TopKSelector::finalize(std::vector<Candidate>& candidates) const {
    if (candidates.size() <= std::size_t(k_)) return;
    const double limit = selection_limit(candidates);
    const auto is_certain = [&](const Candidate& candidate) { return upper_bound(candidate) < limit; };
    std::sort(candidates.begin(), candidates.end(), [&](const Candidate& a, const Candidate& b) {
        if (is_certain(a) != is_certain(b)) return is_certain(a);
        return std::pair(a.distance, a.index) < std::pair(b.distance, b.index);
    });
    candidates.resize(std::size_t(k_));
}

}  // namespace perch
