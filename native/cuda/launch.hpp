#pragma once

#include <cuda_runtime.h>

#include "device.hpp"

// What a kernel and its launch need beyond plain C++, under nvcc. `test/cuda_emulation` has the same for a CPU.
#ifdef __CUDACC__

/// Declares `name`, the memory of type `Type` that the threads of a block share. One for each kernel.
#define PERCH_SHARED(Type, name) __shared__ Type name

namespace perch::cuda {

/// Runs a kernel on every block of a grid. Does not wait for it.
template <class... Parameters, class... Arguments>
void launch(void (*kernel)(Parameters...), dim3 grid, unsigned threads, Arguments... arguments) {
    kernel<<<grid, threads>>>(arguments...);
    check(cudaGetLastError(), "Starting a kernel");
}

}  // namespace perch::cuda

#else
#include "cuda_emulation.hpp"
#endif
