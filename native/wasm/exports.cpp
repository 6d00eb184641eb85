#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "perch/errors.hpp"
#include "perch/fca.hpp"
#include "perch/histogram.hpp"
#include "perch/mean.hpp"
#include "perch/median.hpp"
#include "perch/moments.hpp"
#include "perch/mutual.hpp"
#include "perch/nearest.hpp"
#include "perch/qfca.hpp"
#include "perch/regions.hpp"
#include "perch/subspace.hpp"
#include "perch/sww.hpp"
#include "perch/threshold_sweep.hpp"
#include "threads.hpp"

// The functions that JavaScript calls (src-main/methods/backend/wasm/exports.ts). Arrays are passed as addresses in the
// module's memory, obtained from `allocate`. Shapes are checked by the core; the lengths of arrays by JavaScript.
namespace perch::wasm {
namespace {

using Indices = std::vector<std::uint32_t>;

/// The values of `kind` in JavaScript.
enum ReferenceKind : std::int32_t { global, indices, all, nearest };

Indices read(const std::uint32_t* values, std::size_t count) {
    return {values, values + count};
}

Execution execution_on(std::int32_t threads, std::int32_t isa) {
    permille = 0;
    return {threads, Isa(isa), &canceled, [](double fraction) { permille = std::int32_t(1000 * fraction); }};
}

PatchReferences patch_references(std::int32_t kind, std::int32_t k, Indices values) {
    if (kind == indices) return PatchIndices{std::move(values)};
    if (kind == nearest) return NearestPatches{k, std::move(values)};
    return AllPatches{std::move(values)};
}

DescriptorReference descriptor_reference(std::int32_t kind, std::int32_t k, Indices values) {
    if (kind == global) return GlobalMean{std::move(values)};
    if (kind == indices) return PatchIndices{std::move(values)};
    if (kind == nearest) return NearestPatches{k, std::move(values)};
    return AllPatches{std::move(values)};
}

}  // namespace

#define PERCH_EXPORT(name) extern "C" __attribute__((export_name(name)))

PERCH_EXPORT("allocate") void* allocate(std::size_t bytes) {
    return ::operator new(bytes, std::align_val_t(64));
}

PERCH_EXPORT("release") void release(void* memory) {
    ::operator delete(memory, std::align_val_t(64));
}

PERCH_EXPORT("canceled_address") const void* canceled_address() {
    return &canceled;
}

PERCH_EXPORT("permille_address") const void* permille_address() {
    return &permille;
}

#define PERCH_FEATURES const float *values, std::int32_t channels, std::int32_t height, std::int32_t width
#define PERCH_SELECTION std::int32_t kind, std::int32_t k, const std::uint32_t *patches, std::size_t count
#define PERCH_EXECUTION std::int32_t threads, std::int32_t isa

PERCH_EXPORT("median_reference")
void median(PERCH_FEATURES, std::int32_t patch_size, const std::uint32_t* tiles, std::size_t count, float* lists,
            PERCH_EXECUTION) {
    const auto found =
        median_reference({values, channels, height, width}, patch_size, execution_on(threads, isa), read(tiles, count));
    std::copy(found.begin(), found.end(), lists);
}

PERCH_EXPORT("mean_reference")
void mean(PERCH_FEATURES, std::int32_t patch_size, const std::uint32_t* tiles, std::size_t count, float* lists,
          PERCH_EXECUTION) {
    const auto found =
        mean_reference({values, channels, height, width}, patch_size, execution_on(threads, isa), read(tiles, count));
    std::copy(found.begin(), found.end(), lists);
}

PERCH_EXPORT("fca")
void start_fca(PERCH_FEATURES, const float* lists, std::size_t list_values, std::int32_t patch_size, double sigma_p,
               double sigma_s, float* map, PERCH_EXECUTION) {
    fca({values, channels, height, width}, std::vector<float>(lists, lists + list_values),
        {patch_size, sigma_p, sigma_s}, map, execution_on(threads, isa));
}

PERCH_EXPORT("qfca")
void start_qfca(PERCH_FEATURES, const float* lists, std::size_t list_values, std::int32_t patch_size, double sigma_p,
                double sigma_s, std::int32_t levels, float* map, PERCH_EXECUTION) {
    qfca({values, channels, height, width}, std::vector<float>(lists, lists + list_values),
         {patch_size, sigma_p, sigma_s, levels}, map, execution_on(threads, isa));
}

PERCH_EXPORT("sww")
void start_sww(PERCH_FEATURES, const float* lists, std::size_t list_values, std::int32_t patch_size, double sigma,
               float* map, PERCH_EXECUTION) {
    sww({values, channels, height, width}, std::vector<float>(lists, lists + list_values), {patch_size, sigma}, map,
        execution_on(threads, isa));
}

PERCH_EXPORT("fca_with_references")
void fca_with_references(PERCH_FEATURES, PERCH_SELECTION, std::int32_t patch_size, double sigma_p, double sigma_s,
                         float* map, PERCH_EXECUTION) {
    fca({values, channels, height, width}, patch_references(kind, k, read(patches, count)),
        {patch_size, sigma_p, sigma_s}, map, execution_on(threads, isa));
}

PERCH_EXPORT("sww_with_references")
void sww_with_references(PERCH_FEATURES, PERCH_SELECTION, std::int32_t patch_size, double sigma, float* map,
                         PERCH_EXECUTION) {
    sww({values, channels, height, width}, patch_references(kind, k, read(patches, count)), {patch_size, sigma}, map,
        execution_on(threads, isa));
}

PERCH_EXPORT("moments")
void start_moments(PERCH_FEATURES, PERCH_SELECTION, std::int32_t patch_size, double sigma, float* map,
                   PERCH_EXECUTION) {
    moments({values, channels, height, width}, descriptor_reference(kind, k, read(patches, count)), {patch_size, sigma},
            map, execution_on(threads, isa));
}

PERCH_EXPORT("histogram")
void start_histogram(PERCH_FEATURES, PERCH_SELECTION, std::int32_t patch_size, double sigma, std::int32_t bins,
                     float* map, PERCH_EXECUTION) {
    histogram({values, channels, height, width}, descriptor_reference(kind, k, read(patches, count)),
              {patch_size, sigma, bins}, map, execution_on(threads, isa));
}

PERCH_EXPORT("knn_mean_distances")
void start_knn_mean_distances(PERCH_FEATURES, PERCH_SELECTION, std::int32_t patch_size, double sigma, float* map,
                              PERCH_EXECUTION) {
    static_cast<void>(kind);
    knn_mean_distances({values, channels, height, width}, {k, read(patches, count)}, {patch_size, sigma}, map,
                       execution_on(threads, isa));
}

PERCH_EXPORT("nearest_distances")
void start_nearest_distances(const float* rows, std::size_t count, std::int32_t length, const float* memory,
                             std::size_t memory_count, std::int32_t memory_length, float* distances, PERCH_EXECUTION) {
    const auto found =
        nearest_distances({rows, count, length}, {memory, memory_count, memory_length}, execution_on(threads, isa));
    std::copy(found.begin(), found.end(), distances);
}

/// @param others the features of the other images, one after the other
/// @param shapes their channels, heights and widths
PERCH_EXPORT("mutual_distances")
void start_mutual_distances(PERCH_FEATURES, const float* others, const std::uint32_t* shapes, std::size_t other_count,
                            const std::uint32_t* sides, std::size_t side_count, std::int32_t layers, float* distances,
                            PERCH_EXECUTION) {
    std::vector<FeatureMap> maps;
    for (std::size_t i = 0; i < other_count; i++, shapes += 3) {
        const FeatureMap map{others, int(shapes[0]), int(shapes[1]), int(shapes[2])};
        others += map.channels * map.pixels();
        maps.push_back(map);
    }
    const auto found = mutual_distances({values, channels, height, width}, maps, {{sides, sides + side_count}, layers},
                                        execution_on(threads, isa));
    std::copy(found.begin(), found.end(), distances);
}

PERCH_EXPORT("residual_energy")
void start_residual_energy(PERCH_FEATURES, const double* mean, std::size_t mean_count, const float* directions,
                           std::size_t count, std::int32_t length, float* map, PERCH_EXECUTION) {
    residual_energy({values, channels, height, width}, {mean, mean + mean_count}, {directions, count, length}, map,
                    execution_on(threads, isa));
}

/// @param numbers receives score, area, left, top, columns, rows, peak, its column and row, centroid column and row
/// @return whether there is a score
PERCH_EXPORT("image_score")
bool start_image_score(const float* scores, const std::uint8_t* mask, std::int32_t height, std::int32_t width,
                       std::uint32_t min_area, double min_length, double pixels_per_column, double pixels_per_row,
                       double* numbers) {
    const auto found =
        image_score({scores, mask, height, width}, {min_area, min_length, pixels_per_column, pixels_per_row});
    if (!found) return false;
    const Region& region = found->region;
    const double all[] = {found->score,
                          double(region.area),
                          double(region.left),
                          double(region.top),
                          double(region.columns),
                          double(region.rows),
                          region.peak,
                          double(region.peak_column),
                          double(region.peak_row),
                          region.centroid_column,
                          region.centroid_row};
    std::copy(std::begin(all), std::end(all), numbers);
    return true;
}

/// @param numbers receives count and area
PERCH_EXPORT("measure_regions")
void start_measure_regions(const float* scores, const std::uint8_t* mask, std::int32_t height, std::int32_t width,
                           double threshold, std::uint32_t min_area, double min_length, double pixels_per_column,
                           double pixels_per_row, double* numbers) {
    const RegionTotals totals = measure_regions({scores, mask, height, width}, threshold,
                                                {min_area, min_length, pixels_per_column, pixels_per_row});
    numbers[0] = double(totals.count);
    numbers[1] = double(totals.area);
}

PERCH_EXPORT("new_sweep") ThresholdSweep* new_sweep() {
    return new ThresholdSweep();
}

PERCH_EXPORT("delete_sweep") void delete_sweep(ThresholdSweep* sweep) {
    delete sweep;
}

/// @param numbers receives the maximum score and the number of regions
PERCH_EXPORT("add_to_sweep")
void add_to_sweep(ThresholdSweep* sweep, const float* scores, const std::uint8_t* ground_truth, std::size_t height,
                  std::size_t width, double* numbers) {
    const ThresholdSweep::ImageStats stats = sweep->add(scores, ground_truth, height, width);
    numbers[0] = stats.max_score;
    numbers[1] = double(stats.regions);
}

/// The operating points of the last call of `sweep`; the four columns have equal lengths.
static ThresholdSweep::OperatingPoints points;

/// @return the number of operating points
PERCH_EXPORT("sweep")
std::size_t run_sweep(ThresholdSweep* sweep, PERCH_EXECUTION) {
    points = sweep->operating_points(execution_on(threads, isa));
    return points.threshold.size();
}

/// The address of a column: 0 threshold, 1 false positives, 2 true positives, 3 overlap.
PERCH_EXPORT("sweep_column") const double* sweep_column(std::int32_t column) {
    const std::vector<double>* columns[] = {&points.threshold, &points.false_positives, &points.true_positives,
                                            &points.overlap};
    return columns[column]->data();
}

}  // namespace perch::wasm
