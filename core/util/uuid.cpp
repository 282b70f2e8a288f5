#include "core/util/uuid.h"

#include <cstdint>
#include <cstdio>
#include <random>

namespace retort {

std::string newUuid() {
    std::random_device device;
    std::uint32_t w[4] = {device(), device(), device(), device()};
    w[1] = (w[1] & 0xffff0fffu) | 0x00004000u;
    w[2] = (w[2] & 0x3fffffffu) | 0x80000000u;
    char text[37];
    std::snprintf(text, sizeof text, "%08x-%04x-%04x-%04x-%04x%08x", w[0], w[1] >> 16, w[1] & 0xffffu,
                  w[2] >> 16, w[2] & 0xffffu, w[3]);
    return text;
}

}  // namespace retort
