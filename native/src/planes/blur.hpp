#pragma once

#include <vector>

namespace perch {

/// Separable Gaussian T x T blur with reflection at the border, for planes of one size. An object contains
/// scratch memory: use one for each thread.
class Blur {
public:
    /// @param patch_size T, odd, not larger than the plane
    Blur(int height, int width, int patch_size, double sigma);

    /// Blurs the plane (H x W) in place. Cost O(H W T).
    void operator()(float* plane);

private:
    void blur_row(const float* from, float* to);

    int height_, width_, half_;
    std::vector<float> weights_;  ///< at the offsets 0..half
    std::vector<float> rows_;     ///< the plane, blurred along its rows
    std::vector<float> padded_;   ///< one row with its reflected border
};

}  // namespace perch
