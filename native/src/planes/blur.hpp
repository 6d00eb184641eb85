#pragma once

#include <vector>

namespace perch {

/// The separable Gaussian T x T blur of planes of one size, reflecting at the border. Holds scratch memory: one a thread.
class Blur {
public:
    /// @param patch T, odd, not larger than the plane
    Blur(int height, int width, int patch, double sigma);

    /// Overwrites the plane (H x W). Cost O(H W T).
    void operator()(float* plane);

private:
    void along_row(const float* from, float* to);

    int height_, width_, half_;
    std::vector<float> weights_;  ///< of the offsets 0..half
    std::vector<float> across_, padded_;
};

}  // namespace perch
