#include "nearest/pair_comparison.hpp"

#include <algorithm>
#include <limits>

namespace perch {
namespace {

constexpr float lowest = -std::numeric_limits<float>::infinity();
/// Memory for the strips of a band.
constexpr double max_strip_bytes = 32 << 20;

}  // namespace

/// Consecutive positions of the second image.
class PairComparison::Band {
public:
    Band(PairComparison& pair, int first_panel, int end_panel)
        : pair_(pair), a_(pair.a_), b_(pair.b_), kernel_(pair.kernel_), radius_(a_.radius),
          margin_(radius_ * (b_.pitch + 1)), begin_(first_panel * panel_width), end_(end_panel * panel_width),
          first_panel_(std::max(0, begin_ - margin_) / panel_width),
          end_panel_(std::min(b_.panel_count(), (end_ + margin_ + panel_width - 1) / panel_width)),
          length_((end_panel_ - first_panel_) * panel_width), offset_(begin_ - first_panel_ * panel_width),
          strips_(std::size_t(2 * radius_ + 1), AlignedVector<float>(strip_size())),
          rows_(std::size_t(a_.channels) * std::size_t(a_.width)) {
        if (radius_ == 0) return;
        strip_sum_.resize(strip_size());
        row_sum_.resize(std::size_t(length_ + 2 * margin_));
        column_sum_.resize(std::size_t(end_ - begin_ + 2 * radius_));
        product_.resize(std::size_t(end_ - begin_));
    }

    void run(const std::function<void()>& row_done) {
        a_scores_.assign(a_.neighborhoods.size(), std::vector<float>(std::size_t(a_.length), lowest));
        a_partners_.assign(a_.neighborhoods.size(), std::vector<std::int32_t>(std::size_t(a_.length)));
        for (int y = 0; y < a_.height + radius_; y++) {
            if (y < a_.height) multiply_row(y);
            if (y < radius_) continue;
            for (std::size_t scale = 0; scale < a_.neighborhoods.size(); scale++) match_row(y - radius_, scale);
            row_done();
        }
        merge();
    }

private:
    std::size_t strip_size() const { return std::size_t(a_.width) * std::size_t(length_); }
    const float* strip(int y) const { return strips_[std::size_t(y % (2 * radius_ + 1))].data(); }

    /// Computes the strip of inner products of a row of the first image.
    void multiply_row(int y) {
        a_.copy_row(y, rows_.data());
        AlignedVector<float>& products = strips_[std::size_t(y % (2 * radius_ + 1))];
        std::fill(products.begin(), products.end(), 0.0f);
        for (int p = first_panel_; p < end_panel_; p++) {
            kernel_.multiply(rows_.data(), a_.width, a_.width, b_.panel(p), a_.channels,
                             products.data() + (p - first_panel_) * panel_width, length_);
        }
    }

    void match_row(int y, std::size_t scale) {
        const int r = a_.neighborhoods[scale].side / 2;
        const float* sums = strip(y);
        if (r > 0) {
            const float* sources[max_taps];
            int taps = 0;
            for (int v = std::max(0, y - r); v <= std::min(a_.height - 1, y + r); v++) sources[taps++] = strip(v);
            kernel_.sum(sources, taps, strip_size(), strip_sum_.data());
            sums = strip_sum_.data();
        }
        for (int x = 0; x < a_.width; x++) match_position(y, x, scale, sums);
    }

    /// @param sums strip, summed along y of the first image
    void match_position(int y, int x, std::size_t scale, const float* sums) {
        const LayerPlanes::Neighborhoods& own = a_.neighborhoods[scale];
        const LayerPlanes::Neighborhoods& other = b_.neighborhoods[scale];
        const int r = own.side / 2;
        const std::size_t at = std::size_t(a_.position(y, x));
        const float* products = r == 0 ? sums + std::ptrdiff_t(x) * length_ + offset_ : sum_neighbors(x, r, sums);
        const ProductRow row{products,
                             end_ - begin_,
                             own.weights[at],
                             other.weights.data() + begin_,
                             other.half_norms.data() + begin_,
                             own.half_norms[at],
                             std::int32_t(at),
                             begin_};
        Partners& partners = pair_.partners_[scale];
        kernel_.match_both(row, {&a_scores_[scale][at], &a_partners_[scale][at]},
                           {partners.b_scores.data() + begin_, partners.b.data() + begin_});
    }

