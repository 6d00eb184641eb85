#include "metrics/region_runs.hpp"

#include <algorithm>
#include <cstring>

namespace perch {
namespace {

/// The run that stands for all that `run` was joined with; shortens the way for later.
std::uint32_t root_of(std::vector<Run>& runs, std::uint32_t run) {
    while (runs[run].region != run) {
        runs[run].region = runs[runs[run].region].region;
        run = runs[run].region;
    }
    return run;
}

void join(std::vector<Run>& runs, std::uint32_t one, std::uint32_t other) {
    const auto [first, second] = std::minmax({root_of(runs, one), root_of(runs, other)});
    runs[second].region = first;
}

std::uint32_t find(const std::uint8_t* row, std::uint32_t from, std::uint32_t width, bool marked) {
    if (marked) {
        // Most of a mask is not marked: whole words of it are passed at once.
        for (std::uint64_t word; from + sizeof word <= width; from += sizeof word) {
            std::memcpy(&word, row + from, sizeof word);
            if (word != 0) break;
        }
    }
    while (from < width && (row[from] != 0) != marked) from++;
    return from;
}

}  // namespace

RegionRuns region_runs(const std::uint8_t* mask, std::size_t height, std::size_t width) {
    std::vector<Run> runs;
    const auto columns = static_cast<std::uint32_t>(width);
    std::uint32_t above = 0;  // the first run of the row above that may still touch
    for (std::uint32_t y = 0; y < height; y++) {
        const std::uint8_t* row = mask + y * width;
        const auto first = static_cast<std::uint32_t>(runs.size());
        for (std::uint32_t begin = find(row, 0, columns, true); begin < columns;) {
            const std::uint32_t end = find(row, begin, columns, false);
            const auto run = static_cast<std::uint32_t>(runs.size());
            runs.push_back({y, begin, end, run});
            // Corners touch too, so a run above may begin where this one ends.
            while (above < first && runs[above].end < begin) above++;
            for (std::uint32_t other = above; other < first && runs[other].begin <= end; other++) join(runs, other, run);
            begin = find(row, end, columns, true);
        }
        above = first;
    }
    // A root comes before all that was joined with it.
    std::uint32_t regions = 0;
    for (std::uint32_t run = 0; run < runs.size(); run++) {
        runs[run].region = runs[run].region == run ? regions++ : runs[runs[run].region].region;
    }
    return {std::move(runs), regions};
}

}  // namespace perch
