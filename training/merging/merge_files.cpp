#include "training/merging/merge_files.h"

#include <algorithm>
#include <map>
#include <optional>

#include "core/lineage/lineage_record.h"
#include "core/util/clock.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/text.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr std::size_t largestSideFile = 256u << 20;

// mergekit's list, and vocab.json, without which merges.txt says nothing.
constexpr const char* tokenizerFiles[] = {"tokenizer_config.json",
                                          "special_tokens_map.json",
                                          "tokenizer.json",
                                          "tokenizer.model",
                                          "added_tokens.json",
                                          "merges.txt",
                                          "vocab.json",
                                          "chat_template.jinja",
                                          "chat_template.json"};

// The formats that their models' makers document.
constexpr const char* chatml =
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + "
    "'<|im_end|>' + "
    "'\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";
constexpr const char* llama3 =
    "{{ bos_token }}{% for message in messages %}{{ '<|start_header_id|>' + message['role'] + "
    "'<|end_header_id|>\\n\\n' "
    "+ message['content'] | trim + '<|eot_id|>' }}{% endfor %}{% if add_generation_prompt %}{{ "
    "'<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{% endif %}";
constexpr const char* mistral =
    "{{ bos_token }}{% for message in messages %}{% if message['role'] == 'assistant' %}{{ ' ' + "
    "message['content'] + "
    "eos_token }}{% else %}{{ '[INST] ' + message['content'] + ' [/INST]' }}{% endif %}{% endfor %}";
constexpr const char* alpaca =
    "{% for message in messages %}{% if message['role'] == 'system' %}{{ message['content'] + '\\n\\n' }}{% "
    "elif "
    "message['role'] == 'user' %}{{ '### Instruction:\\n' + message['content'] + '\\n\\n' }}{% else %}{{ "
    "'### "
    "Response:\\n' + message['content'] + eos_token + '\\n\\n' }}{% endif %}{% endfor %}{% if "
    "add_generation_prompt "
    "%}{{ '### Response:\\n' }}{% endif %}";

bool isThere(const fs::path& path) {
    std::error_code code;
    return fs::exists(path, code);
}

void copyFile(const fs::path& from, const fs::path& to) {
    if (isThere(from)) writeFileAtomically(to, readFile(from, largestSideFile));
}

std::optional<Json> readJson(const fs::path& path) {
    if (!isThere(path)) return std::nullopt;
    Json json = Json::parse(readFile(path, largestSideFile), nullptr, false);
    if (json.is_discarded()) throw Error("is not valid JSON", path.string());
    return json;
}

std::string chatTemplateOf(const fs::path& folder) {
    if (isThere(folder / "chat_template.jinja"))
        return std::string(trimmed(readFile(folder / "chat_template.jinja", largestSideFile)));
    const auto config = readJson(folder / "tokenizer_config.json");
    if (!config || !config->is_object() || !config->contains("chat_template")) return {};
    const Json& found = (*config)["chat_template"];
    if (found.is_string()) return std::string(trimmed(found.get<std::string>()));
    if (found.is_array())  // [{name, template}]
        for (const Json& each : found)
            if (each.is_object() && each.value("name", "") == "default") return each.value("template", "");
    return {};
}

// Tokens that the source did not have, where loaders look for their flags.
void writeTokenizerConfig(const MergePlan& plan, const fs::path& folder, const std::string& chatTemplate) {
    const fs::path path = folder / "tokenizer_config.json";
    auto config = readJson(path);
    if (!config || !config->is_object()) return;
    if (!chatTemplate.empty()) (*config)["chat_template"] = chatTemplate;
    if (plan.vocabulary && config->contains("added_tokens_decoder"))
        for (Json entry : plan.vocabulary->added) {
            const std::string id = std::to_string(entry["id"].get<std::int64_t>());
            entry.erase("id");
            (*config)["added_tokens_decoder"][id] = std::move(entry);
        }
    writeFileAtomically(path, config->dump(2) + "\n");
}

