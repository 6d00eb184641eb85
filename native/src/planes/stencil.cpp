#include "planes/stencil.hpp"

#include <cmath>

namespace perch {

std::vector<double> gaussian(int radius, double sigma) {
    std::vector<double> weights(std::size_t(2 * radius + 1));
    double sum = 0;
    for (int i = -radius; i <= radius; i++) {
        const double weight = sigma == 0 ? double(i == 0) : std::exp(-i * i / (2 * sigma * sigma));
        weights[std::size_t(i + radius)] = weight;
        sum += weight;
    }
    for (double& weight : weights) weight /= sum;
    return weights;
}

}  // namespace perch
