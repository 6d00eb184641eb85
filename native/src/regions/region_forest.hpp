#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace perch {

/// The 8-connected regions of the positions added so far (union-find with path halving). Positions are added from the
/// highest score to the lowest. A region is identified by its first node, which is its peak.
class RegionForest {
public:
    struct Node {
        /// Index in the map.
        std::uint32_t position;
        std::uint32_t parent;
        /// Area and bounding box of the region, valid only in its first node.
        std::uint32_t area;
        std::uint32_t left, top, right, bottom;
    };

    RegionForest(int height, int width);

    /// Adds a position and merges the regions that it touches. Its node is the number of positions added
    /// before.
    ///
    /// @return the position's region
    std::uint32_t add(std::uint32_t position);

    std::uint32_t region_of(std::uint32_t node);

    std::size_t size() const { return nodes_.size(); }
    const Node& operator[](std::uint32_t node) const { return nodes_[node]; }

private:
    std::uint32_t unite(std::uint32_t region, std::uint32_t other);

    std::uint32_t width_;
    std::size_t stride_;
    /// Each position's node, with a border of empty positions around the map.
    std::vector<std::uint32_t> node_at_;
    std::vector<Node> nodes_;
};

}  // namespace perch
