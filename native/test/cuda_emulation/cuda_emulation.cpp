#include "cuda_emulation.hpp"

#include <setjmp.h>
#include <ucontext.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <random>
#include <stdexcept>
#include <vector>

namespace perch::cuda_emulation {
namespace {

constexpr unsigned max_threads = 1024, max_grid_side = 65535;
constexpr std::size_t stack_bytes = 64 << 10;
/// Not a power of 2, or all stacks would share few lines of the cache.
constexpr std::size_t stack_stride = stack_bytes + 320;

/// A flow of control with its own stack.
class Context {
public:
    /// Continues with another context until something continues with this one. swapcontext would change the signal mask
    /// each time, which takes most of the time of a test. AddressSanitizer knows swapcontext only.
    __attribute__((noinline)) void switch_to(Context& next) {
#ifndef __SANITIZE_ADDRESS__
        if (next.has_run_) {
            has_run_ = true;
            if (_setjmp(place_) == 0) _longjmp(next.place_, 1);
            return;
        }
        has_run_ = next.has_run_ = true;
        if (_setjmp(place_) == 0) setcontext(&next.start);
#else
        swapcontext(&start, &next.start);
#endif
    }

    ucontext_t start;

private:
    jmp_buf place_;
    bool has_run_ = false;
};

/// A thread of the running block. Its stack serves the same thread of every block.
struct Fiber {
    Context context;
    bool is_made = false, is_finished;
};

std::vector<Fiber> fibers(max_threads);
const std::unique_ptr<char[]> stacks(new char[max_threads * stack_stride]);
Fiber* running = nullptr;
Context scheduler;
const std::function<void()>* body = nullptr;
alignas(16) char shared[max_shared];

void run_threads() {
    for (;;) {
        (*body)();
        running->is_finished = true;
        running->context.switch_to(scheduler);
    }
}

void make(Fiber& fiber, char* stack) {
    fiber.is_made = true;
    getcontext(&fiber.context.start);
    fiber.context.start.uc_stack.ss_sp = stack;
    fiber.context.start.uc_stack.ss_size = stack_bytes;
    makecontext(&fiber.context.start, run_threads, 0);
}

/// 0 to `count` - 1 in the selected order.
std::vector<std::size_t> ordered(std::size_t count) {
    static std::mt19937 random(11);
    std::vector<std::size_t> indices(count);
    std::iota(indices.begin(), indices.end(), std::size_t(0));
    if (order == Order::descending) std::reverse(indices.begin(), indices.end());
    if (order == Order::shuffled) std::shuffle(indices.begin(), indices.end(), random);
    return indices;
}

void run_block(unsigned threads) {
    std::memset(shared, 0xff, sizeof shared);
    for (unsigned t = 0; t < threads; t++) {
        if (!fibers[t].is_made) make(fibers[t], stacks.get() + t * stack_stride);
        fibers[t].is_finished = false;
    }
    for (unsigned finished = 0; finished < threads;) {
        for (const std::size_t t : ordered(threads)) {
            running = &fibers[t];
            thread_index = dim3(unsigned(t), 0, 0);
            scheduler.switch_to(running->context);
            finished += running->is_finished;
        }
        if (finished > 0 && finished < threads) {
            fibers.assign(max_threads, Fiber());  // Otherwise the waiting ones would run on in the next block.
            throw std::logic_error("Some threads of a block wait at a barrier that others do not reach.");
        }
    }
}

}  // namespace

void* shared_memory() {
    return shared;
}

void wait_at_barrier() {
    running->context.switch_to(scheduler);
}

void run_grid(dim3 grid, unsigned threads, const std::function<void()>& thread) {
    const std::size_t blocks = std::size_t(grid.x) * grid.y * grid.z;
    if (blocks == 0 || grid.x > INT32_MAX || grid.y > max_grid_side || grid.z > max_grid_side)
        throw std::logic_error("The grid exceeds a device's limits.");
    if (threads == 0 || threads > max_threads) throw std::logic_error("The block exceeds a device's limits.");
    body = &thread;
    grid_size = grid;
    block_size = dim3(threads);
    for (const std::size_t block : ordered(blocks)) {
        const std::size_t plane = block / grid.x;
        block_index = dim3(unsigned(block % grid.x), unsigned(plane % grid.y), unsigned(plane / grid.y));
        run_block(threads);
    }
}

}  // namespace perch::cuda_emulation
