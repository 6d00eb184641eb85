#include "rank_match.hpp"

#include "launch.hpp"

// Rank matching by counting comparisons, as src/simd/rank_match_loops.hpp explains. A block processes a run of pixels
// of one row of the padded map. For each channel it
//   1. loads the run's neighborhood, T-1 pixels to each side, and the reference;
//   2. counts, for each pixel and column of its neighborhood, the values that precede the pixel in T rows of that
//      column, for each of the T runs of rows that contain the pixel;
//   3. sums these counts across T columns, which gives the pixel's rank in each patch, and adds the error there. A
//      thread has one pixel and one row of patches, so its T sums stay in registers until the last channel.
// A count is at most T, so a byte holds it for every T. Ranks, up to T*T - 1, stay in registers.
namespace perch::cuda {
namespace {

template <int T>
struct RunShared {
    /// Pixels of a run: as many as fit, with their counts, into the 48 KiB that a block may use.
    static constexpr int pixels = T <= 15 ? 32 : T <= 29 ? 16 : 8;
    static constexpr int columns = pixels + 2 * T - 2;

    float values[2 * T - 1][columns];
    float reference[T * T];
    /// [column of the neighborhood][i]: counts in the rows that start i rows above the pixel.
    unsigned char counts[2 * T - 1][T][pixels];
};

/// Which values of a channel a thread loads. They are the same for every channel, so their offsets stay in registers.
template <int T>
class Loads {
public:
    __device__ Loads(const Planes& planes, int row, int first) {
        constexpr int half = (T - 1) / 2;
#pragma unroll
        for (int l = 0; l < count; l++) {
            const int i = int(threadIdx.x) + l * threads;
            const int y = row - (T - 1) + i / columns, x = first - (T - 1) + i % columns;
            const bool is_padded = y >= 0 && y < planes.height + T - 1 && x >= 0 && x < planes.width + T - 1;
            offsets_[l] =
                is_padded ? reflect(y - half, planes.height) * planes.width + reflect(x - half, planes.width) : -1;
        }
    }

    __device__ void run(const float* plane, const float* reference, RunShared<T>& shared) const {
        float* values = &shared.values[0][0];
#pragma unroll
        for (int l = 0; l < count; l++) {
            const int i = int(threadIdx.x) + l * threads;
            if (i < all) values[i] = offsets_[l] < 0 ? 0.0f : plane[offsets_[l]];
        }
        for (int i = int(threadIdx.x); i < T * T; i += threads) shared.reference[i] = reference[i];
    }

private:
    static constexpr int threads = RunShared<T>::pixels * T, columns = RunShared<T>::columns;
    static constexpr int all = (2 * T - 1) * columns, count = (all + threads - 1) / threads;
    int offsets_[count];
};

/// Counts the values of one column that precede the pixel. Equal values precede it if they are earlier in raster order.
template <int T>
__device__ void count_column(RunShared<T>& shared, int column, int pixel) {
    const float own = shared.values[T - 1][pixel + T - 1];
    int from_own_row[T];
    const float beside = shared.values[T - 1][pixel + column];
    int count = column < T - 1 ? beside <= own : column > T - 1 ? beside < own : 0;
    from_own_row[0] = count;
#pragma unroll
    for (int k = 1; k < T; k++) from_own_row[k] = count += shared.values[T - 1 + k][pixel + column] < own;
    shared.counts[column][0][pixel] = static_cast<unsigned char>(count);
    count = 0;
#pragma unroll
    for (int i = 1; i < T; i++) {
        count += shared.values[T - 1 - i][pixel + column] <= own;
        shared.counts[column][i][pixel] = static_cast<unsigned char>(count + from_own_row[T - 1 - i]);
    }
}

template <int T>
__global__ void __launch_bounds__(RunShared<T>::pixels* T)
    sum_errors_of_run(Planes planes, const float* reference, Part part, float* errors) {
    constexpr int pixels = RunShared<T>::pixels;
    PERCH_SHARED(RunShared<T>, shared);
    const int pixel = int(threadIdx.x) % pixels, i = int(threadIdx.x) / pixels;
    const int row = int(blockIdx.y), first = int(blockIdx.x) * pixels;
    const int groups = int(gridDim.z), group = int(blockIdx.z);
    const int end = int((std::int64_t(group) + 1) * planes.channels / groups);
    const std::size_t plane = std::size_t(planes.height) * std::size_t(planes.width);
    const Loads<T> loads(planes, part.y + row, part.x + first);
    float sums[T] = {};
    for (int channel = int(std::int64_t(group) * planes.channels / groups); channel < end; channel++) {
        loads.run(planes.values + std::size_t(channel) * plane, reference + std::size_t(channel) * (T * T), shared);
        __syncthreads();
        for (int column = i; column < 2 * T - 1; column += T) count_column<T>(shared, column, pixel);
        __syncthreads();
        const float own = shared.values[T - 1][pixel + T - 1];
        int rank = 0;
#pragma unroll
        for (int column = T - 1; column < 2 * T - 1; column++) rank += shared.counts[column][i][pixel];
#pragma unroll
        for (int j = 0; j < T; j++) {
            sums[j] += fabsf(own - shared.reference[rank]);
            if (j + 1 == T) break;
            rank += shared.counts[T - 2 - j][i][pixel] - shared.counts[2 * T - 2 - j][i][pixel];
        }
        __syncthreads();
    }
    if (first + pixel >= part.width) return;
    const std::size_t area = part.pixels();
    float* target = errors + (std::size_t(group) * (T * T) + std::size_t(i) * T) * area +
                    std::size_t(row) * std::size_t(part.width) + std::size_t(first + pixel);
#pragma unroll
    for (int j = 0; j < T; j++) target[std::size_t(j) * area] = sums[j];
}

template <int T>
void sum_errors_of_patch(const Planes& planes, const float* reference, const Part& part, int groups, float* errors) {
    constexpr int pixels = RunShared<T>::pixels;
    const dim3 grid(unsigned((part.width + pixels - 1) / pixels), unsigned(part.height), unsigned(groups));
    launch(sum_errors_of_run<T>, grid, unsigned(pixels * T), planes, reference, part, errors);
}

template <int T>
void select_patch_size(const Planes& planes, const float* reference, int patch_size, const Part& part, int groups,
                       float* errors) {
    if (patch_size == T) return sum_errors_of_patch<T>(planes, reference, part, groups, errors);
    if constexpr (T < 31) select_patch_size<T + 2>(planes, reference, patch_size, part, groups, errors);
}

}  // namespace

void sum_errors(const Planes& planes, const float* reference, int patch_size, const Part& part, int groups,
                float* errors) {
    select_patch_size<3>(planes, reference, patch_size, part, groups, errors);
}

}  // namespace perch::cuda
