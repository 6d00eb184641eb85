#pragma once

#include "device.hpp"
#include "map.hpp"
#include "rank_match.hpp"

namespace perch::cuda {

struct Tap {
    int row, column;
    float weight;
};

/// A stencil on the device, which scatters matching errors to the map.
class Scatter {
public:
    Scatter(const perch_cuda_stencil& stencil, int patch_size);

    /// Writes the scores of `targets`, a part of the map itself.
    ///
    /// @param errors [T*T][pixel of `sources`], summed over channels
    /// @param scale multiplies the scores
    void run(const float* errors, const Part& sources, const Part& targets, const Planes& planes, double scale,
             float* scores) const;

    /// How many rows and columns the errors of a target are away.
    int reach_y() const { return reach_y_; }
    int reach_x() const { return reach_x_; }

private:
    int patch_size_, reach_y_ = 0, reach_x_ = 0, offset_count_;
    DeviceArray<perch_cuda_offset> offsets_;
    DeviceArray<Tap> taps_;
};

/// With the largest reach below the limit of gridDim.y.
constexpr int max_rows = 32768;

}  // namespace perch::cuda
