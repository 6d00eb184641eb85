#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace perch {

/// A patch that may be among another patch's k nearest.
struct Candidate {
    double distance;
    std::uint32_t index;
    /// If false, `distance` is known only within the selector's relative error.
    bool exact;
};

/// Selects the k nearest candidates although most distances are approximate: it works with the lower and upper bound of
/// each distance and reports which distances must be computed exactly. Equal distances are ordered by index.
///
/// Example with k = 1 and a relative error of 10 %:
///
///     candidate  distance  bounds
///     A          10.0      9.00 .. 11.00
///     B          10.5      9.45 .. 11.55
///     C          20.0      18.0 .. 22.0
///
/// prune: the k-th smallest upper bound is 11 (A). C is certainly farther, so it is removed.
/// ambiguous: a candidate is certainly selected if its upper bound is below the (k+1)-th smallest lower bound, 9.45 (B).
/// This holds for neither A nor B, so both exact distances are needed.
/// finalize: with the exact distances 10.2 (A) and 10.1 (B), B is selected.
class TopKSelector {
public:
    TopKSelector(int k, double relative_error) : k_(k), error_(relative_error) {}

    /// Removes the candidates that are certainly not among the k nearest.
    void prune(std::vector<Candidate>& candidates) const;

    /// Indices into `candidates` of those whose exact distances are needed to determine the k nearest.
    std::vector<std::size_t> ambiguous(const std::vector<Candidate>& candidates) const;

    /// Keeps the k nearest candidates, after the ambiguous ones have become exact.
    void finalize(std::vector<Candidate>& candidates) const;

private:
    double lower_bound(const Candidate& candidate) const {
        return candidate.exact ? candidate.distance : candidate.distance * (1 - error_);
    }
    double upper_bound(const Candidate& candidate) const {
        return candidate.exact ? candidate.distance : candidate.distance * (1 + error_);
    }
    /// The (k+1)-th smallest lower bound: a candidate with a smaller upper bound is certainly among the k nearest.
    double selection_limit(const std::vector<Candidate>& candidates) const;

    int k_;
    double error_;
};

}  // namespace perch
