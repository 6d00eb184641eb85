#include "ladder.hpp"

#include <algorithm>
#include <utility>

#include "parallel.hpp"

namespace perch {
namespace {

constexpr std::size_t most_buckets = 1u << 20;
/// Buckets for each rung: rungs are floats, which lie closer by far at the high end.
constexpr std::size_t buckets_per_rung = 8;
/// More rungs than these in a bucket are halved, not walked.
constexpr std::size_t few = 8;

void add(std::vector<Ladder::Step>& sum, const std::vector<Ladder::Step>& part) {
    for (std::size_t i = 0; i < sum.size(); i++) {
        sum[i].between += part[i].between;
        sum[i].at += part[i].at;
        sum[i].last = std::max(sum[i].last, part[i].last);
    }
}

}  // namespace

Ladder::Ladder(std::vector<std::uint32_t> rungs) : rungs_(std::move(rungs)) {
    if (rungs_.empty()) return;
    const std::uint32_t reach = rungs_.back() - rungs_.front();
    const std::size_t most = std::min(most_buckets, buckets_per_rung * rungs_.size());
    while ((reach >> shift_) >= most) shift_++;
    const std::size_t buckets = (reach >> shift_) + 1;
    buckets_.reserve(buckets + 1);
    for (std::uint32_t rung = 0; rung < rungs_.size(); rung++) {
        const std::size_t bucket = (rungs_[rung] - rungs_.front()) >> shift_;
        while (buckets_.size() <= bucket) buckets_.push_back(rung);
    }
    buckets_.push_back(static_cast<std::uint32_t>(rungs_.size()));
}

std::size_t Ladder::rung_of(std::uint32_t key) const {
    if (rungs_.empty() || key <= rungs_.front()) return 0;
    if (key > rungs_.back()) return rungs_.size();
    const std::size_t bucket = (key - rungs_.front()) >> shift_;
    std::size_t rung = buckets_[bucket];
    const std::size_t end = buckets_[bucket + 1];
    if (end - rung > few) return std::lower_bound(rungs_.begin() + rung, rungs_.begin() + end, key) - rungs_.begin();
    while (rung < end && rungs_[rung] < key) rung++;
    return rung;
}

std::vector<Ladder::Step> Ladder::count(const std::uint32_t* keys, std::size_t count, const Execution& execution) const {
    const std::size_t steps = rungs_.size() + 1;
    const std::size_t affordable = count * sizeof *keys / (steps * sizeof(Step));
    const std::size_t shares = std::clamp<std::size_t>(affordable, 1, execution.threads);
    std::vector<std::vector<Step>> parts(shares);
    for_each_index(shares, execution, [&](std::size_t share, int) {
        std::vector<Step> part(steps);
        const std::uint32_t* const end = keys + count * (share + 1) / shares;
        for (const std::uint32_t* key = keys + count * share / shares; key < end; key++) {
            const std::size_t rung = rung_of(*key);
            Step& step = part[rung];
            if (rung < rungs_.size() && rungs_[rung] == *key) {
                step.at++;
            } else {
                step.between++;
                step.last = std::max(step.last, *key);
            }
        }
        parts[share] = std::move(part);
    });
    for (std::size_t share = 1; share < shares; share++) add(parts[0], parts[share]);
    return std::move(parts[0]);
}

}  // namespace perch
