#include "regions/region_forest.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace perch {
namespace {

constexpr std::uint32_t empty = std::numeric_limits<std::uint32_t>::max();

}  // namespace

RegionForest::RegionForest(int height, int width)
    : width_(std::uint32_t(width)), stride_(std::size_t(width) + 2),
      node_at_((std::size_t(height) + 2) * stride_, empty) {}

std::uint32_t RegionForest::add(std::uint32_t position) {
    const std::uint32_t row = position / width_, column = position % width_;
    const auto node = std::uint32_t(nodes_.size());
    nodes_.push_back({position, node, 1, column, row, column, row});
    const std::size_t at = (std::size_t(row) + 1) * stride_ + column + 1;
    node_at_[at] = node;
    std::uint32_t region = node;
    const std::size_t neighbors[] = {at - stride_ - 1, at - stride_,     at - stride_ + 1, at - 1,
                                     at + 1,           at + stride_ - 1, at + stride_,     at + stride_ + 1};
    for (const std::size_t neighbor : neighbors) {
        if (node_at_[neighbor] != empty) region = unite(region, region_of(node_at_[neighbor]));
    }
    return region;
}

std::uint32_t RegionForest::region_of(std::uint32_t node) {
    while (nodes_[node].parent != node) {
        nodes_[node].parent = nodes_[nodes_[node].parent].parent;
        node = nodes_[node].parent;
    }
    return node;
}

std::uint32_t RegionForest::unite(std::uint32_t region, std::uint32_t other) {
    if (region == other) return region;
    const auto [first, second] = std::minmax(region, other);
    Node& grown = nodes_[first];
    Node& joined = nodes_[second];
    joined.parent = first;
    grown.area += joined.area;
    grown.left = std::min(grown.left, joined.left);
    grown.top = std::min(grown.top, joined.top);
    grown.right = std::max(grown.right, joined.right);
    grown.bottom = std::max(grown.bottom, joined.bottom);
    return first;
}

}  // namespace perch