    /// Adds along x of the first image, then along y and x of the second.
    const float* sum_neighbors(int x, int r, const float* sums) {
        const float* sources[max_taps];
        int taps = 0;
        for (int u = std::max(0, x - r); u <= std::min(a_.width - 1, x + r); u++) {
            sources[taps++] = sums + std::ptrdiff_t(u) * length_;
        }
        kernel_.sum(sources, taps, std::size_t(length_), row_sum_.data() + margin_);
        const int side = 2 * r + 1;
        for (int t = 0; t < side; t++) sources[t] = row_sum_.data() + margin_ + offset_ - r + (t - r) * b_.pitch;
        kernel_.sum(sources, side, std::size_t(end_ - begin_ + 2 * r), column_sum_.data());
        for (int t = 0; t < side; t++) sources[t] = column_sum_.data() + t;
        kernel_.sum(sources, side, std::size_t(end_ - begin_), product_.data());
        return product_.data();
    }

    /// Merges the best partners of the first image with those of other bands. Of equal ones, the first wins.
    void merge() {
        const Lock lock(pair_.mutex_);
        for (std::size_t scale = 0; scale < a_scores_.size(); scale++) {
            Partners& partners = pair_.partners_[scale];
            for (std::size_t i = 0; i < partners.a.size(); i++) {
                const float score = a_scores_[scale][i];
                const std::int32_t partner = a_partners_[scale][i];
                const bool is_first = score == partners.a_scores[i] && partner < partners.a[i];
                if (score <= partners.a_scores[i] && !is_first) continue;
                partners.a_scores[i] = score;
                partners.a[i] = partner;
            }
        }
    }

    PairComparison& pair_;
    const LayerPlanes &a_, &b_;
    const InnerProductKernel& kernel_;
    const int radius_, margin_;
    /// The positions, in the planes of the second image, and the panels that sums over their neighborhoods need.
    const int begin_, end_, first_panel_, end_panel_, length_, offset_;
    std::vector<AlignedVector<float>> strips_;
    AlignedVector<float> rows_, strip_sum_, row_sum_, column_sum_, product_;
    std::vector<std::vector<float>> a_scores_;
    std::vector<std::vector<std::int32_t>> a_partners_;
};

PairComparison::PairComparison(const LayerPlanes& a, const LayerPlanes& b, const InnerProductKernel& kernel)
    : a_(a), b_(b), kernel_(kernel), partners_(a.neighborhoods.size()) {
    for (Partners& partners : partners_) {
        partners.a_scores.assign(std::size_t(a.length), lowest);
        partners.b_scores.assign(std::size_t(b.length), lowest);
        partners.a.resize(std::size_t(a.length));
        partners.b.resize(std::size_t(b.length));
    }
}

int PairComparison::band_count(const LayerPlanes& a, const LayerPlanes& b) {
    const double panel_bytes = sizeof(float) * (2.0 * a.radius + 2) * a.width * panel_width;
    const int halo = 2 * (a.radius * (b.pitch + 1) / panel_width + 1);
    // A band is at least as long as its halo, so that at most half of the products are computed again.
    const int panels = std::max(halo, int(max_strip_bytes / panel_bytes) - halo);
    return std::max(1, (b.panel_count() + panels - 1) / panels);
}

void PairComparison::compare_band(int index, int bands, const std::function<void()>& row_done) {
    const auto panel = [&](int at) { return int(std::int64_t(b_.panel_count()) * at / bands); };
    if (panel(index) < panel(index + 1)) Band(*this, panel(index), panel(index + 1)).run(row_done);
}

}  // namespace perch
