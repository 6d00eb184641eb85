#include "execution/parallel.hpp"

#include <algorithm>

#include "perch/errors.hpp"

namespace perch {

void check_canceled(const Execution& execution) {
    if (execution.canceled && execution.canceled->load(std::memory_order_relaxed)) raise(Canceled());
}

void Progress::advance(double steps) {
    if (!execution_.progress) return;
    const Lock lock(mutex_);
    done_ += steps;
    execution_.progress(std::min(1.0, done_ / steps_));
}

}  // namespace perch
