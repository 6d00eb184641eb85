#include "perch/nearest.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include "execution/parallel.hpp"
#include "memory/aligned_vector.hpp"
#include "nearest/difference_search.hpp"
#include "perch/errors.hpp"
#include "simd/dispatch.hpp"
#include "validation/validation.hpp"

namespace perch {
namespace {

/// Number of rows that are compared together with a chunk of the memory. All of them stay in the second-level cache.
constexpr std::size_t rows_per_task = 256;
constexpr std::size_t chunk_rows = 8 * panel_width;

double squared_distance(const float* a, const float* b, int length) {
    double sum = 0;
    for (int k = 0; k < length; k++) {
        const float difference = a[k] - b[k];
        sum += double(difference) * difference;
    }
    return sum;
}

/// The mean row. Subtracted from all rows, it does not change distances, but reduces rounding errors.
std::vector<float> mean_of(const Rows& rows) {
    std::vector<double> sums(std::size_t(rows.length));
    for (std::size_t i = 0; i < rows.count; i++) {
        for (std::size_t k = 0; k < sums.size(); k++) sums[k] += double(rows.row(i)[k]);
    }
    std::vector<float> mean;
    for (const double sum : sums) mean.push_back(float(sum / double(rows.count)));
    return mean;
}

/// Some rows, and the nearest row of the memory for each.
class Search {
public:
    Search(const Rows& rows, std::size_t first, std::size_t count, const Rows& memory, const std::vector<float>& center,
           const InnerProductKernel& kernel)
        : rows_(rows), first_(first), count_(count), memory_(memory), center_(center), kernel_(kernel),
          transposed_(std::size_t(rows.length) * count), panels_(std::size_t(rows.length) * chunk_rows),
          products_(count * chunk_rows), weights_(chunk_rows, 1.0f), half_norms_(chunk_rows),
          scores_(count, -std::numeric_limits<float>::infinity()), nearest_(count) {
        for (std::size_t i = 0; i < count; i++) {
            for (int k = 0; k < rows.length; k++) {
                transposed_[std::size_t(k) * count + i] = rows.row(first + i)[k] - center[std::size_t(k)];
            }
        }
    }

    /// Compares with the chunk of the memory that starts at `start`.
    void compare(std::size_t start) {
        const std::size_t size = std::min(chunk_rows, memory_.count - start);
        const std::size_t panels = (size + panel_width - 1) / panel_width;
        const std::size_t panel_size = std::size_t(rows_.length) * panel_width;
        pack(start, size);
        std::fill(products_.begin(), products_.end(), 0.0f);
        for (std::size_t p = 0; p < panels; p++) {
            kernel_.multiply(transposed_.data(), std::ptrdiff_t(count_), int(count_), panels_.data() + p * panel_size,
                             rows_.length, products_.data() + p * panel_width, chunk_rows);
        }
        for (std::size_t i = 0; i < count_; i++) {
            const ProductRow row{products_.data() + i * chunk_rows,
                                 int(panels) * panel_width,
                                 1,
                                 weights_.data(),
                                 half_norms_.data(),
                                 0,
                                 0,
                                 std::int32_t(start)};
            kernel_.match_row(row, {&scores_[i], &nearest_[i]});
        }
    }

