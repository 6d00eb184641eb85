// Runs FCA once on one thread, so that its instructions can be counted: match_features portable|neon CHANNELS T.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <vector>

#include "perch/fca.hpp"

int main(int count, char** arguments) {
    if (count != 4) return 2;
    constexpr int max_channels = 10, side = 64;
    const int channels = std::atoi(arguments[2]), patch_size = std::atoi(arguments[3]);
    if (channels < 1 || channels > max_channels) return 2;
    // All channels are made even if fewer are used, so that the difference of two runs is matching alone.
    std::mt19937 random(1);
    std::uniform_real_distribution<float> uniform;
    std::vector<float> values(max_channels * side * side);
    for (float& value : values) value = std::max(0.0f, uniform(random) - 0.38f);
    std::vector<float> reference;
    for (int c = 0; c < channels; c++) {
        for (int rank = 0; rank < patch_size * patch_size; rank++) reference.push_back(float(rank));
    }
    const bool portable = std::strcmp(arguments[1], "portable") == 0;
    const perch::Execution execution{1, portable ? perch::Isa::portable : perch::Isa::neon, nullptr, {}};
    std::vector<float> map(side * side);
    perch::fca({values.data(), channels, side, side}, reference, {patch_size, 3, 1}, map.data(), execution);
    std::printf("%g\n", double(map[0]));
}
