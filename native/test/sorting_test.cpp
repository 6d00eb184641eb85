#include <algorithm>
#include <limits>
#include <random>
#include <utility>

#include "metrics/sorted_key_index.hpp"
#include "regions/region_runs.hpp"
#include "sorting/bucket_sort.hpp"
#include "sorting/ordered_keys.hpp"
#include "sorting/radix_sort.hpp"
#include "sorting/sorting_network.hpp"
#include "testing.hpp"

namespace perch::testing {

void test_sorting() {
    test("keys order like floats and are inverted by value_of_key", [] {
        const float infinity = std::numeric_limits<float>::infinity();
        const std::vector<float> ascending{-infinity, -3e38f, -1, -1e-45f, 0, 1e-45f, 1, 3e38f, infinity};
        for (std::size_t i = 0; i < ascending.size(); i++) {
            expect(value_of_key(ordered_key(ascending[i])) == ascending[i], "inverse");
            if (i == 0) continue;
            expect(ordered_key(ascending[i - 1]) < ordered_key(ascending[i]), "signed order");
            expect(radix_key(ascending[i - 1]) < radix_key(ascending[i]), "unsigned order");
        }
        expect(ordered_key(-0.0f) == ordered_key(0.0f), "zeros are equal");
    });
    test("radix_sort is stable for short and long lists", [] {
        std::mt19937 random(3);
        for (const std::uint32_t length : {0u, 1u, 100u, 5000u}) {
            std::vector<KeyedIndex> entries, scratch;
            for (std::uint32_t i = 0; i < length; i++) {
                entries.push_back({std::uint32_t(random()) % 50 * 0x5000001u, i});
            }
            std::vector<KeyedIndex> expected = entries;
            std::stable_sort(expected.begin(), expected.end(),
                             [](const KeyedIndex& a, const KeyedIndex& b) { return a.key < b.key; });
            radix_sort(entries, scratch);
            expect(std::equal(
                       entries.begin(), entries.end(), expected.begin(), expected.end(),
                       [](const KeyedIndex& a, const KeyedIndex& b) { return a.key == b.key && a.index == b.index; }),
                   "length " + std::to_string(length));
        }
    });
    test("bucket_sort is stable for even, clustered and equal keys", [] {
        std::mt19937 random(5);
        for (const std::uint32_t length : {0u, 1u, 100u, 3000u, 60000u}) {
            for (const std::uint32_t range : {0xffffffffu, 0x80000u, 40u}) {
                std::vector<KeyedIndex> entries, scratch;
                for (std::uint32_t i = 0; i < length; i++) {
                    const std::uint32_t key = i == 0 ? 0xffffffffu : std::uint32_t(random()) % range;
                    entries.push_back({key, bucket_index(key >> 16, i)});
                }
                std::vector<KeyedIndex> expected = entries;
                std::stable_sort(expected.begin(), expected.end(),
                                 [](const KeyedIndex& a, const KeyedIndex& b) { return a.key < b.key; });
                bucket_sort(entries, scratch);
                expect(std::equal(entries.begin(), entries.end(), expected.begin(), expected.end(),
                                  [](const KeyedIndex& a, const KeyedIndex& b) {
                                      return a.key == b.key && index_in(a.index) == index_in(b.index);
                                  }),
                       std::to_string(length) + " keys below " + std::to_string(range));
            }
        }
    });
    test("a sorting network sorts lists of every size", [] {
        std::mt19937 random(4);
        for (int size = 1; size <= 81; size++) {
            std::vector<int> values(static_cast<std::size_t>(size));
            for (int& value : values) value = int(random() % 40);
            for (const Comparator& comparator : sorting_network(size)) {
                int& first = values[std::size_t(comparator.first)];
                int& second = values[std::size_t(comparator.second)];
                if (first > second) std::swap(first, second);
            }
            expect(std::is_sorted(values.begin(), values.end()), "size " + std::to_string(size));
        }
    });
    test("a key index counts the keys at and between its keys", [] {
        const std::uint32_t max = std::numeric_limits<std::uint32_t>::max();
        std::vector<std::uint32_t> clustered;
        for (std::uint32_t i = 0; i < 40; i++) clustered.push_back(1000 + i);
        clustered.push_back(max - 1);
        for (const std::vector<std::uint32_t>& keys :
             {std::vector<std::uint32_t>{}, {16}, {16, 18, 40}, {0, max - 1}, clustered}) {
            const SortedKeyIndex index(keys);
            std::vector<std::uint32_t> values{0,  1,   15,   16,   17,   18,   39,      40,
                                              41, 999, 1000, 1020, 1039, 1040, max - 2, max - 1};
            std::vector<std::uint32_t> counters = index.counters(), expected(counters.size());
            index.count(counters, values.data(), values.size());
            for (const std::uint32_t value : values) {
                const auto bound = std::lower_bound(keys.begin(), keys.end(), value);
                expected[2 * std::size_t(bound - keys.begin()) + (bound != keys.end() && *bound == value)]++;
            }
            expect(counters == expected, std::to_string(keys.size()) + " keys");
        }
    });
    test("runs that touch diagonally are one region", [] {
        const std::vector<std::uint8_t> mask{
            1, 0, 0, 1, 0,  //
            0, 1, 0, 0, 1,  //
            0, 0, 0, 0, 0,  //
            1, 1, 0, 0, 1,
        };
        const RegionRuns result = label_runs(mask.data(), 4, 5);
        std::vector<std::uint32_t> regions;
        for (const Run& run : result.runs) regions.push_back(run.region);
        expect(result.regions == 4, "four regions");
        expect(regions == std::vector<std::uint32_t>{0, 1, 0, 1, 2, 3}, "regions of the runs");
    });
}

}  // namespace perch::testing
