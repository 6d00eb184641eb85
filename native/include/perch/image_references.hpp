#pragma once

#include <cstdint>
#include <variant>
#include <vector>

namespace perch {

// References taken from the image itself (paper, 3.3). A patch is identified by the index y * W + x of its center.
// Patches at the border see the features reflected.

/// The listed patches. The score is the sum of the costs against each.
struct PatchIndices {
    std::vector<std::uint32_t> indices;
};

/// All patches of the image, or of a part of it. The score is the sum of the costs.
struct AllPatches {
    /// The part's patches, ascending; empty for the whole image.
    std::vector<std::uint32_t> among = {};
};

/// For each patch, its k nearest patches, including itself; all patches if there are fewer than k. Ties go to
/// the patches with lower indices. The score is the mean of the costs.
struct NearestPatches {
    int k;
    /// The searched patches, ascending; empty for all patches.
    std::vector<std::uint32_t> among = {};
};

/// References of the statistics that compare sorted values (FCA, SWW). Their distance is the 1-D Wasserstein distance,
/// summed over channels.
using PatchReferences = std::variant<PatchIndices, AllPatches, NearestPatches>;

/// For each of `patches` patches, whether it is in the list. If the list is empty, all patches count as
/// listed.
inline std::vector<char> membership(const std::vector<std::uint32_t>& among, std::size_t patches) {
    std::vector<char> is_member(patches, among.empty());
    for (const std::uint32_t index : among) is_member[index] = 1;
    return is_member;
}

/// A single reference for the image: the mean descriptor over all or some positions.
struct GlobalMean {
    /// The positions, ascending; empty for all positions.
    std::vector<std::uint32_t> among = {};
};

/// References of the statistics that compare descriptors (moments, histograms). Their distance is the statistic's own
/// cost.
using DescriptorReference = std::variant<GlobalMean, PatchIndices, AllPatches, NearestPatches>;

}  // namespace perch
