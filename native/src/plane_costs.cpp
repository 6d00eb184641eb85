#include "plane_costs.hpp"

#include <algorithm>
#include <cmath>

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

/// The sum of absolute differences from sorted values, from running sums of those below and above.
void add_absolute_costs(const std::vector<float>& plane, std::vector<float> references, std::vector<double>& costs) {
    std::sort(references.begin(), references.end());
    std::vector<double> sums(references.size() + 1);
    for (std::size_t i = 0; i < references.size(); i++) sums[i + 1] = sums[i] + references[i];
    for (std::size_t i = 0; i < plane.size(); i++) {
        const auto below = std::upper_bound(references.begin(), references.end(), plane[i]) - references.begin();
        const double above = double(references.size()) - double(below);
        costs[i] += plane[i] * (double(below) - above) - sums[std::size_t(below)] + (sums.back() - sums[std::size_t(below)]);
    }
}

}  // namespace

void add_plane_costs(const std::vector<float>& plane, Metric metric, const VectorReference& reference,
                     std::vector<double>& costs) {
    if (std::holds_alternative<GlobalMean>(reference)) return add_costs_of_mean(plane, metric, costs);
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
