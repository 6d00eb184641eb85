#pragma once

#include <cstddef>
#include <vector>

#include "memory/aligned_vector.hpp"
#include "perch/feature_map.hpp"
#include "simd/inner_product_kernel.hpp"

namespace perch {

/// A layer of an image, prepared for comparison with another image. Planes have `radius` columns of zeros after each
/// row, so that sums over neighborhoods never reach the next row, and are filled with zeros to whole panels.
class LayerPlanes {
public:
    /// Means over the neighborhoods of one side.
    struct Neighborhoods {
        int side;
        /// [channel][length]; empty for side 1.
        AlignedVector<float> means;
        /// One divided by the number of positions in the neighborhood; 0 outside the map.
        AlignedVector<float> weights;
        /// Half the squared lengths of the means; huge outside the map.
        AlignedVector<float> half_norms;
    };

    /// @param map the channels of the layer
    /// @param sides ascending
    /// @param center a value per channel that is subtracted. It does not change distances, but reduces rounding errors.
    /// @throws InvalidFeatures
    LayerPlanes(const FeatureMap& map, const std::vector<int>& sides, const std::vector<float>& center,
                const InnerProductKernel& kernel);

    int channels, height, width;
    /// Largest radius of the neighborhoods.
    int radius;
    /// Distance from one row of a plane to the next.
    int pitch;
    /// Length of a plane, a multiple of panel_width.
    int length;
    std::vector<Neighborhoods> neighborhoods;
    /// Mean squared length of the features.
    double mean_square = 0;

    int panel_count() const { return length / panel_width; }
    /// The features of consecutive positions, [channel][panel_width].
    const float* panel(int index) const {
        return panels_.data() + std::size_t(index) * std::size_t(channels) * panel_width;
    }
    /// The means of neighborhoods, [channel][length].
    const float* means(std::size_t scale) const {
        return (neighborhoods[scale].side == 1 ? planes_ : neighborhoods[scale].means).data();
    }
    /// Index in the planes.
    int position(int y, int x) const { return y * pitch + x; }
    /// Copies the features of a row: [channel][width].
    void copy_row(int y, float* target) const;

private:
    void add_channel(int channel, const float* centered, float* scratch, const InnerProductKernel& kernel);

    AlignedVector<float> planes_, panels_;
};

}  // namespace perch
