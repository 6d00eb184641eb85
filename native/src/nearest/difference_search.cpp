#include "nearest/difference_search.hpp"

#include <algorithm>
#include <limits>

#include "simd/dispatch.hpp"

namespace perch {

DifferenceSearch::DifferenceSearch(int dimensions, Isa isa)
    : dimensions_(dimensions), kernel_(difference_kernel(isa)), rows_(std::size_t(dimensions) * panel_width),
      columns_(rows_.size()), sums_(std::size_t(panel_width) * panel_width) {}

void DifferenceSearch::find(int count, int panels, const PackPanel& pack, std::int32_t* nearest) {
    float smallest[panel_width];
    bool counts[panel_width];
    std::fill_n(smallest, panel_width, std::numeric_limits<float>::infinity());
    for (int p = 0; p < panels; p++) {
        pack(p, columns_.data(), counts);
        std::fill(sums_.begin(), sums_.end(), 0.0f);
        kernel_.add_squared(rows_.data(), columns_.data(), dimensions_, sums_.data(), panel_width);
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < panel_width; j++) {
                const float sum = sums_[std::size_t(i * panel_width + j)];
                if (!counts[j] || sum >= smallest[i]) continue;
                smallest[i] = sum;
                nearest[i] = p * panel_width + j;
            }
        }
    }
}

}  // namespace perch
