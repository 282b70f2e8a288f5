// The header of a safetensors file: the first two bytes stand for what follows it in the file.
#include "core/formats/safetensors_header.h"
#include "core/util/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::uint64_t bufferBytes = std::uint64_t(data[0]) << 8 | data[1];
    try {
        const auto header = retort::parseSafetensorsHeader(
            std::string_view(reinterpret_cast<const char*>(data) + 2, size - 2), bufferBytes, "fuzz");
        std::uint64_t end = 0;
        for (const retort::TensorInfo& tensor : header.tensors) {
            if (tensor.begin != end || tensor.elements() < 0) __builtin_trap();  // accepted, and no tiling
            end = tensor.begin + tensor.size;
        }
        if (end != bufferBytes) __builtin_trap();
    } catch (const retort::Error&) {
    }
    return 0;
}
