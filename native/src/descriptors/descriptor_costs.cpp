#include "descriptors/descriptor_costs.hpp"

#include <algorithm>
#include <cmath>

#include "sorting/ordered_keys.hpp"
#include "sorting/radix_sort.hpp"

namespace perch {
namespace {

double mean_of(const std::vector<float>& values) {
    double sum = 0;
    for (const float value : values) sum += value;
    return sum / double(values.size());
}

std::vector<float> values_at(const std::vector<float>& plane, const std::vector<std::uint32_t>& indices) {
    std::vector<float> values(indices.size());
    std::transform(indices.begin(), indices.end(), values.begin(), [&](std::uint32_t index) { return plane[index]; });
    return values;
}

void add_mean_costs(const std::vector<float>& plane, double mean, Distance distance, std::vector<double>& costs) {
    for (std::size_t i = 0; i < plane.size(); i++) {
        const double difference = plane[i] - mean;
        costs[i] += distance == Distance::squared ? difference * difference : std::fabs(difference);
    }
}

/// The sum of squared differences from n values is n times the squared difference from their mean, plus n times their
/// variance.
void add_squared_costs(const std::vector<float>& plane, const std::vector<float>& references,
                       std::vector<double>& costs) {
    const double mean = mean_of(references), count = double(references.size());
    double scatter = 0;
    for (const float value : references) scatter += (value - mean) * (value - mean);
    for (std::size_t i = 0; i < plane.size(); i++) costs[i] += count * (plane[i] - mean) * (plane[i] - mean) + scatter;
}

/// The sum of absolute differences from `count` values with the sum `sum`, if `below` of them, with the sum
/// `sum_below`, are at most `value`.
double absolute_cost(float value, double below, double sum_below, double count, double sum) {
    return value * (2 * below - count) - 2 * sum_below + sum;
}

void add_absolute_costs(const std::vector<float>& plane, std::vector<float> references, std::vector<double>& costs) {
    std::sort(references.begin(), references.end());
    std::vector<double> sums(references.size() + 1);
    for (std::size_t i = 0; i < references.size(); i++) sums[i + 1] = sums[i] + references[i];
    for (std::size_t i = 0; i < plane.size(); i++) {
        const auto below = std::upper_bound(references.begin(), references.end(), plane[i]) - references.begin();
        costs[i] +=
            absolute_cost(plane[i], double(below), sums[std::size_t(below)], double(references.size()), sums.back());
    }
}

/// If the references are the plane itself, its sorted order gives the number of values below each value.
void add_absolute_costs_to_all(const std::vector<float>& plane, std::vector<double>& costs) {
    std::vector<KeyedIndex> entries(plane.size()), scratch;
    double sum = 0, sum_below = 0;
    for (std::size_t i = 0; i < plane.size(); i++) {
        entries[i] = {radix_key(plane[i]), std::uint32_t(i)};
        sum += plane[i];
    }
    radix_sort(entries, scratch);
    for (std::size_t i = 0; i < entries.size(); i++) {
        const float value = plane[entries[i].index];
        sum_below += value;
        costs[entries[i].index] += absolute_cost(value, double(i + 1), sum_below, double(plane.size()), sum);
    }
}

}  // namespace

void add_descriptor_costs(const std::vector<float>& plane, Distance distance, const DescriptorReference& reference,
                          std::vector<double>& costs) {
    if (const auto* mean = std::get_if<GlobalMean>(&reference)) {
        const bool whole = mean->among.empty();
        return add_mean_costs(plane, whole ? mean_of(plane) : mean_of(values_at(plane, mean->among)), distance, costs);
    }
    const auto* all = std::get_if<AllPatches>(&reference);
    if (all && all->among.empty() && distance == Distance::absolute) return add_absolute_costs_to_all(plane, costs);
    const auto* listed = std::get_if<PatchIndices>(&reference);
    const std::vector<std::uint32_t> none, &indices = listed ? listed->indices : all ? all->among : none;
    std::vector<float> references = indices.empty() ? plane : values_at(plane, indices);
    if (distance == Distance::squared) return add_squared_costs(plane, references, costs);
    add_absolute_costs(plane, std::move(references), costs);
}

}  // namespace perch
