#include "planes/gaussian.hpp"

#include <cmath>
#include <cstddef>

namespace perch {

std::vector<double> gaussian(int radius, double sigma) {
    const double double_variance = 2 * sigma * sigma;
    std::vector<double> weights(std::size_t(2 * radius + 1));
    double sum = 0;
    for (int i = -radius; i <= radius; i++) {
        const double weight = double_variance == 0 ? double(i == 0) : std::exp(-i * i / double_variance);
        weights[std::size_t(i + radius)] = weight;
        sum += weight;
    }
    for (double& weight : weights) weight /= sum;
    return weights;
}

}  // namespace perch
