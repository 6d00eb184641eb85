#pragma once

#include <stdexcept>

namespace perch {

/// A feature is NaN or infinite; the message names its channel and position.
struct InvalidFeatures : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// A shape or parameter is outside its limits; the message says which, and the limits.
struct InvalidArgument : std::invalid_argument {
    using std::invalid_argument::invalid_argument;
};

/// The computation was stopped through Execution::cancelled.
struct Cancelled : std::runtime_error {
    Cancelled() : std::runtime_error("The computation was cancelled.") {}
};

}  // namespace perch