void writeTokenizer(const MergePlan& plan, const fs::path& folder) {
    const MergeModel& donor = plan.vocabulary ? *plan.vocabulary->source : *plan.donor;
    const bool hasMore = plan.vocabulary && !plan.vocabulary->added.empty();
    for (const std::string name : tokenizerFiles) {
        // These would contradict a vocabulary that has grown.
        if (hasMore && (name == "tokenizer.model" || name == "added_tokens.json")) continue;
        copyFile(donor.folder() / name, folder / name);
    }
    if (plan.vocabulary)
        writeFileAtomically(folder / "tokenizer.json", plan.vocabulary->tokenizer.dump(2) + "\n");
    const std::string chatTemplate = mergedChatTemplate(plan);
    if (!chatTemplate.empty()) writeFileAtomically(folder / "chat_template.jinja", chatTemplate);
    if (!chatTemplate.empty() || hasMore) writeTokenizerConfig(plan, folder, chatTemplate);
}

// The weight of a model where it is one number for all of its tensors.
std::optional<double> weightOf(const MergePlan& plan, const MergeModel* model) {
    std::optional<double> weight;
    for (const PlannedTensor& tensor : plan.tensors)
        for (const PlannedInput& input : tensor.inputs) {
            if (input.model != model) continue;
            if (!input.parameters.has("weight")) return std::nullopt;
            const double here = input.parameters.number("weight", 0);
            if (weight && *weight != here) return std::nullopt;
            weight = here;
        }
    return weight;
}

LineageRecord lineageOf(const MergePlan& plan, const std::string& program, bool hashParents) {
    LineageRecord record;
    record.method = std::string(plan.method->name());
    record.recipe = plan.recipe.text;
    record.created = unixTime();
    record.program = program;
    for (const auto& model : plan.models) {
        LineageParent parent;
        parent.kind = LineageKind::Merged;
        parent.path = fs::absolute(model->folder());
        if (hashParents) parent.hash = contentHash(model->folder());
        parent.isBase = model->reference() == plan.recipe.baseModel;
        parent.weight = weightOf(plan, model.get());
        record.parents.push_back(std::move(parent));
    }
    return record;
}

}  // namespace

std::string mergedChatTemplate(const MergePlan& plan) {
    const std::string& wanted = plan.recipe.chatTemplate;
    if (wanted.empty()) return {};
    if (wanted == "auto") {
        std::map<std::string, int> votes;
        std::string best;
        for (const auto& model : plan.models) {
            const std::string found = chatTemplateOf(model->folder());
            if (found.empty()) continue;
            ++votes[found];
            if (best.empty() || votes[found] > votes[best]) best = found;
        }
        return best;
    }
    const std::map<std::string, const char*> known = {
        {"chatml", chatml}, {"llama3", llama3}, {"mistral", mistral}, {"alpaca", alpaca}};
    if (const auto found = known.find(wanted); found != known.end()) return found->second;
    if (wanted.size() < 20 || wanted.find('{') == std::string::npos)
        throw Error("unknown chat_template '" + wanted + "'", plan.recipe.where,
                    "auto, chatml, llama3, mistral, alpaca, or Jinja");
    return wanted;
}

void writeMergeFiles(const MergePlan& plan, const fs::path& folder, const std::string& program,
                     bool hashParents) {
    writeTokenizer(plan, folder);
    copyFile(plan.donor->folder() / "generation_config.json", folder / "generation_config.json");
    writeFileAtomically(folder / "mergekit_config.yml", plan.recipe.text);
    writeLineageRecord(folder, lineageOf(plan, program, hashParents));
}

void writeMergeConfig(const MergePlan& plan, const fs::path& folder) {
    writeFileAtomically(folder / "config.json", plan.config.dump(2) + "\n");
}

}  // namespace retort
