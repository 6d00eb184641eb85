#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "execution/mutex.hpp"
#include "nearest/layer_planes.hpp"

namespace perch {

/// Finds the nearest patches of two images in both directions, at every side of the neighborhoods.
///
/// The inner product of two means over neighborhoods is a sum over inner products of features, so it comes from the
/// matrix of all inner products by adding up over neighbors in both images: along y and x of the first image, then
/// along y and x of the second. The matrix is computed in strips, one row of the first image at a time, for a band of
/// positions of the second. Only the strips of one neighborhood exist at a time.
class PairComparison {
public:
    PairComparison(const LayerPlanes& a, const LayerPlanes& b, const InnerProductKernel& kernel);

    /// The smallest number of bands whose strips fit into the memory of a thread.
    static int band_count(const LayerPlanes& a, const LayerPlanes& b);

    /// Compares with band `index` of `bands`. Different bands may run at the same time.
    /// @param row_done called after each row of the first image; may throw
    void compare_band(int index, int bands, const std::function<void()>& row_done);

    /// For each side, the partner of each index in the planes of the first and of the second image.
    struct Partners {
        std::vector<float> a_scores, b_scores;
        std::vector<std::int32_t> a, b;
    };
    const Partners& partners(std::size_t scale) const { return partners_[scale]; }

private:
    class Band;

    const LayerPlanes &a_, &b_;
    const InnerProductKernel& kernel_;
    std::vector<Partners> partners_;
    Mutex mutex_;
};

}  // namespace perch
