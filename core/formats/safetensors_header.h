// The JSON header of a safetensors file, parsed as a stream so that hostile headers cost bounded time and
// memory.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/formats/safetensors.h"

namespace retort {

struct SafetensorsHeader {
    std::vector<TensorInfo> tensors;  ///< in the order of their bytes
    std::map<std::string, std::string> metadata;
};

/// `bufferBytes`: what follows the header in the file. Throws Error; `where` is the file's name for it.
SafetensorsHeader parseSafetensorsHeader(std::string_view json, std::uint64_t bufferBytes,
                                         const std::string& where);

}  // namespace retort
