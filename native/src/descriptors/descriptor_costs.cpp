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

void add_costs_of_mean(const std::vector<float>& plane, Metric metric, std::vector<double>& costs) {
    const double mean = mean_of(plane);
    for (std::size_t i = 0; i < plane.size(); i++) {
        const double difference = plane[i] - mean;
        costs[i] += metric == Metric::squared ? difference * difference : std::fabs(difference);
    }
}

/// The sum of squared differences from n values is that from their mean, n times, and their own spread.
void add_squared_costs(const std::vector<float>& plane, const std::vector<float>& references, std::vector<double>& costs) {
    const double mean = mean_of(references), count = double(references.size());
    double spread = 0;
    for (const float value : references) spread += (value - mean) * (value - mean);
    for (std::size_t i = 0; i < plane.size(); i++) costs[i] += count * (plane[i] - mean) * (plane[i] - mean) + spread;
}

/// The sum of absolute differences from sorted values, of which `below` with the sum `sum_below` are at most `value`.
double absolute_cost(float value, double below, double sum_below, double count, double sum) {
    return value * (2 * below - count) - 2 * sum_below + sum;
}

void add_absolute_costs(const std::vector<float>& plane, std::vector<float> references, std::vector<double>& costs) {
    std::sort(references.begin(), references.end());
    std::vector<double> sums(references.size() + 1);
    for (std::size_t i = 0; i < references.size(); i++) sums[i + 1] = sums[i] + references[i];
    for (std::size_t i = 0; i < plane.size(); i++) {
        const auto below = std::upper_bound(references.begin(), references.end(), plane[i]) - references.begin();
        costs[i] += absolute_cost(plane[i], double(below), sums[std::size_t(below)], double(references.size()), sums.back());
    }
}

/// Where the references are the plane itself, sorting it says at once how many are below each value.
void add_absolute_costs_of_all(const std::vector<float>& plane, std::vector<double>& costs) {
    std::vector<Sample> samples(plane.size()), scratch;
    double sum = 0, sum_below = 0;
    for (std::size_t i = 0; i < plane.size(); i++) {
        samples[i] = {std::uint32_t(ordered_key(plane[i])) ^ 0x80000000u, std::uint32_t(i)};
        sum += plane[i];
    }
    radix_sort(samples, scratch);
    for (std::size_t i = 0; i < samples.size(); i++) {
        const float value = plane[samples[i].pixel];
        sum_below += value;
        costs[samples[i].pixel] += absolute_cost(value, double(i + 1), sum_below, double(plane.size()), sum);
    }
}

}  // namespace

void add_plane_costs(const std::vector<float>& plane, Metric metric, const VectorReference& reference,
                     std::vector<double>& costs) {
    if (std::holds_alternative<GlobalMean>(reference)) return add_costs_of_mean(plane, metric, costs);
    const bool all = std::holds_alternative<AllWindows>(reference);
    if (all && metric == Metric::absolute) return add_absolute_costs_of_all(plane, costs);
    std::vector<float> references = plane;
    if (const auto* chosen = std::get_if<ChosenWindows>(&reference)) {
        references.resize(chosen->positions.size());
        std::transform(chosen->positions.begin(), chosen->positions.end(), references.begin(),
                       [&](std::uint32_t position) { return plane[position]; });
    }
    if (metric == Metric::squared) return add_squared_costs(plane, references, costs);
    add_absolute_costs(plane, std::move(references), costs);
}

}  // namespace perch
