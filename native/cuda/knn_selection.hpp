#pragma once

#include <cstdint>

#include "knn_distances.hpp"

namespace perch::cuda {

/// Marks, with distance -1, the columns that are certainly among the k nearest, and lists those for which the error of
/// the distances leaves it open (src/matching/top_k_selector.hpp).
///
/// @param columns for each row, the listed columns, ascending, written
/// @param counts for each row, their number, written
/// @param missing for each row, how many of them belong to the k nearest, written
void list_ambiguous(const Band& band, std::uint32_t k, double error, float* distances, std::uint32_t* columns,
                    std::uint32_t* counts, std::uint32_t* missing);

/// Selects the missing ones by their exact distances; ties go to lower indices.
///
/// @param neighbors for each row, k indices of patches, ascending, written
void select_nearest(const Band& band, std::uint32_t k, float* distances, const std::uint32_t* columns,
                    const std::uint32_t* counts, const std::uint32_t* missing, const double* exact,
                    std::uint32_t* neighbors);

}  // namespace perch::cuda
