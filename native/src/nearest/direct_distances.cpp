#include "nearest/direct_distances.hpp"

#include <algorithm>
#include <cmath>

#include "execution/parallel.hpp"
#include "nearest/difference_search.hpp"

namespace perch {
namespace {

/// Positions of an image and their partners, and the squares of their distances.
struct Pairs {
    std::vector<std::int32_t> own, other;
    std::vector<double> squares;
};

void measure(const LayerPlanes& from, const LayerPlanes& to, std::size_t scale, Pairs& pairs) {
    const float* a = from.means(scale);
    const float* b = to.means(scale);
    pairs.squares.assign(pairs.own.size(), 0);
    for (int c = 0; c < from.channels; c++) {
        for (std::size_t i = 0; i < pairs.own.size(); i++) {
            const float difference = a[pairs.own[i]] - b[pairs.other[i]];
            pairs.squares[i] += double(difference) * difference;
        }
        a += from.length;
        b += to.length;
    }
}

/// Finds the partners again by differences.
void search_again(const LayerPlanes& from, const LayerPlanes& to, std::size_t scale, Pairs& pairs,
                  const Execution& execution) {
    const float* means = to.means(scale);
    const AlignedVector<float>& weights = to.neighborhoods[scale].weights;
    const auto pack = [&](int panel, float* columns, bool* counts) {
        const std::size_t first = std::size_t(panel) * panel_width;
        for (std::size_t c = 0; c < std::size_t(to.channels); c++) {
            const float* source = means + c * std::size_t(to.length) + first;
            std::copy(source, source + panel_width, columns + c * panel_width);
        }
        for (std::size_t j = 0; j < panel_width; j++) counts[j] = weights[first + j] > 0;
    };
    DifferenceSearch search(from.channels, execution.isa);
    for (std::size_t start = 0; start < pairs.own.size(); start += panel_width) {
        check_canceled(execution);
        const std::size_t count = std::min<std::size_t>(panel_width, pairs.own.size() - start);
        for (std::size_t c = 0; c < std::size_t(from.channels); c++) {
            const float* source = from.means(scale) + c * std::size_t(from.length);
            for (std::size_t i = 0; i < count; i++) {
                search.rows()[c * panel_width + i] = source[pairs.own[start + i]];
            }
        }
        search.find(int(count), to.panel_count(), pack, pairs.other.data() + start);
    }
}

/// Indices of the pairs whose partner is doubtful. A partner at distance zero is not.
std::vector<std::size_t> doubtful_pairs(const LayerPlanes& from, const LayerPlanes& to, std::size_t scale,
                                        const Pairs& pairs) {
    // Sums of inner products round like the features, which are longer than their means.
    const double side = from.neighborhoods[scale].side;
    const double features = side == 1 ? 0 : (from.mean_square + to.mean_square) / (side * side);
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < pairs.own.size(); i++) {
        const double lengths = features + 2 * (double(from.neighborhoods[scale].half_norms[std::size_t(pairs.own[i])]) +
                                               double(to.neighborhoods[scale].half_norms[std::size_t(pairs.other[i])]));
        if (pairs.squares[i] > 0 && pairs.squares[i] < doubtful_distance * lengths) found.push_back(i);
    }
    return found;
}

}  // namespace

void direct_distances(const LayerPlanes& from, const LayerPlanes& to, std::size_t scale,
                      const std::vector<std::int32_t>& partners, const Execution& execution, float* distances) {
    Pairs pairs;
    for (int y = 0; y < from.height; y++) {
        for (int x = 0; x < from.width; x++) {
            pairs.own.push_back(from.position(y, x));
            pairs.other.push_back(partners[std::size_t(from.position(y, x))]);
        }
    }
    measure(from, to, scale, pairs);
    const auto copy = [&](std::size_t i, double square) { distances[i] = float(std::sqrt(square)); };
    for (std::size_t i = 0; i < pairs.own.size(); i++) copy(i, pairs.squares[i]);

    const std::vector<std::size_t> indices = doubtful_pairs(from, to, scale, pairs);
    if (indices.empty()) return;
    Pairs again;
    for (const std::size_t i : indices) again.own.push_back(pairs.own[i]);
    again.other.resize(indices.size());
    search_again(from, to, scale, again, execution);
    measure(from, to, scale, again);
    for (std::size_t i = 0; i < indices.size(); i++) copy(indices[i], again.squares[i]);
}

}  // namespace perch
