#include <algorithm>
#include <cmath>
#include <string>

#include "features.hpp"
#include "perch/mutual.hpp"
#include "perch/nearest.hpp"
#include "perch/subspace.hpp"
#include "simd/dispatch.hpp"
#include "testing.hpp"

// Comparisons with other images against their definitions, for every instruction set.
namespace perch::testing {
namespace {

/// The distance of each row to the nearest one; rows of length C are columns of C x count features.
std::vector<float> naive_nearest(const FeatureMap& image, const FeatureMap& other) {
    std::vector<float> distances;
    for (std::size_t p = 0; p < image.pixels(); p++) {
        double least = INFINITY;
        for (std::size_t q = 0; q < other.pixels(); q++) {
            double sum = 0;
            for (int c = 0; c < image.channels; c++) {
                const double difference = double(image.channel(c)[p]) - other.channel(c)[q];
                sum += difference * difference;
            }
            least = std::min(least, sum);
        }
        distances.push_back(float(std::sqrt(least)));
    }
    return distances;
}

/// The means of the neighborhoods inside the image.
std::vector<float> naive_means(const FeatureMap& image, int side) {
    std::vector<float> means;
    const int half = side / 2;
    for (int c = 0; c < image.channels; c++) {
        for (int y = 0; y < image.height; y++) {
            for (int x = 0; x < image.width; x++) {
                double sum = 0;
                int count = 0;
                for (int i = std::max(0, y - half); i <= std::min(image.height - 1, y + half); i++) {
                    for (int j = std::max(0, x - half); j <= std::min(image.width - 1, x + half); j++, count++)
                        sum += image.channel(c)[i * image.width + j];
                }
                means.push_back(float(sum / count));
            }
        }
    }
    return means;
}

/// Values of rows one after the other.
std::vector<float> to_rows(const FeatureMap& image) {
    std::vector<float> rows;
    for (std::size_t p = 0; p < image.pixels(); p++) {
        for (int c = 0; c < image.channels; c++) rows.push_back(image.channel(c)[p]);
    }
    return rows;
}

void for_each_isa(const std::string& name, const std::function<void(const Execution&)>& body) {
    for (const Isa isa : supported_isas())
        test(name + ", code path " + std::to_string(int(isa)), [&] { body({2, isa, nullptr, {}}); });
}

}  // namespace

void test_comparisons() {
    const Features image(37, 9, 11, same), other(37, 7, 13, [](float u) { return u * u; });
    for_each_isa("nearest rows", [&](const Execution& execution) {
        std::vector<float> rows = to_rows(image.map), memory = to_rows(other.map);
        const auto distances = nearest_distances({rows.data(), image.map.pixels(), 37},
                                                 {memory.data(), other.map.pixels(), 37}, execution);
        expect(deviation(distances, naive_nearest(image.map, other.map)) < 1e-5, "distances");
        const auto none =
            nearest_distances({rows.data(), image.map.pixels(), 37}, {rows.data(), image.map.pixels(), 37}, execution);
        expect(std::all_of(none.begin(), none.end(), [](float distance) { return distance == 0; }), "equal rows");
    });
    for_each_isa("mutual distances", [&](const Execution& execution) {
        std::vector<float> expected;
        const auto append = [&](const FeatureMap& from, const FeatureMap& to) {
            for (const int side : {1, 3, 5}) {
                const std::vector<float> means = naive_means(from, side), others = naive_means(to, side);
                const std::vector<float> distances = naive_nearest({means.data(), 37, from.height, from.width},
                                                                   {others.data(), 37, to.height, to.width});
                expected.insert(expected.end(), distances.begin(), distances.end());
            }
        };
        append(image.map, other.map);
        append(other.map, image.map);
        expect(deviation(mutual_distances(image.map, {other.map}, {{1, 3, 5}, 1}, execution), expected) < 1e-4,
               "distances");
    });
    for_each_isa("residual energy", [&](const Execution& execution) {
        std::vector<double> mean(37, 0.25);
        std::vector<float> directions(2 * 37), map(image.map.pixels()), expected(map.size());
        for (int c = 0; c < 37; c++) directions[std::size_t(c)] = c < 4 ? 0.5f : 0;
        directions[37 + 20] = 1;
        for (std::size_t p = 0; p < map.size(); p++) {
            double first = 0;
            for (int c = 0; c < 4; c++) first += 0.5 * (double(image.map.channel(c)[p]) - 0.25);
            const double second = double(image.map.channel(20)[p]) - 0.25;
            expected[p] = float(first * first + second * second);
        }
        residual_energy(image.map, mean, {directions.data(), 2, 37}, map.data(), execution);
        expect(deviation(map, expected) < 1e-5, "energy");
    });
}

}  // namespace perch::testing
