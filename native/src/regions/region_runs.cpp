#include "regions/region_runs.hpp"

#include <algorithm>
#include <cstring>

namespace perch {
namespace {

/// The root of a run's set (union-find with path halving).
std::uint32_t find_root(std::vector<Run>& runs, std::uint32_t run) {
    while (runs[run].region != run) {
        runs[run].region = runs[runs[run].region].region;
        run = runs[run].region;
    }
    return run;
}

void unite(std::vector<Run>& runs, std::uint32_t one, std::uint32_t other) {
    const auto [first, second] = std::minmax({find_root(runs, one), find_root(runs, other)});
    runs[second].region = first;
}

/// Index of the next pixel, starting at `from`, that is marked or unmarked as requested; `width` if there is
/// none.
std::uint32_t find_pixel(const std::uint8_t* row, std::uint32_t from, std::uint32_t width, bool marked) {
    if (marked) {
        // Most of a mask is unmarked, so unmarked pixels are skipped eight at a time.
        for (std::uint64_t word; from + sizeof word <= width; from += sizeof word) {
            std::memcpy(&word, row + from, sizeof word);
            if (word != 0) break;
        }
    }
    while (from < width && (row[from] != 0) != marked) from++;
    return from;
}

}  // namespace

RegionRuns label_runs(const std::uint8_t* mask, std::size_t height, std::size_t width) {
    std::vector<Run> runs;
    const auto columns = static_cast<std::uint32_t>(width);
    std::uint32_t above = 0;  // first run of the previous row that may touch the current run
    for (std::uint32_t y = 0; y < height; y++) {
        const std::uint8_t* row = mask + y * width;
        const auto first = static_cast<std::uint32_t>(runs.size());
        for (std::uint32_t begin = find_pixel(row, 0, columns, true); begin < columns;) {
            const std::uint32_t end = find_pixel(row, begin, columns, false);
            const auto run = static_cast<std::uint32_t>(runs.size());
            runs.push_back({y, begin, end, run});
            // Diagonal neighbors count, so a run above may begin where this one ends.
            while (above < first && runs[above].end < begin) above++;
            for (std::uint32_t other = above; other < first && runs[other].begin <= end; other++)
                unite(runs, other, run);
            begin = find_pixel(row, end, columns, true);
        }
        above = first;
    }
    // A root precedes the other runs of its set, so its region number is final when they are reached.
    std::uint32_t regions = 0;
    for (std::uint32_t run = 0; run < runs.size(); run++) {
        runs[run].region = runs[run].region == run ? regions++ : runs[runs[run].region].region;
    }
    return {std::move(runs), regions};
}

}  // namespace perch
