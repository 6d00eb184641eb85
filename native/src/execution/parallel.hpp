#pragma once

#include <cstddef>
#include <functional>
#include <mutex>

#include "perch/execution.hpp"

namespace perch {

/// Throws Cancelled once the caller asked to stop.
void check_cancelled(const Execution& execution);

/// Calls task(index, worker) once for each index below count, on execution.threads threads; `worker` is below that number
/// and names the thread, for scratch memory. Indices are handed out in ascending order. The first exception stops the
/// handing out and is thrown again here. Cancellation is looked at before each task.
void for_each_index(std::size_t count, const Execution& execution,
                    const std::function<void(std::size_t index, int worker)>& task);

/// Counts finished steps of known number and reports the fraction, from one thread at a time.
class Progress {
public:
    Progress(const Execution& execution, double steps) : execution_(execution), steps_(steps) {}
    void advance(double steps);

private:
    const Execution& execution_;
    double steps_;
    double done_ = 0;
    std::mutex mutex_;
};

}  // namespace perch
