#pragma once

#include <cstddef>
#include <functional>

#include "execution/mutex.hpp"
#include "perch/execution.hpp"

namespace perch {

/// @throws Canceled if the caller has canceled the computation
void check_canceled(const Execution& execution);

/// Calls task(index, worker) once for each index below count, in ascending order of start, on up to execution.threads
/// threads.
///
/// @param task `worker`, below execution.threads, identifies the thread: use it to select scratch memory
/// @throws Canceled, checked before each task, and the first exception of a task; the remaining tasks do not start
/// then
void for_each_index(std::size_t count, const Execution& execution,
                    const std::function<void(std::size_t index, int worker)>& task);

/// Reports the completed fraction of a known number of steps. Thread-safe; only one thread at a time calls
/// the callback.
class Progress {
public:
    Progress(const Execution& execution, double steps) : execution_(execution), steps_(steps) {}
    void advance(double steps);

private:
    const Execution& execution_;
    double steps_;
    double done_ = 0;
    Mutex mutex_;
};

}  // namespace perch
