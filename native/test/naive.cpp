#include "naive.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace perch::testing {
namespace {

int reflected(int position, int length) {
    if (position < 0) return -position;
    return position < length ? position : 2 * (length - 1) - position;
}

std::vector<double> gaussian(int radius, double sigma) {
    std::vector<double> weights;
    for (int i = -radius; i <= radius; i++)
        weights.push_back(sigma == 0 ? i == 0 : std::exp(-i * i / (2 * sigma * sigma)));
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    for (double& weight : weights) weight /= sum;
    return weights;
}

/// Calls visit(y, x, errors) for each patch, with the mean error over channels at each of its T*T positions.
void for_each_patch(const FeatureMap& features, const std::vector<float>& reference, int patch_size,
                    const std::function<void(int, int, const std::vector<double>&)>& visit) {
    const int half = (patch_size - 1) / 2, size = patch_size * patch_size;
    std::vector<float> values(std::size_t(size), 0.0f);
    std::vector<int> order(std::size_t(size), 0);
    for (int y = 0; y < features.height; y++) {
        for (int x = 0; x < features.width; x++) {
            std::vector<double> errors(std::size_t(size), 0.0);
            for (int c = 0; c < features.channels; c++) {
                for (int i = 0; i < size; i++) {
                    const int row = reflected(y + i / patch_size - half, features.height);
                    const int column = reflected(x + i % patch_size - half, features.width);
                    values[i] = features.channel(c)[row * features.width + column];
                    order[i] = i;
                }
                std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return values[a] < values[b]; });
                for (int rank = 0; rank < size; rank++) {
                    errors[order[rank]] += std::fabs(double(values[order[rank]]) - reference[c * size + rank]);
                }
            }
            for (double& error : errors) error /= features.channels;
            visit(y, x, errors);
        }
    }
}

}  // namespace

std::vector<float> naive_median_reference(const FeatureMap& features, int patch_size) {
    std::vector<float> reference;
    for (int c = 0; c < features.channels; c++) {
        std::vector<std::vector<float>> tiles;
        for (int top = 0; top + patch_size <= features.height; top += patch_size) {
            for (int left = 0; left + patch_size <= features.width; left += patch_size) {
                std::vector<float> tile;
                for (int y = top; y < top + patch_size; y++) {
                    const float* row = features.channel(c) + y * features.width + left;
                    tile.insert(tile.end(), row, row + patch_size);
                }
                std::sort(tile.begin(), tile.end());
                tiles.push_back(tile);
            }
        }
        for (int rank = 0; rank < patch_size * patch_size; rank++) {
            std::vector<float> values;
            for (const std::vector<float>& tile : tiles) values.push_back(tile[rank]);
            std::sort(values.begin(), values.end());
            reference.push_back(values[(values.size() - 1) / 2]);
        }
    }
    return reference;
}

std::vector<float> naive_fca(const FeatureMap& features, const std::vector<float>& reference,
                             const FcaParameters& parameters) {
    const int patch_size = parameters.patch_size, half = (patch_size - 1) / 2;
    const std::vector<double> weight = gaussian(half, parameters.sigma_p), kernel = gaussian(2, parameters.sigma_s);
    std::vector<double> sums(features.pixels());
    for_each_patch(features, reference, patch_size, [&](int y, int x, const std::vector<double>& errors) {
        for (int i = 0; i < patch_size; i++) {
            for (int j = 0; j < patch_size; j++) {
                const int row = y + i - half, column = x + j - half;
                if (row < 0 || column < 0 || row >= features.height || column >= features.width) continue;
                double smooth = 0;
                for (int k = -2; k <= 2; k++) {
                    for (int l = -2; l <= 2; l++) {
                        smooth += kernel[k + 2] * kernel[l + 2] *
                                  errors[reflected(i + k, patch_size) * patch_size + reflected(j + l, patch_size)];
                    }
                }
                sums[row * features.width + column] += weight[i] * weight[j] * smooth;
            }
        }
    });
    return {sums.begin(), sums.end()};
}

std::vector<float> naive_sww(const FeatureMap& features, const std::vector<float>& reference,
                             const SwwParameters& parameters) {
    const int patch_size = parameters.patch_size;
    const std::vector<double> weight = gaussian((patch_size - 1) / 2, parameters.sigma);
    std::vector<float> map(features.pixels());
    for_each_patch(features, reference, patch_size, [&](int y, int x, const std::vector<double>& errors) {
        double score = 0;
        for (int i = 0; i < patch_size * patch_size; i++)
            score += weight[i / patch_size] * weight[i % patch_size] * errors[i];
        map[y * features.width + x] = float(score);
    });
    return map;
}

}  // namespace perch::testing
