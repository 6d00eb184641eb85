#include "cuda_image.hpp"

#include <algorithm>

#include "cuda_stencil.hpp"
#include "execution/parallel.hpp"
#include "validation/validation.hpp"

namespace perch::binding {
namespace {

/// Share of the search in the progress of a computation with the nearest patches.
constexpr double search_share = 0.5;

/// A part of a computation, for perch_cuda_execution.
struct Part {
    const Execution& execution;
    double from = 0, share = 1;
};

int report(void* context, double fraction) {
    const auto& [execution, from, share] = *static_cast<const Part*>(context);
    if (execution.canceled != nullptr && *execution.canceled) return 1;
    if (execution.progress) execution.progress(from + share * fraction);
    return 0;
}

}  // namespace

void CudaImage::upload(const FeatureMap& features, const Execution& execution) {
    if (map_ != nullptr) return;
    require_finite(features, execution);
    library_->check(library_->functions().open(CudaLibrary::first_device, features.values, features.channels,
                                               features.height, features.width, &map_));
}

std::vector<float> CudaImage::median_reference(const FeatureMap& features, int patch_size, const Execution& execution,
                                               const std::vector<std::uint32_t>& tiles) {
    require_shape(features, patch_size);
    require_tiles(features, patch_size, tiles);
    const std::lock_guard lock(mutex_);
    upload(features, execution);
    std::vector<float> reference(std::size_t(features.channels) * std::size_t(patch_size * patch_size));
    Part part{execution};
    const perch_cuda_execution run{library_->budget(), report, &part};
    library_->check(
        library_->functions().median_reference(map_, patch_size, tiles.data(), tiles.size(), &run, reference.data()));
    return reference;
}

std::vector<float> CudaImage::match(const FeatureMap& features, const std::vector<float>& reference, int patch_size,
                                    const Stencil& stencil, const Execution& execution) {
    require_reference(features, patch_size, reference);
    const CudaStencil converted(stencil);
    const std::lock_guard lock(mutex_);
    upload(features, execution);
    std::vector<float> scores(features.pixels());
    Part part{execution};
    const perch_cuda_execution run{library_->budget(), report, &part};
    library_->check(
        library_->functions().match(map_, reference.data(), patch_size, &converted.view, &run, scores.data()));
    return scores;
}

std::vector<float> CudaImage::match(const FeatureMap& features, const NearestPatches& nearest, int patch_size,
                                    const Stencil& stencil, const Execution& execution) {
    require_references(features, PatchReferences(nearest));
    const std::size_t searched = nearest.among.empty() ? features.pixels() : nearest.among.size();
    const int k = int(std::min(std::size_t(nearest.k), searched));
    const CudaStencil converted(stencil);
    const std::lock_guard lock(mutex_);
    upload(features, execution);
    std::vector<std::uint32_t> neighbors(features.pixels() * std::size_t(k));
    Part search{execution, 0, search_share};
    const perch_cuda_execution search_run{library_->budget(), report, &search};
    library_->check(library_->functions().nearest(map_, patch_size, k, nearest.among.data(), nearest.among.size(),
                                                  &search_run, neighbors.data()));
    std::vector<float> scores(features.pixels());
    Part part{execution, search_share, 1 - search_share};
    const perch_cuda_execution run{library_->budget(), report, &part};
    library_->check(library_->functions().match_neighbors(map_, neighbors.data(), k, patch_size, &converted.view, &run,
                                                          scores.data()));
    return scores;
}

}  // namespace perch::binding
