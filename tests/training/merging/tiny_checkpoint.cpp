#include "tiny_checkpoint.h"

#include <cmath>
#include <numeric>

#include "core/util/files.h"

using namespace retort;
namespace fs = std::filesystem;

namespace {

TinyTensor filled(const std::string& name, std::vector<std::int64_t> shape, int seed) {
    TinyTensor tensor{std::move(shape), {}};
    const std::int64_t count =
        std::accumulate(tensor.shape.begin(), tensor.shape.end(), std::int64_t(1), std::multiplies<>());
    const double phase = double(std::accumulate(name.begin(), name.end(), 0)) + 17.0 * seed;
    for (std::int64_t i = 0; i < count; ++i)
        tensor.values.push_back(float(std::sin(phase + 0.7 * double(i))));
    return tensor;
}

}  // namespace

std::map<std::string, TinyTensor> TinyCheckpoint::fill(int seed) const {
    std::map<std::string, TinyTensor> all;
    const auto add = [&](const std::string& name, std::vector<std::int64_t> shape) {
        all[name] = filled(name, std::move(shape), seed);
    };
    add("model.embed_tokens.weight", {vocabulary, hidden});
    for (int i = 0; i < layers; ++i) {
        const std::string layer = "model.layers." + std::to_string(i) + ".";
        add(layer + "input_layernorm.weight", {hidden});
        add(layer + "self_attn.q_proj.weight", {hidden, hidden});
        add(layer + "mlp.up_proj.weight", {2 * hidden, hidden});
    }
    add("model.norm.weight", {hidden});
    if (!isTied) add("lm_head.weight", {vocabulary, hidden});
    for (const auto& [name, tensor] : more) all[name] = tensor;
    for (const std::string& name : missing) all.erase(name);
    return all;
}

void TinyCheckpoint::write(const fs::path& folder, int seed) const {
    fs::create_directories(folder);
    const auto all = fill(seed);
    std::vector<TensorData> data;
    for (const auto& [name, tensor] : all)
        data.push_back({name, dtype, tensor.shape, tensor.values.data(), true});
    writeCheckpointWeights(folder, data, shardBytes);
    Json layerTypes = Json::array();
    for (int i = 0; i < layers; ++i) layerTypes.push_back("type " + std::to_string(i));
    const char* const dtypeText = dtype == Dtype::BFloat16 ? "bfloat16" : "float32";
    const Json config = {{"architectures", {"LlamaForCausalLM"}},
                         {"model_type", modelType},
                         {"vocab_size", vocabulary},
                         {"hidden_size", hidden},
                         {"num_hidden_layers", layers},
                         {"layer_types", layerTypes},
                         {"tie_word_embeddings", isTied},
                         {"torch_dtype", dtypeText}};
    writeFileAtomically(folder / "config.json", config.dump(2));
    if (tokens.empty()) return;
    Json tokenizer = {{"added_tokens", Json::array()},
                      {"model", {{"type", "BPE"}, {"vocab", Json::object()}, {"merges", Json::array()}}}};
    int id = 0;
    for (const std::string& token : tokens) tokenizer["model"]["vocab"][token] = id++;
    for (const std::string& token : addedTokens)
        tokenizer["added_tokens"].push_back({{"id", id++}, {"content", token}, {"special", true}});
    writeFileAtomically(folder / "tokenizer.json", tokenizer.dump(2));
    writeFileAtomically(folder / "tokenizer_config.json", R"({"added_tokens_decoder": {}})");
}

std::map<std::string, TinyTensor> readTiny(const fs::path& folder) {
    const CheckpointWeights weights(folder);
    std::map<std::string, TinyTensor> all;
    for (const TensorInfo* tensor : weights.tensors()) {
        TinyTensor& read = all[tensor->name];
        read.shape = tensor->shape;
        read.values.resize(std::size_t(tensor->elements()));
        weights.readFloats(*tensor, read.values.data());
    }
    return all;
}

Json readJsonFile(const fs::path& file) {
    return Json::parse(readFile(file));
}
