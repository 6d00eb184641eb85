#pragma once

#include <cstdint>
#include <vector>

namespace perch {

/// A window that may be among the nearest of another.
struct Candidate {
    double distance;
    std::uint32_t position;
    bool exact;  ///< else `distance` is within the relative error of the search
};

/// Chooses the nearest of candidates whose distances are known within a relative error; equal ones by position.
class CandidateRule {
public:
    CandidateRule(int count, double relative_error) : count_(count), error_(relative_error) {}

    /// Drops the candidates that are surely not among the `count` nearest.
    void drop_far(std::vector<Candidate>& candidates) const;

    /// The indices of those whose exact distance is needed to know the `count` nearest.
    std::vector<std::size_t> undecided(const std::vector<Candidate>& candidates) const;

    /// Keeps exactly the `count` nearest, once the undecided ones are exact.
    void decide(std::vector<Candidate>& candidates) const;

private:
    double lowest(const Candidate& candidate) const { return candidate.exact ? candidate.distance : candidate.distance * (1 - error_); }
    double highest(const Candidate& candidate) const { return candidate.exact ? candidate.distance : candidate.distance * (1 + error_); }
    double first_bound_outside(const std::vector<Candidate>& candidates) const;

    int count_;
    double error_;
};

}  // namespace perch
