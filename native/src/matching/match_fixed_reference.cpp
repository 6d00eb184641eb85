#include "matching/match_fixed_reference.hpp"

#include <algorithm>

#include "matching/rank_match_scalar.hpp"
#include "matching/rank_match_simd.hpp"
#include "planes/accumulator.hpp"
#include "simd/dispatch.hpp"
#include "sorting/binade_shift.hpp"
#include "validation/validation.hpp"

namespace perch {

namespace {

/// If all channels have smaller ranges, the sums of rank_match_simd would be too inexact.
constexpr float min_range = 0x1p-100f;

/// Empty if the range of a channel is too large, or if all are too small.
std::vector<ChannelRange> channel_ranges(const std::vector<ValueRange>& values, const std::vector<float>& reference) {
    const std::size_t size = reference.size() / values.size();
    std::vector<ChannelRange> ranges;
    float largest = 0;
    for (std::size_t c = 0; c < values.size(); c++) {
        const float *first = reference.data() + c * size, *last = first + size - 1;
        const BinadeShift shift(std::min(values[c].lowest, *first), std::max(values[c].highest, *last));
        if (!shift.exists()) return {};
        largest = std::max(largest, shift.range());
        ranges.push_back({values[c], shift});
    }
    if (largest > 0 && largest < min_range) return {};
    return ranges;
}

}  // namespace

void match_fixed_reference(const FeatureMap& features, const std::vector<float>& reference, int patch_size,
                           const Stencil& stencil, float* map, const Execution& execution) {
    require_shape(features, patch_size);
    require_reference(features, patch_size, reference);
    const Isa isa = resolve_isa(execution);
    const std::vector<ChannelRange> ranges = channel_ranges(require_finite(features, execution), reference);
    Accumulator accumulator(features.height, features.width, patch_size);
    const RankMatchKernel* kernel = rank_match_kernel(isa, patch_size);
    if (kernel && !ranges.empty()) {
        rank_match_simd(features, reference, ranges, patch_size, stencil, *kernel, accumulator, execution);
    } else {
        rank_match_scalar(features, reference, patch_size, stencil, accumulator, execution);
    }
    accumulator.crop(1.0 / features.channels, map);
}

}  // namespace perch
