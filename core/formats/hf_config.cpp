#include "core/formats/hf_config.h"

#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/json.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr std::size_t maxFileBytes = 4u << 20;
constexpr int maxDepth = 16;

Json readJson(const fs::path& path) {
    const auto shallow = [&](int depth, Json::parse_event_t, Json&) {
        if (depth > maxDepth) throw Error("nested too deeply", path.string());
        return true;
    };
    try {
        Json json = Json::parse(readFile(path, maxFileBytes), shallow);
        if (!json.is_object()) throw Error("expected a JSON object", path.string());
        return json;
    } catch (const Json::parse_error& error) {
        throw Error("not valid JSON at byte " + std::to_string(error.byte), path.string());
    }
}

// The fields of config.json with their types and ranges; null counts as absent, as in transformers.
class Fields {
  public:
    Fields(const Json& json, std::string where) : m_json(json), m_where(std::move(where)) {}

    bool has(const char* key) const { return m_json.contains(key) && !m_json[key].is_null(); }

    std::int64_t size(const char* key, std::int64_t fallback) const {
        if (!has(key)) {
            if (fallback > 0) return fallback;
            throw Error(std::string(key) + " is missing", m_where);
        }
        const Json& value = m_json[key];
        constexpr std::int64_t largest = std::int64_t(1) << 31;
        if (!value.is_number_integer() || value.get<double>() < 1 || value.get<double>() > double(largest))
            throw Error(std::string(key) + ": expected a positive whole number, found " + value.dump(), m_where);
        return value.get<std::int64_t>();
    }
    double real(const char* key, double fallback) const {
        if (!has(key)) return fallback;
        const Json& value = m_json[key];
        if (!value.is_number() || !(value.get<double>() > 0))
            throw Error(std::string(key) + ": expected a positive number, found " + value.dump(), m_where);
        return value.get<double>();
    }
    bool flag(const char* key, bool fallback) const {
        if (!has(key)) return fallback;
        if (!m_json[key].is_boolean()) throw Error(std::string(key) + ": expected true or false", m_where);
        return m_json[key].get<bool>();
    }
    std::string text(const char* key, const char* fallback) const {
        if (!has(key)) return fallback;
        if (!m_json[key].is_string()) throw Error(std::string(key) + ": expected a text", m_where);
        return m_json[key].get<std::string>();
    }
    std::vector<std::int32_t> ids(const char* key) const {
        if (!has(key)) return {};
        const Json list = m_json[key].is_array() ? m_json[key] : Json::array({m_json[key]});
        std::vector<std::int32_t> result;
        for (const Json& id : list) {
            if (!id.is_number_integer() || id.get<double>() < 0 || id.get<double>() > 2e9)
                throw Error(std::string(key) + ": expected token ids", m_where);
            result.push_back(id.get<std::int32_t>());
        }
        return result;
    }
    Fields object(const char* key) const {
        static const Json none = Json::object();
        if (!has(key)) return {none, m_where};
        if (!m_json[key].is_object()) throw Error(std::string(key) + ": expected an object", m_where);
        return {m_json[key], m_where};
    }
    void require(bool condition, const std::string& what) const {
        if (!condition) throw Error(what, m_where, "Retort computes Llama, Qwen2 and Qwen3 models");
    }

  private:
    const Json& m_json;
    std::string m_where;
};

void readRope(const Fields& fields, HfConfig& config) {
    // v5 keeps everything in rope_parameters; v4 had rope_theta and, for scaled variants only, rope_scaling.
    const Fields parameters = fields.object("rope_parameters"), scaling = fields.object("rope_scaling");
    config.ropeTheta = parameters.real("rope_theta", fields.real("rope_theta", 10000));
    for (const Fields& source : {parameters, scaling}) {
        const std::string type = source.text("rope_type", source.text("type", "default").c_str());
        fields.require(type == "default", "RoPE of the type '" + type + "' is not supported");
    }
}

