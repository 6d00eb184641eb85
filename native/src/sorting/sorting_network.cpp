#include "sorting/sorting_network.hpp"

#include <bit>

namespace perch {

std::vector<Comparator> sorting_network(int size) {
    std::vector<Comparator> network;
    const int half = int(std::bit_ceil(unsigned(size))) / 2;
    for (int p = half; p > 0; p /= 2) {
        int remainder = 0, distance = p;
        for (int q = half;; q /= 2) {
            for (int i = 0; i + distance < size; i++) {
                if ((i & p) == remainder) network.push_back({i, i + distance});
            }
            if (q == p) break;
            distance = q - p;
            remainder = p;
        }
    }
    return network;
}

}  // namespace perch
