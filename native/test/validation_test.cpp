#include <limits>

#include "perch/errors.hpp"
#include "perch/fca.hpp"
#include "perch/mean.hpp"
#include "perch/median.hpp"
#include "perch/sww.hpp"
#include "testing.hpp"

namespace perch::testing {

void test_validation() {
    std::vector<float> values(3 * 12 * 10, 0.5f), reference(3 * 25, 0.5f), map(12 * 10);
    const FeatureMap features{values.data(), 3, 12, 10};
    const auto run = [&](const FcaParameters& parameters, const Execution& execution = {}) {
        fca(features, reference, parameters, map.data(), execution);
    };

    test("parameters outside their limits are rejected", [&] {
        expect_throws<InvalidArgument>("patch size is 4", [&] { run({4}); });
        expect_throws<InvalidArgument>("patch size is 33", [&] { run({33}); });
        expect_throws<InvalidArgument>("smaller than the patch", [&] { run({11}); });
        expect_throws<InvalidArgument>("reference has 75 values", [&] { run({7}); });
        expect_throws<InvalidArgument>("sigma_p", [&] { run({5, 0}); });
        expect_throws<InvalidArgument>("sigma_s", [&] { run({5, 3, -1}); });
        expect_throws<InvalidArgument>("threads is 0", [&] { run({5}, {0, Isa::automatic, nullptr, {}}); });
        expect_throws<InvalidArgument>("threads is 1025", [&] { run({5}, {1025, Isa::automatic, nullptr, {}}); });
        expect_throws<InvalidArgument>("fewer than 2^31", [&] {
            median_reference({values.data(), 1, 50000, 50000}, 5, {});
        });
        expect_throws<InvalidArgument>("no channels", [&] { median_reference({values.data(), 0, 12, 10}, 5, {}); });
    });
    test("a reference that does not ascend is rejected", [&] {
        std::vector<float> descending = reference;
        descending[30] = 0.4f;
        expect_throws<InvalidArgument>("channel 1", [&] { sww(features, descending, {5}, map.data(), {}); });
    });
    test("references outside the map are rejected", [&] {
        const auto match = [&](const PatchReferences& references) { sww(features, references, {5}, map.data(), {}); };
        expect_throws<InvalidArgument>("is empty", [&] { match(PatchIndices{}); });
        expect_throws<InvalidArgument>("patch 120 is outside", [&] { match(PatchIndices{{0, 120}}); });
        expect_throws<InvalidArgument>("nearest patches is 0", [&] { match(NearestPatches{0}); });
        expect_throws<InvalidArgument>("patch 120 is outside", [&] { match(AllPatches{{7, 120}}); });
        expect_throws<InvalidArgument>("reference patches must ascend", [&] { match(NearestPatches{1, {7, 7}}); });
    });
    test("tiles outside the map are rejected", [&] {
        expect_throws<InvalidArgument>("Tile 4 is outside the map, which has 4 tiles", [&] {
            median_reference(features, 5, {}, {0, 4});
        });
        expect_throws<InvalidArgument>("tiles must ascend", [&] { mean_reference(features, 5, {}, {1, 0}); });
    });
    test("features that are not finite are rejected with their position", [&] {
        values[2 * 120 + 7 * 10 + 3] = std::numeric_limits<float>::quiet_NaN();
        expect_throws<InvalidFeatures>("NaN in channel 2, row 7, column 3", [&] { run({5}); });
        values[1 * 120] = -std::numeric_limits<float>::infinity();
        expect_throws<InvalidFeatures>("-Infinity in channel 1, row 0, column 0",
                                       [&] { median_reference(features, 5, {}); });
        values.assign(values.size(), 0.5f);
    });
    test("canceling stops the computation", [&] {
        std::atomic<bool> canceled{false};
        for (const Isa isa : supported_isas()) {
            canceled = false;
            const Execution execution{2, isa, &canceled, [&](double) { canceled = true; }};
            const std::vector<float> many(8 * 150 * 150, 1.0f), list(8 * 25, 1.0f);
            std::vector<float> scores(150 * 150);
            expect_throws<Canceled>("canceled", [&] {
                fca({many.data(), 8, 150, 150}, list, {5}, scores.data(), execution);
            });
        }
    });
}

}  // namespace perch::testing
