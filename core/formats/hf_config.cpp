#include "core/formats/hf_config.h"

#include <algorithm>

#include "core/formats/config_fields.h"
#include "core/util/files.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr std::int64_t maxLayers = 4096;

const char* architecture(const std::string& type) {
    return type == "llama"   ? "LlamaForCausalLM"
           : type == "qwen2" ? "Qwen2ForCausalLM"
           : type == "qwen3" ? "Qwen3ForCausalLM"
           : type == "gpt2"  ? "GPT2LMHeadModel"
                             : "RetortForCausalLM";
}

void readCommon(const ConfigFields& fields, HfConfig& config) {
    config.initializerRange = fields.real("initializer_range", 0.02);
    config.dtype = fields.text("dtype", fields.text("torch_dtype", "float32"));
    fields.require(!fields.has("quantization_config"), "quantised weights are not supported");
}

void readSpecialIds(const ConfigFields& fields, HfConfig& config) {
    const auto first = [&](const char* key, std::int32_t& id) {
        if (const auto ids = fields.ids(key); !ids.empty()) id = ids.front();
    };
    if (const auto eos = fields.ids("eos_token_id"); !eos.empty()) config.eosIds = eos;
    first("bos_token_id", config.bosId);
    first("pad_token_id", config.padId);
}

// What layers of these families may be asked to do, and Retort does not do.
void refuseUncomputed(const ConfigFields& fields, const HfConfig& config) {
    fields.require(fields.text("hidden_act", "silu") == "silu",
                   "activations other than silu are not supported");
    fields.require(!fields.flag("mlp_bias", false), "biases in the feed-forward layers are not supported");
    fields.require(!fields.flag("use_sliding_window", false), "sliding-window attention is not supported");
    for (const std::string& kind : fields.texts("layer_types"))
        fields.require(kind == "full_attention",
                       "layers of the type '" + kind.substr(0, 60) + "' are not supported");
    fields.require(config.heads % config.kvHeads == 0,
                   "num_attention_heads is no multiple of num_key_value_heads");
    fields.require(config.positionEmbedding != "rope" || config.headDim % 2 == 0,
                   "head_dim must be even for RoPE");
}

void readLlama(const ConfigFields& fields, const std::string& type, HfConfig& config) {
    const bool ours = type == "retort";
    config.vocabSize = fields.size("vocab_size", 0);
    config.hiddenSize = fields.size("hidden_size", 0);
    config.layers = fields.size("num_hidden_layers", 0);
    config.heads = fields.size("num_attention_heads", 0);
    config.kvHeads = fields.size("num_key_value_heads", config.heads);
    config.intermediateSize = fields.size("intermediate_size", 0);
    if (type != "qwen3" && !fields.has("head_dim"))
        fields.require(config.hiddenSize % config.heads == 0,
                       "hidden_size is no multiple of num_attention_heads");
    config.headDim = fields.size("head_dim", type == "qwen3" ? 128 : config.hiddenSize / config.heads);
    config.maxPositions = fields.size("max_position_embeddings", type == "llama" ? 2048 : 32768);
    config.rmsNormEps = fields.real("rms_norm_eps", 1e-6);
    config.tieWordEmbeddings = fields.flag("tie_word_embeddings", false);
    const bool biased = fields.flag("attention_bias", false);
    fields.require(ours || type == "qwen2" || !biased, "biases on the attention's output are not supported");
    config.attentionBias = type == "qwen2" || (ours && biased);
    config.qkNorm = type == "qwen3" || (ours && fields.flag("qk_norm", false));
    config.positionEmbedding = ours ? fields.text("position_embedding", "rope") : "rope";
    fields.require(config.positionEmbedding == "rope" || config.positionEmbedding == "learned" ||
                       config.positionEmbedding == "none",
                   "unknown position_embedding '" + config.positionEmbedding.substr(0, 60) + "'");
    const RopeSettings rope = readRope(fields, config.maxPositions);
    config.ropeTheta = rope.theta;
    config.ropeScaling = rope.scaling;
    refuseUncomputed(fields, config);
}

void readGpt2(const ConfigFields& fields, HfConfig& config) {
    config.block = DecoderBlock::Gpt2;
    config.positionEmbedding = "learned";
    config.vocabSize = fields.size("vocab_size", 50257);
    config.hiddenSize = fields.size("n_embd", 768);
    config.layers = fields.size("n_layer", 12);
    config.heads = config.kvHeads = fields.size("n_head", 12);
    fields.require(config.hiddenSize % config.heads == 0, "n_embd is no multiple of n_head");
    config.headDim = config.hiddenSize / config.heads;
    config.intermediateSize = fields.size("n_inner", 4 * config.hiddenSize);
    config.maxPositions = fields.size("n_positions", 1024);
    config.rmsNormEps = fields.real("layer_norm_epsilon", 1e-5);
    config.tieWordEmbeddings = fields.flag("tie_word_embeddings", true);
    const std::string activation = fields.text("activation_function", "gelu_new");
    fields.require(activation == "gelu_new" || activation == "gelu_pytorch_tanh",
                   "the activation '" + activation.substr(0, 60) + "' is not supported");
    fields.require(fields.flag("scale_attn_weights", true), "unscaled attention is not supported");
    fields.require(!fields.flag("scale_attn_by_inverse_layer_idx", false),
                   "attention scaled by the layer's number is not supported");
    fields.require(!fields.flag("add_cross_attention", false), "cross-attention is not supported");
}

