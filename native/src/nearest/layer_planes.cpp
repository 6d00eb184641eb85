#include "nearest/layer_planes.hpp"

#include <algorithm>

#include "validation/validation.hpp"

namespace perch {
namespace {

/// Half the squared length of positions that never match.
constexpr float unreachable = 3e38f;

int round_up(int value, int multiple) {
    return (value + multiple - 1) / multiple * multiple;
}

/// Number of positions within `radius` of `at` in 0..length-1.
int reach(int at, int radius, int length) {
    return std::min(length - 1, at + radius) - std::max(0, at - radius) + 1;
}

}  // namespace

LayerPlanes::LayerPlanes(const FeatureMap& map, const std::vector<int>& sides, const std::vector<float>& center,
                         const InnerProductKernel& kernel)
    : channels(map.channels), height(map.height), width(map.width), radius(sides.back() / 2), pitch(width + radius),
      length(round_up(height * pitch, panel_width)), planes_(std::size_t(channels) * std::size_t(length)),
      panels_(planes_.size()) {
    for (const int side : sides) {
        Neighborhoods& added = neighborhoods.emplace_back();
        added.side = side;
        if (side > 1) added.means.resize(planes_.size());
        added.weights.resize(std::size_t(length));
        added.half_norms.resize(std::size_t(length));
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                const int count = reach(y, side / 2, height) * reach(x, side / 2, width);
                added.weights[std::size_t(position(y, x))] = 1 / float(count);
            }
        }
    }
    const std::size_t margin = std::size_t(radius) * std::size_t(pitch + 1);
    AlignedVector<float> centered(std::size_t(length) + 2 * margin), scratch(std::size_t(length + 2 * radius));
    for (int c = 0; c < channels; c++) {
        const float* source = map.channel(c);
        bool comparable = true;
        for (int y = 0; y < height; y++) {
            float* row = centered.data() + margin + position(y, 0);
            for (int x = 0; x < width; x++) {
                comparable &= source[x] >= -max_compared_feature && source[x] <= max_compared_feature;
                row[x] = source[x] - center[std::size_t(c)];
            }
            source += width;
        }
        if (!comparable) require_comparable(map.channel(c), map.pixels());
        add_channel(c, centered.data() + margin, scratch.data(), kernel);
    }
    for (Neighborhoods& added : neighborhoods) {
        for (std::size_t i = 0; i < std::size_t(length); i++) {
            added.half_norms[i] = added.weights[i] > 0 ? added.half_norms[i] / 2 : unreachable;
        }
    }
}

void LayerPlanes::add_channel(int channel, const float* centered, float* scratch, const InnerProductKernel& kernel) {
    const std::size_t start = std::size_t(channel) * std::size_t(length);
    std::copy(centered, centered + length, planes_.data() + start);
    double squares = 0;
    for (int i = 0; i < length; i++) squares += double(centered[i]) * centered[i];
    mean_square += squares / (double(height) * width);
    for (int p = 0; p < panel_count(); p++) {
        std::copy(centered + p * panel_width, centered + (p + 1) * panel_width,
                  panels_.data() + (std::size_t(p) * std::size_t(channels) + std::size_t(channel)) * panel_width);
    }
    for (Neighborhoods& target : neighborhoods) {
        float* means = (target.side == 1 ? planes_ : target.means).data() + start;
        if (target.side > 1) {
            const int r = target.side / 2;
            const float* sources[max_taps];
            for (int t = 0; t < target.side; t++) sources[t] = centered - r + (t - r) * pitch;
            kernel.sum(sources, target.side, std::size_t(length + 2 * r), scratch);
            for (int t = 0; t < target.side; t++) sources[t] = scratch + t;
            kernel.sum(sources, target.side, std::size_t(length), means);
            for (int i = 0; i < length; i++) means[i] *= target.weights[std::size_t(i)];
        }
        for (int i = 0; i < length; i++) target.half_norms[std::size_t(i)] += means[i] * means[i];
    }
}

void LayerPlanes::copy_row(int y, float* target) const {
    const float* source = planes_.data() + position(y, 0);
    for (int c = 0; c < channels; c++) {
        std::copy(source, source + width, target);
        source += length;
        target += width;
    }
}

}  // namespace perch
