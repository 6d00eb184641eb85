#include <algorithm>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "execution/parallel.hpp"

namespace perch {

void for_each_index(std::size_t count, const Execution& execution, const std::function<void(std::size_t, int)>& task) {
    std::atomic<std::size_t> next{0};
    std::mutex mutex;
    std::exception_ptr failure;
    const auto work = [&](int worker) {
        try {
            for (std::size_t index; (index = next.fetch_add(1)) < count;) {
                check_canceled(execution);
                task(index, worker);
            }
        } catch (...) {
            next = count;
            const std::lock_guard lock(mutex);
            if (!failure) failure = std::current_exception();
        }
    };
    std::vector<std::thread> threads;
    const std::size_t wanted = std::min<std::size_t>(std::size_t(execution.threads), count);
    // Reserve first: running out of memory between two starts would destroy running threads and so end the process.
    threads.reserve(wanted);
    try {
        for (std::size_t worker = 1; worker < wanted; worker++) threads.emplace_back(work, int(worker));
    } catch (const std::system_error&) {
        // The system refuses more threads. The running threads do all the work.
    }
    work(0);
    for (std::thread& thread : threads) thread.join();
    if (failure) std::rethrow_exception(failure);
}

}  // namespace perch