HfConfig parseConfig(const Json& json, const std::string& where) {
    const Fields fields(json, where);
    const std::string type = fields.text("model_type", "");
    const bool ours = type == "retort";
    fields.require(ours || type == "llama" || type == "qwen2" || type == "qwen3",
                   "models of the type '" + type + "' are not supported");
    HfConfig config;
    config.vocabSize = fields.size("vocab_size", 0);
    config.hiddenSize = fields.size("hidden_size", 0);
    config.layers = fields.size("num_hidden_layers", 0);
    config.heads = fields.size("num_attention_heads", 0);
    config.kvHeads = fields.size("num_key_value_heads", config.heads);
    config.intermediateSize = fields.size("intermediate_size", 0);
    if (type != "qwen3" && !fields.has("head_dim"))
        fields.require(config.hiddenSize % config.heads == 0, "hidden_size is no multiple of num_attention_heads");
    config.headDim = fields.size("head_dim", type == "qwen3" ? 128 : config.hiddenSize / config.heads);
    config.maxPositions = fields.size("max_position_embeddings", type == "llama" ? 2048 : 32768);
    config.rmsNormEps = fields.real("rms_norm_eps", 1e-6);
    config.initializerRange = fields.real("initializer_range", 0.02);
    config.tieWordEmbeddings = fields.flag("tie_word_embeddings", false);
    config.dtype = fields.text("dtype", fields.text("torch_dtype", "float32").c_str());
    readRope(fields, config);

    const bool biased = fields.flag("attention_bias", false);
    fields.require(ours || type == "qwen2" || !biased, "biases on the attention's output are not supported");
    config.attentionBias = type == "qwen2" || (ours && biased);
    config.qkNorm = type == "qwen3" || (ours && fields.flag("qk_norm", false));
    config.positionEmbedding = ours ? fields.text("position_embedding", "rope") : "rope";
    fields.require(config.positionEmbedding == "rope" || config.positionEmbedding == "learned" ||
                       config.positionEmbedding == "none",
                   "unknown position_embedding '" + config.positionEmbedding + "'");
    fields.require(config.heads % config.kvHeads == 0, "num_attention_heads is no multiple of num_key_value_heads");
    fields.require(config.positionEmbedding != "rope" || config.headDim % 2 == 0, "head_dim must be even for RoPE");
    fields.require(fields.text("hidden_act", "silu") == "silu", "activations other than silu are not supported");
    fields.require(!fields.flag("mlp_bias", false), "biases in the feed-forward layers are not supported");
    fields.require(!fields.flag("use_sliding_window", false), "sliding-window attention is not supported");

    config.eosIds = fields.ids("eos_token_id");
    const std::vector<std::int32_t> pad = fields.ids("pad_token_id");
    config.padId = pad.empty() ? -1 : pad.front();
    return config;
}

Json eosJson(const HfConfig& config) {
    if (config.eosIds.empty()) return nullptr;
    return config.eosIds.size() == 1 ? Json(config.eosIds.front()) : Json(config.eosIds);
}

const char* architecture(const std::string& type) {
    return type == "llama"   ? "LlamaForCausalLM"
           : type == "qwen2" ? "Qwen2ForCausalLM"
           : type == "qwen3" ? "Qwen3ForCausalLM"
                             : "RetortForCausalLM";
}

}  // namespace

std::string HfConfig::modelType() const {
    if (positionEmbedding != "rope" || (attentionBias && qkNorm)) return "retort";
    return qkNorm ? "qwen3" : attentionBias ? "qwen2" : "llama";
}

HfConfig readHfConfig(const fs::path& folder) {
    const fs::path path = folder / "config.json", generation = folder / "generation_config.json";
    HfConfig config = parseConfig(readJson(path), path.string());
    std::error_code code;
    if (!fs::exists(generation, code)) return config;
    const Json json = readJson(generation);
    const Fields fields(json, generation.string());
    if (const auto eos = fields.ids("eos_token_id"); !eos.empty()) config.eosIds = eos;
    if (const auto pad = fields.ids("pad_token_id"); !pad.empty()) config.padId = pad.front();
    return config;
}

void writeHfConfig(const fs::path& folder, const HfConfig& config) {
    const std::string type = config.modelType();
    const Json pad = config.padId < 0 ? Json() : Json(config.padId);
    Json json = {{"architectures", {architecture(type)}},
                 {"model_type", type},
                 {"vocab_size", config.vocabSize},
                 {"hidden_size", config.hiddenSize},
                 {"intermediate_size", config.intermediateSize},
                 {"num_hidden_layers", config.layers},
                 {"num_attention_heads", config.heads},
                 {"num_key_value_heads", config.kvHeads},
                 {"head_dim", config.headDim},
                 {"hidden_act", "silu"},
                 {"max_position_embeddings", config.maxPositions},
                 {"initializer_range", config.initializerRange},
                 {"rms_norm_eps", config.rmsNormEps},
                 {"use_cache", true},
                 {"tie_word_embeddings", config.tieWordEmbeddings},
                 // In Llama and Qwen3 this key would ask for a bias on the output projection too; Qwen2 has no key.
                 {"attention_bias", type == "retort" && config.attentionBias},
                 {"attention_dropout", 0.0},
                 {"bos_token_id", nullptr},
                 {"eos_token_id", eosJson(config)},
                 {"pad_token_id", pad},
                 {"dtype", config.dtype},
                 {"torch_dtype", config.dtype}};
    if (config.positionEmbedding == "rope") {
        json["rope_theta"] = config.ropeTheta;
        json["rope_parameters"] = {{"rope_type", "default"}, {"rope_theta", config.ropeTheta}};
    }
    if (type == "llama") json["mlp_bias"] = false;
    if (type == "qwen2" || type == "qwen3") json["use_sliding_window"] = false;
    if (type == "retort") {
        json["position_embedding"] = config.positionEmbedding;
        json["qk_norm"] = config.qkNorm;
    }
    const Json generation = {{"do_sample", true}, {"eos_token_id", eosJson(config)}, {"pad_token_id", pad}};
    writeFileAtomically(folder / "config.json", json.dump(2) + "\n");
    writeFileAtomically(folder / "generation_config.json", generation.dump(2) + "\n");
}

}  // namespace retort
