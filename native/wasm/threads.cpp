#include "threads.hpp"

#include <algorithm>
#include <cstddef>

#include "execution/parallel.hpp"

namespace perch {
namespace wasm {

std::atomic<bool> canceled{false};
std::atomic<std::int32_t> permille{0};

namespace {

/// A call of for_each_index. Helpers run it while it is current.
struct Job {
    std::size_t count;
    const Execution* execution;
    const std::function<void(std::size_t, int)>* task;
    std::atomic<std::size_t> next{0};
    std::atomic<std::int32_t> helpers_left;
};

/// Number of jobs that were started. Helpers wait for it to change.
std::atomic<std::int32_t> generation{0};
std::atomic<Job*> current{nullptr};
std::atomic<std::int32_t> helpers{0};

int* address(std::atomic<std::int32_t>& value) {
    return reinterpret_cast<int*>(&value);
}

void work(Job& job, int worker) {
    for (std::size_t index; (index = job.next.fetch_add(1)) < job.count;) {
        check_canceled(*job.execution);
        (*job.task)(index, worker);
    }
}

}  // namespace

/// Sets the number of instances that call `help`. They need not have started yet.
extern "C" __attribute__((export_name("expect_helpers"))) void expect_helpers(std::int32_t count) {
    helpers = count;
}

/// Helps with every job of this memory; never returns.
///
/// @param worker 1 to the number of helpers, different for each
extern "C" __attribute__((export_name("help"))) void help(std::int32_t worker) {
    std::int32_t seen = 0;
    for (;;) {
        while (generation.load() == seen) __builtin_wasm_memory_atomic_wait32(address(generation), seen, -1);
        seen = generation.load();
        Job& job = *current.load();
        if (worker < job.execution->threads) work(job, worker);
        if (job.helpers_left.fetch_sub(1) == 1) __builtin_wasm_memory_atomic_notify(address(job.helpers_left), 1);
    }
}

}  // namespace wasm

// A job waits for all helpers, so a helper never misses one. Tasks must not start jobs.
void for_each_index(std::size_t count, const Execution& execution, const std::function<void(std::size_t, int)>& task) {
    using namespace wasm;
    const std::int32_t helping = helpers.load();
    Job job{count, &execution, &task, {0}, {helping}};
    if (helping > 0 && execution.threads > 1 && count > 1) {
        current = &job;
        generation.fetch_add(1);
        __builtin_wasm_memory_atomic_notify(address(generation), std::uint32_t(helping));
        work(job, 0);
        for (std::int32_t left; (left = job.helpers_left.load()) > 0;) {
            __builtin_wasm_memory_atomic_wait32(address(job.helpers_left), left, -1);
        }
    } else {
        work(job, 0);
    }
}

}  // namespace perch
