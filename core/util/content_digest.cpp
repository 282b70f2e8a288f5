#include "core/util/content_digest.h"

#include <xxhash.h>

#include <cstdio>

#include "core/util/error.h"

namespace retort {

ContentDigest::ContentDigest() : m_state(XXH3_createState()) {
    if (!m_state || XXH3_128bits_reset(m_state) == XXH_ERROR) throw Error("out of memory");
}

ContentDigest::~ContentDigest() {
    XXH3_freeState(m_state);
}

void ContentDigest::add(const void* data, std::size_t size) {
    XXH3_128bits_update(m_state, data, size);
}

std::string ContentDigest::digits() const {
    XXH128_canonical_t bytes;
    XXH128_canonicalFromHash(&bytes, XXH3_128bits_digest(m_state));
    std::string text;
    for (const unsigned char byte : bytes.digest) {
        char two[3];
        std::snprintf(two, sizeof two, "%02x", byte);
        text += two;
    }
    return text;
}

}  // namespace retort
