#include "knn_selection.hpp"

#include <cstring>

#include "launch.hpp"

// One block selects for each row of distances. Distances are not negative, so their bits, as an integer, have their
// order; a radix selection finds the one of a rank.
namespace perch::cuda {
namespace {

constexpr int select_threads = 256, digits = 256;

struct SelectShared {
    unsigned counts[digits];
    unsigned digit, rank, total, certain;
};
static_assert(select_threads <= digits, "compact has a count for each thread");

template <class Key, class Value>
__device__ Key bits_of(Value value) {
    Key key;
    static_assert(sizeof key == sizeof value, "");
    memcpy(&key, &value, sizeof key);
    return key;
}

/// The key that would be at index `rank` if the keys were sorted. All threads of the block call it.
template <class Key, class KeyOf>
__device__ Key key_of_rank(unsigned count, unsigned rank, const KeyOf& key_of, SelectShared& shared) {
    constexpr int top = 8 * int(sizeof(Key)) - 8;
    Key prefix = 0;
    for (int shift = top; shift >= 0; shift -= 8) {
        const Key mask = shift == top ? Key(0) : Key(~Key(0) << (shift + 8));
        for (unsigned i = threadIdx.x; i < digits; i += blockDim.x) shared.counts[i] = 0;
        __syncthreads();
        for (unsigned i = threadIdx.x; i < count; i += blockDim.x) {
            const Key key = key_of(i);
            if ((key & mask) == prefix) atomicAdd(&shared.counts[unsigned(key >> shift) % digits], 1u);
        }
        __syncthreads();
        if (threadIdx.x == 0) {
            unsigned digit = 0;
            while (rank >= shared.counts[digit]) rank -= shared.counts[digit++];
            shared.digit = digit;
            shared.rank = rank;
        }
        __syncthreads();
        prefix |= Key(shared.digit) << shift;
        rank = shared.rank;
        __syncthreads();
    }
    return prefix;
}

/// Calls put(n, i) for the n-th index i, of `count`, that is kept. All threads of the block call it.
///
/// @return number of kept indices
template <class IsKept, class Put>
__device__ unsigned compact(unsigned count, const IsKept& is_kept, const Put& put, SelectShared& shared) {
    const unsigned of_thread = (count + blockDim.x - 1) / blockDim.x;
    const unsigned first = threadIdx.x * of_thread < count ? threadIdx.x * of_thread : count;
    const unsigned end = first + of_thread < count ? first + of_thread : count;
    unsigned kept = 0;
    for (unsigned i = first; i < end; i++) kept += is_kept(i);
    shared.counts[threadIdx.x] = kept;
    __syncthreads();
    if (threadIdx.x == 0) {
        unsigned total = 0;
        for (unsigned t = 0; t < blockDim.x; t++) {
            const unsigned own = shared.counts[t];
            shared.counts[t] = total;
            total += own;
        }
        shared.total = total;
    }
    __syncthreads();
    unsigned at = shared.counts[threadIdx.x];
    for (unsigned i = first; i < end; i++) {
        if (is_kept(i)) put(at++, i);
    }
    const unsigned total = shared.total;
    __syncthreads();
    return total;
}

__global__ void __launch_bounds__(select_threads)
    list_ambiguous_of_row(Band band, unsigned k, double error, float* distances, std::uint32_t* columns,
                          std::uint32_t* counts, std::uint32_t* missing) {
    PERCH_SHARED(SelectShared, shared);
    const std::size_t first = std::size_t(blockIdx.x) * band.searched;
    float* row = distances + first;
    const auto key_of = [&](unsigned i) { return bits_of<std::uint32_t>(row[i]); };
    const auto value_of_rank = [&](unsigned rank) {
        return double(bits_of<float>(key_of_rank<std::uint32_t>(band.searched, rank, key_of, shared)));
    };
    // Beyond the limit, a column is certainly not selected; below the floor, it certainly is.
    const double limit = value_of_rank(k - 1) * (1 + error);
    const double floor = k < band.searched ? value_of_rank(k) * (1 - error) : INFINITY;
    const auto is_certain = [&](unsigned i) { return double(row[i]) * (1 + error) < floor; };
    const unsigned count = compact(
        band.searched, [&](unsigned i) { return !is_certain(i) && double(row[i]) * (1 - error) <= limit; },
        [&](unsigned at, unsigned i) { columns[first + at] = i; }, shared);
    if (threadIdx.x == 0) shared.certain = 0;
    __syncthreads();
    for (unsigned i = threadIdx.x; i < band.searched; i += blockDim.x) {
        if (!is_certain(i)) continue;
        row[i] = -1;
        atomicAdd(&shared.certain, 1u);
    }
    __syncthreads();
    if (threadIdx.x > 0) return;
    counts[blockIdx.x] = count;
    missing[blockIdx.x] = k - shared.certain;
}

__global__ void __launch_bounds__(select_threads)
    select_nearest_of_row(Band band, unsigned k, float* distances, const std::uint32_t* columns,
                          const std::uint32_t* counts, const std::uint32_t* missing, const double* exact,
                          std::uint32_t* neighbors) {
    PERCH_SHARED(SelectShared, shared);
    const std::size_t first = std::size_t(blockIdx.x) * band.searched;
    float* row = distances + first;
    const unsigned count = counts[blockIdx.x], wanted = missing[blockIdx.x];
    if (wanted > 0) {
        const auto key_of = [&](unsigned i) { return bits_of<std::uint64_t>(exact[first + i]); };
        const std::uint64_t limit = key_of_rank<std::uint64_t>(count, wanted - 1, key_of, shared);
        const unsigned nearer = compact(
            count, [&](unsigned i) { return key_of(i) < limit; },
            [&](unsigned, unsigned i) { row[columns[first + i]] = -1; }, shared);
        compact(
            count, [&](unsigned i) { return key_of(i) == limit; },
            [&](unsigned at, unsigned i) {
                if (nearer + at < wanted) row[columns[first + i]] = -1;
            },
            shared);
    }
    compact(
        band.searched, [&](unsigned i) { return row[i] < 0; },
        [&](unsigned at, unsigned i) { neighbors[std::size_t(blockIdx.x) * k + at] = band.patch_of(i); }, shared);
}

}  // namespace

void list_ambiguous(const Band& band, std::uint32_t k, double error, float* distances, std::uint32_t* columns,
                    std::uint32_t* counts, std::uint32_t* missing) {
    launch(list_ambiguous_of_row, dim3(unsigned(band.rows)), unsigned(select_threads), band, k, error, distances,
           columns, counts, missing);
}

void select_nearest(const Band& band, std::uint32_t k, float* distances, const std::uint32_t* columns,
                    const std::uint32_t* counts, const std::uint32_t* missing, const double* exact,
                    std::uint32_t* neighbors) {
    launch(select_nearest_of_row, dim3(unsigned(band.rows)), unsigned(select_threads), band, k, distances, columns,
           counts, missing, exact, neighbors);
}

}  // namespace perch::cuda
