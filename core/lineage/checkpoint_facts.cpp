#include "core/lineage/checkpoint_facts.h"

#include <xxhash.h>

#include <cstdio>
#include <functional>
#include <set>

#include "core/formats/config_fields.h"
#include "core/formats/sharded_safetensors.h"
#include "core/tokenizers/tokenizer.h"
#include "core/util/error.h"
#include "core/util/files.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr std::size_t maxTokenizerBytes = 128u << 20, maxTemplateBytes = 4u << 20;

bool isThere(const fs::path& path) {
    std::error_code code;
    return fs::exists(path, code);
}

std::string hashOf(const std::string& text) {
    const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
    char digits[33];
    std::snprintf(digits, sizeof digits, "%016llx%016llx", static_cast<unsigned long long>(hash.high64),
                  static_cast<unsigned long long>(hash.low64));
    return digits;
}

std::string numberOf(const Json& config, std::initializer_list<const char*> names) {
    for (const char* name : names)
        if (config.contains(name) && config[name].is_number_integer())
            return std::to_string(config[name].get<std::int64_t>());
    return "?";
}

void readConfig(CheckpointFacts& facts, const fs::path& folder) {
    const Json config = readJsonObject(folder / "config.json");
    if (config.contains("model_type") && config["model_type"].is_string())
        facts.architecture = config["model_type"].get<std::string>().substr(0, 80);
    facts.shape = numberOf(config, {"num_hidden_layers", "n_layer"}) + " layers × " +
                  numberOf(config, {"hidden_size", "n_embd"}) + ", " +
                  numberOf(config, {"num_attention_heads", "n_head"}) + " heads, " +
                  numberOf(config, {"vocab_size"}) + " tokens";
}

void readTensors(CheckpointFacts& facts, const fs::path& folder) {
    const CheckpointWeights weights(folder);
    std::set<std::string> types;
    for (const TensorInfo* tensor : weights.tensors()) {
        facts.tensors[tensor->name] = {tensor->dtype, tensor->shape};
        facts.parameters += tensor->elements();
        types.insert(dtypeName(tensor->dtype));
    }
    for (const std::string& type : types) facts.dtype += (facts.dtype.empty() ? "" : ", ") + type;
}

void readTokenizer(CheckpointFacts& facts, const fs::path& folder) {
    if (!isThere(folder / "tokenizer.json")) {
        facts.problems.push_back(folder.string() + ": has no tokenizer.json");
        return;
    }
    try {
        facts.tokenizerHash = loadTokenizer(folder)->hash();
    } catch (const Error&) {  // a kind that Retort does not compute with: the same file is the same tokenizer
        facts.tokenizerHash = "file " + hashOf(readFile(folder / "tokenizer.json", maxTokenizerBytes));
    }
}

void readTemplate(CheckpointFacts& facts, const fs::path& folder) {
    if (isThere(folder / "chat_template.jinja")) {
        facts.chatTemplateHash = hashOf(readFile(folder / "chat_template.jinja", maxTemplateBytes));
    } else if (isThere(folder / "tokenizer_config.json")) {
        const Json config = readJsonObject(folder / "tokenizer_config.json");
        if (config.contains("chat_template")) facts.chatTemplateHash = hashOf(config["chat_template"].dump());
    }
}

}  // namespace

CheckpointFacts readCheckpointFacts(const fs::path& folder) {
    CheckpointFacts facts;
    facts.path = folder.string();
    std::error_code code;
    if (!fs::is_directory(folder, code)) {
        facts.problems.push_back(folder.string() + ": there is no such folder");
        return facts;
    }
    using Reader = void (*)(CheckpointFacts&, const fs::path&);
    for (const Reader read :
         {Reader(readConfig), Reader(readTensors), Reader(readTokenizer), Reader(readTemplate)}) {
        try {
            read(facts, folder);
        } catch (const std::exception& error) {
            facts.problems.emplace_back(error.what());
        }
    }
    return facts;
}

}  // namespace retort
