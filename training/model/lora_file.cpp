// LoraAdapter to and from PEFT's two files.
#include <algorithm>

#include "core/formats/config_fields.h"
#include "core/formats/safetensors.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "training/model/lora.h"

namespace fs = std::filesystem;

namespace retort {

namespace {

constexpr const char* configFile = "adapter_config.json";
constexpr const char* weightsFile = "adapter_model.safetensors";

/// Read below, of no effect, or only about how an adapter began.
constexpr const char* harmless[] = {"peft_type",
                                    "task_type",
                                    "base_model_name_or_path",
                                    "r",
                                    "lora_alpha",
                                    "lora_dropout",
                                    "use_rslora",
                                    "bias",
                                    "target_modules",
                                    "revision",
                                    "fan_in_fan_out",
                                    "auto_mapping",
                                    "inference_mode",
                                    "peft_version",
                                    "init_lora_weights",
                                    "megatron_core",
                                    "qalora_group_size",
                                    "layers_pattern",
                                    "loftq_config",
                                    "eva_config",
                                    "corda_config",
                                    "lora_ga_config"};

bool saysNothing(const Json& value) {
    return value.is_null() || value == false || ((value.is_object() || value.is_array()) && value.empty());
}

/// PEFT's many variants compute another model from the same tensors.
void refuseOtherKinds(const Json& json, const ConfigFields& fields) {
    fields.require(fields.text("peft_type", "LORA") == "LORA", "an adapter of another kind than LoRA");
    fields.require(fields.text("bias", "none") == "none", "adapters with trained biases are not supported");
    for (const auto& [key, value] : json.items())
        fields.require(saysNothing(value) ||
                           std::find(std::begin(harmless), std::end(harmless), key) != std::end(harmless),
                       "adapters with " + key.substr(0, 60) + " are not supported");
}

LoraSettings readSettings(const fs::path& path) {
    const Json json = readJsonObject(path);
    const ConfigFields fields(json, path.string());
    refuseOtherKinds(json, fields);
    LoraSettings settings;
    settings.r = fields.size("r", 8);
    settings.alpha = fields.real("lora_alpha", 8);
    settings.dropout = 0;
    if (json.contains("lora_dropout") && json["lora_dropout"].is_number())
        settings.dropout = json["lora_dropout"].get<double>();
    settings.use_rslora = fields.flag("use_rslora", false);
    fields.require(fields.has("target_modules"), "target_modules is missing");
    if (json["target_modules"].is_string()) {
        settings.target_modules = {fields.text("target_modules", "")};
        fields.require(settings.target_modules.front() == "all-linear",
                       "target_modules by a regular expression is not supported");
    } else {
        settings.target_modules = fields.texts("target_modules");
        fields.require(!settings.target_modules.empty(), "target_modules is empty");
    }
    return settings;
}

}  // namespace

std::shared_ptr<LoraAdapter> LoraAdapter::load(const fs::path& folder, const WeightLayout& layout) {
    std::shared_ptr<LoraAdapter> adapter;
    try {
        adapter = std::make_shared<LoraAdapter>(layout, readSettings(folder / configFile), 0);
    } catch (const Error& error) {
        throw Error(error.what_happened(), (folder / configFile).string(), error.hint());
    }
    const SafetensorsFile file(folder / weightsFile);
    const std::string where = file.path().string();
    for (const TensorInfo& tensor : file.tensors()) {
        bool known = false;
        for (const WeightSlice& slice : adapter->m_slices) known = known || slice.name == tensor.name;
        if (!known)
            throw Error("the adapter has a tensor that its target_modules do not account for: " + tensor.name,
                        where);
    }
    const torch::NoGradGuard noGradient;
    for (const WeightSlice& slice : adapter->m_slices) {
        const TensorInfo& tensor = file.at(slice.name);
        if (tensor.shape != slice.shape)
            throw Error("tensor " + slice.name + " does not fit the model or the rank", where,
                        "adapter and base model do not belong together");
        file.readFloats(tensor, adapter->m_flat.data_ptr<float>() + slice.offset);
    }
    return adapter;
}

void LoraAdapter::save(const fs::path& folder, const std::string& base) const {
    const Json json = {{"peft_type", "LORA"},
                       {"task_type", "CAUSAL_LM"},
                       {"base_model_name_or_path", base},
                       {"r", m_settings.r},
                       {"lora_alpha", m_settings.alpha},
                       {"lora_dropout", m_settings.dropout},
                       {"use_rslora", m_settings.use_rslora},
                       {"use_dora", false},
                       {"target_modules", m_settings.target_modules},
                       {"fan_in_fan_out", m_targets.front().module.rfind("transformer.", 0) == 0},
                       {"bias", "none"},
                       {"init_lora_weights", true},
                       {"inference_mode", true},
                       {"modules_to_save", nullptr},
                       {"layers_to_transform", nullptr},
                       {"layers_pattern", nullptr},
                       {"rank_pattern", Json::object()},
                       {"alpha_pattern", Json::object()}};
    const torch::Tensor flat = m_flat.detach().to(torch::kCPU).contiguous();
    std::vector<TensorData> tensors;
    for (const WeightSlice& slice : m_slices)
        tensors.push_back({slice.name, Dtype::Float32, slice.shape, flat.data_ptr<float>() + slice.offset});
    writeSafetensors(folder / weightsFile, std::move(tensors));
    writeFileAtomically(folder / configFile, json.dump(2) + "\n");
}

}  // namespace retort
