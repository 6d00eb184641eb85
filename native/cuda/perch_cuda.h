/* Median reference, nearest patches, FCA and SWW on a GPU, as a shared library without Node or C++ at its border.
 *
 * Every function returns a status. perch_cuda_error() describes a failure. Matrices are row-major float32. Features must
 * be finite: the caller checks that. Functions may be called from any thread, but not with the same map at the same time.
 */
#ifndef PERCH_CUDA_H
#define PERCH_CUDA_H

#include <stddef.h>
#include <stdint.h>

#if !defined(PERCH_CUDA_EXPORTS)
#define PERCH_CUDA_API
#elif defined(_WIN32)
#define PERCH_CUDA_API __declspec(dllexport)
#else
#define PERCH_CUDA_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Changes with every incompatible change of this file. */
#define PERCH_CUDA_VERSION 2

enum {
    PERCH_CUDA_SUCCESS,
    /* The device or its driver failed. After some failures, every later call fails too. */
    PERCH_CUDA_FAILED,
    /* The device's memory or the budget does not suffice. Later calls may succeed. */
    PERCH_CUDA_OUT_OF_MEMORY,
    PERCH_CUDA_CANCELED,
    PERCH_CUDA_INVALID
};

typedef struct {
    char name[256];
    int compute_major, compute_minor;
    size_t memory_bytes, free_bytes;
} perch_cuda_device;

/* How to run a computation. Results do not depend on it. */
typedef struct {
    /* Bytes of device memory besides the map and the result. The computation runs in parts that fit. */
    size_t budget;
    /* NULL, or called between parts, on the calling thread, with the completed fraction. A result other than 0 cancels. */
    int (*report)(void* context, double fraction);
    void* context;
} perch_cuda_execution;

/* The features of one image, C x H x W, in the memory of a device. */
typedef struct perch_cuda_map perch_cuda_map;

/* The errors at a pixel go to the pixel dy rows down and dx columns right, weighted by `count` taps from `first`. */
typedef struct {
    int32_t dy, dx, first, count;
} perch_cuda_offset;

/* The weight of the error at position i*T + j of a patch. */
typedef struct {
    int32_t position;
    float weight;
} perch_cuda_tap;

/* What turns matching errors into a map (src/planes/stencil.hpp): FCA and SWW differ in this only. |dy|, |dx| < T. */
typedef struct {
    const perch_cuda_offset* offsets;
    size_t offset_count;
    const perch_cuda_tap* taps;
    size_t tap_count;
} perch_cuda_stencil;

PERCH_CUDA_API int perch_cuda_version(void);

/* The last failure on this thread. Valid until the thread's next call. */
PERCH_CUDA_API const char* perch_cuda_error(void);

PERCH_CUDA_API int perch_cuda_device_count(int* count);
PERCH_CUDA_API int perch_cuda_describe(int device, perch_cuda_device* description);

PERCH_CUDA_API int perch_cuda_free_bytes(int device, size_t* bytes);

/* Copies C x H x W values to a device. Close the map to free them. */
PERCH_CUDA_API int perch_cuda_open(int device, const float* values, int channels, int height, int width,
                                   perch_cuda_map** map);
PERCH_CUDA_API void perch_cuda_close(perch_cuda_map* map);

/* The median reference (include/perch/median.hpp).
 *
 * patch_size: T, odd, 3 to 31, not larger than the map.
 * tiles: numbers of the tiles to use, row by row; tile_count 0 for all.
 * execution: a channel takes 4 H W + 4 T T bytes of the budget.
 * reference: C ascending lists of T*T values, written.
 */
PERCH_CUDA_API int perch_cuda_median_reference(perch_cuda_map* map, int patch_size, const uint32_t* tiles,
                                               size_t tile_count, const perch_cuda_execution* execution,
                                               float* reference);

/* Matches every patch with the reference and scatters the errors, averaged over channels, by the stencil. Equal values
 * rank in raster order; patches at the border see the features reflected.
 *
 * scores: H x W, written.
 */
PERCH_CUDA_API int perch_cuda_match(perch_cuda_map* map, const float* reference, int patch_size,
                                    const perch_cuda_stencil* stencil, const perch_cuda_execution* execution,
                                    float* scores);

/* For each patch, its k nearest patches by 1-D Wasserstein distance, exactly as src/matching/knn_patches.hpp.
 *
 * k: 1 to the number of searched patches.
 * among: the searched patches, ascending; among_count 0 for all.
 * neighbors: H W lists of k indices, ascending, written.
 */
PERCH_CUDA_API int perch_cuda_nearest(perch_cuda_map* map, int patch_size, int k, const uint32_t* among,
                                      size_t among_count, const perch_cuda_execution* execution, uint32_t* neighbors);

/* Matches every patch with k patches of its own, and averages the errors over them. Else as perch_cuda_match.
 *
 * neighbors: as perch_cuda_nearest writes them.
 */
PERCH_CUDA_API int perch_cuda_match_neighbors(perch_cuda_map* map, const uint32_t* neighbors, int k, int patch_size,
                                              const perch_cuda_stencil* stencil, const perch_cuda_execution* execution,
                                              float* scores);

#ifdef __cplusplus
}
#endif

#endif
