#include "core/weights/layer_place.h"

#include <charconv>

namespace retort {

LayerPlace layerPlace(std::string_view tensor) {
    for (const std::string_view list : {"layers.", "h.", "blocks.", "layer."}) {
        const std::size_t at = tensor.find(list);
        if (at == std::string_view::npos || (at > 0 && tensor[at - 1] != '.')) continue;
        const char* const begin = tensor.data() + at + list.size();
        const char* const end = tensor.data() + tensor.size();
        int block = -1;
        const auto [after, code] = std::from_chars(begin, end, block);
        if (code != std::errc() || after == end || *after != '.' || block < 0) continue;
        return {block, std::string(after + 1, end)};
    }
    for (const std::string_view prefix : {"model.", "transformer."})
        if (tensor.starts_with(prefix)) return {-1, std::string(tensor.substr(prefix.size()))};
    return {-1, std::string(tensor)};
}

bool isVocabularyTensor(std::string_view tensor) {
    const std::string module = layerPlace(tensor).module;
    return module == "embed_tokens.weight" || module == "wte.weight" || module == "lm_head.weight";
}

}  // namespace retort
