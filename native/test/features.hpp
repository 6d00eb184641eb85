#pragma once

#include <random>
#include <vector>

#include "perch/feature_map.hpp"

namespace perch::testing {

/// A feature map with its own memory. Its values are those of a function of random numbers from 0 to 1.
struct Features {
    std::vector<float> values;
    FeatureMap map;

    template <class Value>
    Features(int channels, int height, int width, Value value) : values(std::size_t(channels) * height * width) {
        std::mt19937 random(7);
        for (float& v : values) v = value(std::uniform_real_distribution<float>()(random));
        map = {values.data(), channels, height, width};
    }
};

inline float same(float u) {
    return u;
}

}  // namespace perch::testing
