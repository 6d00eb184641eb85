#pragma once

#include <cstddef>
#include <vector>

namespace perch {

/// One contribution to a shift: the weight of the matching error at position i*T + j of the window.
struct FoldTerm {
    int position;
    float weight;
};

/// Adds `count` terms from `first` on, for each pixel, to the pixel `dy` rows below and `dx` columns right of it.
struct FoldShift {
    int dy, dx;
    int first, count;
};

/// How a statistic makes a map of matching errors. FCA and SWW are both linear in them, so errors are first summed over
/// channels, per pixel and per position that the pixel has in a window; this says where each sum goes. No shift leads out of
/// a window that holds the pixel at one of its positions.
struct Fold {
    std::vector<FoldShift> shifts;
    std::vector<FoldTerm> terms;

    void add_shift(int dy, int dx) { shifts.push_back({dy, dx, int(terms.size()), 0}); }
    void add_term(int position, double weight) {
        terms.push_back({position, float(weight)});
        shifts.back().count++;
    }
};

/// Gaussian weights at integer offsets -radius..radius, sum 1; all weight on the centre where sigma is 0.
std::vector<double> gaussian(int radius, double sigma);

/// The position that reflection at the border (without repeating it) puts in place of one outside 0..length-1.
constexpr int reflect(int position, int length) {
    if (position < 0) position = -position;
    return position < length ? position : 2 * (length - 1) - position;
}

}  // namespace perch