    /// Writes the distances. Finds the nearest rows again by differences where they are doubtful.
    void write(const Execution& execution, float* distances) {
        std::vector<std::size_t> doubtful;
        for (std::size_t i = 0; i < count_; i++) {
            const float* row = rows_.row(first_ + i);
            const float* nearest = memory_.row(std::size_t(nearest_[i]));
            const double square = squared_distance(row, nearest, rows_.length);
            const double lengths = squared_distance(row, center_.data(), rows_.length) +
                                   squared_distance(nearest, center_.data(), rows_.length);
            distances[i] = float(std::sqrt(square));
            if (square > 0 && square < doubtful_distance * lengths) doubtful.push_back(i);
        }
        DifferenceSearch search(rows_.length, execution.isa);
        for (std::size_t start = 0; start < doubtful.size(); start += panel_width) {
            check_canceled(execution);
            const std::size_t count = std::min<std::size_t>(panel_width, doubtful.size() - start);
            search_again(search, doubtful.data() + start, count, distances);
        }
    }

private:
    void search_again(DifferenceSearch& search, const std::size_t* indices, std::size_t count, float* distances) {
        const std::size_t length = std::size_t(rows_.length);
        for (std::size_t i = 0; i < count; i++) {
            for (std::size_t k = 0; k < length; k++) {
                search.rows()[k * panel_width + i] = transposed_[k * count_ + indices[i]];
            }
        }
        const auto pack = [&](int panel, float* columns, bool* counts) {
            for (std::size_t j = 0; j < panel_width; j++) {
                const std::size_t at = std::size_t(panel) * panel_width + j;
                counts[j] = at < memory_.count;
                if (!counts[j]) continue;
                for (std::size_t k = 0; k < length; k++) columns[k * panel_width + j] = memory_.row(at)[k] - center_[k];
            }
        };
        std::int32_t nearest[panel_width];
        search.find(int(count), int((memory_.count + panel_width - 1) / panel_width), pack, nearest);
        for (std::size_t i = 0; i < count; i++) {
            distances[indices[i]] = float(std::sqrt(
                squared_distance(rows_.row(first_ + indices[i]), memory_.row(std::size_t(nearest[i])), rows_.length)));
        }
    }

    void pack(std::size_t start, std::size_t size) {
        std::fill(panels_.begin(), panels_.end(), 0.0f);
        std::fill(half_norms_.begin(), half_norms_.end(), 3e38f);
        for (std::size_t j = 0; j < size; j++) {
            const float* row = memory_.row(start + j);
            float* target =
                panels_.data() + j / panel_width * std::size_t(rows_.length) * panel_width + j % panel_width;
            float sum = 0;
            for (int k = 0; k < rows_.length; k++) {
                const float value = row[k] - center_[std::size_t(k)];
                target[k * panel_width] = value;
                sum += value * value;
            }
            half_norms_[j] = sum / 2;
        }
    }

    const Rows& rows_;
    const std::size_t first_, count_;
    const Rows& memory_;
    const std::vector<float>& center_;
    const InnerProductKernel& kernel_;
    AlignedVector<float> transposed_, panels_, products_, weights_, half_norms_;
    std::vector<float> scores_;
    std::vector<std::int32_t> nearest_;
};

}  // namespace

std::vector<float> nearest_distances(const Rows& rows, const Rows& memory, const Execution& execution) {
    const InnerProductKernel& kernel = inner_product_kernel(resolve_isa(execution));
    if (memory.count == 0) raise(InvalidArgument("The memory has no rows."));
    if (memory.count > std::size_t(std::numeric_limits<std::int32_t>::max())) {
        raise(InvalidArgument("The memory has 2^31 rows or more."));
    }
    if (memory.length != rows.length || rows.length < 1) {
        raise(InvalidArgument("The rows have " + std::to_string(rows.length) +
                              " values, but those of the memory have " + std::to_string(memory.length) + "."));
    }
    require_comparable(rows.values, rows.count * std::size_t(rows.length));
    require_comparable(memory.values, memory.count * std::size_t(memory.length));
    const std::size_t per_thread = (rows.count + std::size_t(execution.threads) - 1) / std::size_t(execution.threads);
    const std::size_t size = std::clamp<std::size_t>(per_thread, 1, rows_per_task);
    const std::vector<float> center = mean_of(memory);
    const Execution inner{1, resolve_isa(execution), execution.canceled, {}};
    std::vector<float> distances(rows.count);
    Progress progress(execution, double(rows.count) * double(memory.count));
    for_each_index((rows.count + size - 1) / size, execution, [&](std::size_t task, int) {
        const std::size_t first = task * size, count = std::min(size, rows.count - first);
        Search search(rows, first, count, memory, center, kernel);
        for (std::size_t start = 0; start < memory.count; start += chunk_rows) {
            check_canceled(execution);
            search.compare(start);
            progress.advance(double(count) * double(std::min(chunk_rows, memory.count - start)));
        }
        search.write(inner, distances.data() + first);
    });
    return distances;
}

}  // namespace perch
