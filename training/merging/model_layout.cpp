#include "training/merging/model_layout.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace retort {
namespace {

template <std::size_t count>
bool endsWithOneOf(std::string_view name, const std::array<std::string_view, count>& endings) {
    return std::any_of(endings.begin(), endings.end(), [name](std::string_view ending) {
        return name.ends_with(ending) &&
               (name.size() == ending.size() || name[name.size() - ending.size() - 1] == '.');
    });
}

constexpr std::array<std::string_view, 6> inputEmbeddings = {
    "embed_tokens.weight",   "wte.weight",   "embed_in.weight", "word_embeddings.weight",
    "tok_embeddings.weight", "shared.weight"};
constexpr std::array<std::string_view, 3> outputEmbeddings = {"lm_head.weight", "embed_out.weight",
                                                              "output.weight"};

}  // namespace

TensorName splitTensorName(std::string_view name) {
    for (std::size_t dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.', dot + 1)) {
        const std::size_t end = name.find('.', dot + 1);
        if (end == std::string_view::npos) break;
        int layer = 0;
        const char* const last = name.data() + end;
        const auto [stop, code] = std::from_chars(name.data() + dot + 1, last, layer);
        if (code == std::errc() && stop == last && layer >= 0)
            return {std::string(name.substr(0, dot + 1)), layer, std::string(name.substr(end))};
    }
    // "h.3.…" without anything before is found by canonicalTensorName() first.
    return {{}, std::nullopt, std::string(name)};
}

std::string canonicalTensorName(std::string_view name, std::string_view modelType) {
    const bool isBare = name.starts_with("h.") || name.starts_with("wte.") || name.starts_with("wpe.") ||
                        name.starts_with("ln_f.");
    return modelType == "gpt2" && isBare ? "transformer." + std::string(name) : std::string(name);
}

bool comesBeforeLayers(std::string_view name) {
    if (isOutputEmbedding(name)) return false;
    return isInputEmbedding(name) || name.find("wpe.") != std::string_view::npos ||
           name.find("embed") != std::string_view::npos;
}

bool isInputEmbedding(std::string_view name) {
    return endsWithOneOf(name, inputEmbeddings);
}

bool isOutputEmbedding(std::string_view name) {
    return endsWithOneOf(name, outputEmbeddings) && !splitTensorName(name).layer;
}

bool isIndexedByTokens(std::string_view name) {
    return isInputEmbedding(name) || isOutputEmbedding(name) || name == "lm_head.bias";
}

bool isComputedBuffer(std::string_view name, std::string_view modelType) {
    if (name.ends_with(".rotary_emb.inv_freq") || name.ends_with(".masked_bias")) return true;
    return (modelType == "gpt2" && name.ends_with(".attn.bias")) ||
           (modelType == "gpt_neox" && name.ends_with(".attention.bias"));
}

}  // namespace retort
