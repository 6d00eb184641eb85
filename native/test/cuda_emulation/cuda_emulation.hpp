#pragma once

#include <cuda_runtime.h>

#include <functional>

// Runs kernels on a CPU: block after block, and each thread of a block as a fiber until its next barrier. A wrong or
// missing barrier shows in two ways: shared memory starts as NaN, and the result depends on the order of the threads.
namespace perch::cuda_emulation {

/// In which order the threads of a block run between barriers, and the blocks of a grid.
enum class Order { ascending, descending, shuffled };
inline Order order = Order::ascending;

inline dim3 thread_index, block_index, block_size, grid_size;

constexpr std::size_t max_shared = 48 << 10;

/// Shared memory of the running block.
void* shared_memory();

void wait_at_barrier();

/// @throws std::logic_error if some threads of a block wait at a barrier that others do not reach, or the grid or block
/// exceeds a device's limits
void run_grid(dim3 grid, unsigned threads, const std::function<void()>& thread);

}  // namespace perch::cuda_emulation

#define threadIdx (::perch::cuda_emulation::thread_index)
#define blockIdx (::perch::cuda_emulation::block_index)
#define blockDim (::perch::cuda_emulation::block_size)
#define gridDim (::perch::cuda_emulation::grid_size)

#define PERCH_SHARED(Type, name)                                        \
    static_assert(sizeof(Type) <= ::perch::cuda_emulation::max_shared); \
    Type& name = *static_cast<Type*>(::perch::cuda_emulation::shared_memory())

inline void __syncthreads() {
    perch::cuda_emulation::wait_at_barrier();
}

/// Threads run one at a time, so a plain addition is atomic.
inline unsigned atomicAdd(unsigned* target, unsigned value) {
    const unsigned old = *target;
    *target += value;
    return old;
}

namespace perch::cuda {

template <class... Parameters, class... Arguments>
void launch(void (*kernel)(Parameters...), dim3 grid, unsigned threads, Arguments... arguments) {
    cuda_emulation::run_grid(grid, threads, [&] { kernel(arguments...); });
}

}  // namespace perch::cuda