void refuseArchitecture(const ConfigFields& fields, const std::string& type) {
    const std::vector<std::string> names = fields.texts("architectures");
    const bool known = names.empty() || std::count(names.begin(), names.end(), architecture(type)) > 0;
    fields.require(known,
                   "the architecture '" + (known ? "" : names.front().substr(0, 60)) + "' is not supported");
}

HfConfig parseConfig(const Json& json, const std::string& where) {
    const ConfigFields fields(json, where);
    const std::string type = fields.text("model_type", "");
    fields.require(
        type == "retort" || type == "llama" || type == "qwen2" || type == "qwen3" || type == "gpt2",
        "models of the type '" + type.substr(0, 60) + "' are not supported");
    refuseArchitecture(fields, type);
    HfConfig config;
    if (type == "gpt2")
        readGpt2(fields, config);
    else
        readLlama(fields, type, config);
    fields.require(config.layers <= maxLayers, "more than 4096 layers");
    readCommon(fields, config);
    readSpecialIds(fields, config);
    return config;
}

Json optionalId(std::int32_t id) {
    return id < 0 ? Json() : Json(id);
}

Json eosJson(const HfConfig& config) {
    if (config.eosIds.empty()) return nullptr;
    return config.eosIds.size() == 1 ? Json(config.eosIds.front()) : Json(config.eosIds);
}

Json gpt2Json(const HfConfig& config) {
    return {{"n_embd", config.hiddenSize},
            {"n_layer", config.layers},
            {"n_head", config.heads},
            {"n_positions", config.maxPositions},
            {"n_ctx", config.maxPositions},
            {"n_inner", config.intermediateSize},
            {"activation_function", "gelu_new"},
            {"layer_norm_epsilon", config.rmsNormEps},
            {"embd_pdrop", 0.0},
            {"attn_pdrop", 0.0},
            {"resid_pdrop", 0.0}};
}

Json llamaJson(const HfConfig& config, const std::string& type) {
    Json json = {
        {"hidden_size", config.hiddenSize},
        {"intermediate_size", config.intermediateSize},
        {"num_hidden_layers", config.layers},
        {"num_attention_heads", config.heads},
        {"num_key_value_heads", config.kvHeads},
        {"head_dim", config.headDim},
        {"hidden_act", "silu"},
        {"max_position_embeddings", config.maxPositions},
        {"rms_norm_eps", config.rmsNormEps},
        // In Llama and Qwen3 this key would ask for a bias on the output projection too; Qwen2 has no key.
        {"attention_bias", type == "retort" && config.attentionBias},
        {"attention_dropout", 0.0}};
    if (config.positionEmbedding == "rope") writeRope(json, config.ropeTheta, config.ropeScaling);
    if (type == "llama") json["mlp_bias"] = false;
    if (type == "qwen2" || type == "qwen3") json["use_sliding_window"] = false;
    if (type == "retort") {
        json["position_embedding"] = config.positionEmbedding;
        json["qk_norm"] = config.qkNorm;
    }
    return json;
}

}  // namespace

std::string HfConfig::modelType() const {
    if (block == DecoderBlock::Gpt2) return "gpt2";
    if (positionEmbedding != "rope" || (attentionBias && qkNorm)) return "retort";
    return qkNorm ? "qwen3" : attentionBias ? "qwen2" : "llama";
}

HfConfig readHfConfig(const fs::path& folder) {
    const fs::path path = folder / "config.json", generation = folder / "generation_config.json";
    HfConfig config = parseConfig(readJsonObject(path), path.string());
    std::error_code code;
    if (!fs::exists(generation, code)) return config;
    const Json json = readJsonObject(generation);
    readSpecialIds(ConfigFields(json, generation.string()), config);
    return config;
}

void writeHfConfig(const fs::path& folder, const HfConfig& config) {
    const std::string type = config.modelType();
    const Json ids = {{"bos_token_id", optionalId(config.bosId)},
                      {"eos_token_id", eosJson(config)},
                      {"pad_token_id", optionalId(config.padId)}};
    Json json = {
        {"architectures", {architecture(type)}}, {"model_type", type}, {"vocab_size", config.vocabSize}};
    json.update(type == "gpt2" ? gpt2Json(config) : llamaJson(config, type));
    json.update({{"initializer_range", config.initializerRange},
                 {"use_cache", true},
                 {"tie_word_embeddings", config.tieWordEmbeddings},
                 {"dtype", config.dtype},
                 {"torch_dtype", config.dtype}});
    json.update(ids);
    Json generation = {{"do_sample", true}};
    generation.update(ids);
    writeFileAtomically(folder / "config.json", json.dump(2) + "\n");
    writeFileAtomically(folder / "generation_config.json", generation.dump(2) + "\n");
}

}  // namespace retort
