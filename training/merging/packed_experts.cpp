#include "training/merging/packed_experts.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <set>

#include "core/formats/sharded_safetensors.h"
#include "core/lineage/lineage_record.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/json.h"
#include "training/merging/checkpoint_writer.h"
#include "training/merging/merge_folder.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr const char* formatName = "retort-packed-experts";

bool isPacked(const TensorInfo& tensor) {
    return tensor.dtype == Dtype::Float32 || tensor.dtype == Dtype::Float16 ||
           tensor.dtype == Dtype::BFloat16;
}

void requireNew(const fs::path& out) {
    std::error_code code;
    if (fs::exists(out, code) && !(fs::is_directory(out, code) && fs::is_empty(out, code)))
        throw Error("exists already", out.string(), "name a new folder");
}

void requireSame(const TensorInfo& base, const TensorInfo& other, const fs::path& where) {
    if (base.shape != other.shape)
        throw Error("has another shape of " + base.name + " than the base", where.string(),
                    "experts of one base have all its tensors");
}

std::vector<float> floats(const CheckpointWeights& weights, const TensorInfo& tensor) {
    std::vector<float> values(std::size_t(tensor.elements()));
    weights.readFloats(tensor, values.data());
    return values;
}

/// What a checkpoint has beside weights, as transformers names it.
void copySideFiles(const fs::path& from, const fs::path& to) {
    for (const char* name :
         {"generation_config.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
          "tokenizer.json", "tokenizer.model", "vocab.json", "merges.txt", "chat_template.jinja",
          "config.json"})  // the last: with it the folder is whole
        if (fs::exists(from / name)) fs::copy_file(from / name, to / name);
}

Json readPacked(const fs::path& packed) {
    const fs::path file = packed / "packed.json";
    Json json = Json::parse(readFile(file, 1u << 20), nullptr, false);
    if (!json.is_object() || json.value("format", "") != formatName || !json.contains("experts") ||
        !json["experts"].is_array())
        throw Error("is no folder of packed experts", packed.string());
    return json;
}

}  // namespace

PackReport packExperts(const fs::path& base, const std::vector<PackedExpert>& experts, const fs::path& out,
                       const PackOptions& options, std::stop_token stop) {
    std::set<std::string> names;
    for (const PackedExpert& expert : experts)
        if (expert.name.empty() || !names.insert(expert.name).second)
            throw Error("two experts are called '" + expert.name + "'", expert.folder.string(),
                        "name them: NAME=CHECKPOINT");
    if (experts.size() < 2) throw Error("one expert is not packed", out.string(), "name two or more");
    requireNew(out);
    const CheckpointWeights start(base);
    std::vector<std::unique_ptr<CheckpointWeights>> tuned;
    for (const PackedExpert& expert : experts)
        tuned.push_back(std::make_unique<CheckpointWeights>(expert.folder));

    std::vector<const TensorInfo*> tensors;
    std::vector<CheckpointWriter::Tensor> layout;
    PackReport report;
    report.storage.tasks = experts.size();
    for (const TensorInfo* tensor : start.tensors()) {
        if (!isPacked(*tensor)) continue;
        for (std::size_t i = 0; i < tuned.size(); ++i)
            requireSame(*tensor, tuned[i]->at(tensor->name), experts[i].folder);
        tensors.push_back(tensor);
        layout.push_back(
            {tensor->name, Dtype::Float32, tensor->shape, std::uint64_t(tensor->elements()) * sizeof(float)});
        report.storage.weights += std::uint64_t(tensor->elements());
    }

    MergeFolder folder(out, false);
    CheckpointWriter writer(folder.path(), layout, defaultShardBytes);
    std::vector<TaskMask> masks;
    std::vector<std::uint64_t> kept(experts.size());
    for (std::size_t t = 0; t < tensors.size(); ++t) {
        if (stop.stop_requested()) {
            report.isStopped = true;
            return report;
        }
        const TensorInfo& tensor = *tensors[t];
        const std::vector<float> origin = floats(start, tensor);
        std::vector<std::vector<float>> vectors;
        std::vector<float> sum(origin.size());
        for (std::size_t i = 0; i < tuned.size(); ++i) {
            vectors.push_back(floats(*tuned[i], tuned[i]->at(tensor.name)));
            for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += vectors[i][k] -= origin[k];
        }
        if (!std::all_of(sum.begin(), sum.end(), [](float value) { return std::isfinite(value); }))
            throw Error("has values that are not finite, in the base or an expert", tensor.name);
        for (std::size_t i = 0; i < tuned.size(); ++i) {
            masks.push_back(
                taskMask(experts[i].name, tensor.name, tensor.shape, vectors[i], sum, options.lambda));
            kept[i] += masks.back().kept();
        }
        writer.writeFloats(t, 0, sum);
        if (options.progress) options.progress(double(t + 1) / double(tensors.size()));
    }
    writer.finish();
    writeTaskMasks(folder.path() / "masks.safetensors", masks);
    Json json = {{"format", formatName},
                 {"base", fs::absolute(base).string()},
                 {"lambda", options.lambda},
                 {"experts", Json::array()}};
    for (std::size_t i = 0; i < experts.size(); ++i) {
        report.kept.push_back(double(kept[i]) / double(std::max<std::uint64_t>(report.storage.weights, 1)));
        json["experts"].push_back({{"name", experts[i].name},
                                   {"folder", fs::absolute(experts[i].folder).string()},
                                   {"kept", report.kept.back()}});
    }
    writeFileAtomically(folder.path() / "packed.json", json.dump(1) + "\n");
    folder.commit();
    return report;
}

std::vector<std::string> packedExperts(const fs::path& packed) {
    const Json json = readPacked(packed);
    std::vector<std::string> names;
    for (const Json& expert : json["experts"]) names.push_back(expert.value("name", ""));
    return names;
}

fs::path packedBase(const fs::path& packed) {
    return readPacked(packed).value("base", "");
}

bool unpackExpert(const fs::path& packed, const std::string& name, const fs::path& base, const fs::path& out,
                  const PackOptions& options, std::stop_token stop) {
    const Json json = readPacked(packed);
    const std::vector<std::string> names = packedExperts(packed);
    if (std::find(names.begin(), names.end(), name) == names.end()) {
        std::string known;
        for (const std::string& each : names) known += (known.empty() ? "" : ", ") + each;
        throw Error("has no expert '" + name + "'", packed.string(), "there are: " + known);
    }
    requireNew(out);
    const CheckpointWeights start(base), sums(packed);
    std::vector<TaskMask> masks = readTaskMasks(packed / "masks.safetensors");
    std::erase_if(masks, [&](const TaskMask& mask) { return mask.task != name; });

    std::vector<CheckpointWriter::Tensor> layout;
    std::size_t packedTensors = 0;
    for (const TensorInfo* tensor : start.tensors()) {
        layout.push_back({tensor->name, tensor->dtype, tensor->shape, tensor->size});
        if (!isPacked(*tensor)) continue;
        requireSame(*tensor, sums.at(tensor->name), packed);
        ++packedTensors;
    }
    if (packedTensors != masks.size() || packedTensors != sums.tensors().size())
        throw Error("was packed from another base", packed.string(), json.value("base", ""));

    MergeFolder folder(out, false);
    CheckpointWriter writer(folder.path(), layout, defaultShardBytes);
    for (std::size_t t = 0; t < layout.size(); ++t) {
        if (stop.stop_requested()) return false;
        const TensorInfo& tensor = *start.tensors()[t];
        if (!isPacked(tensor)) {
            writer.write(t, 0, start.bytes(tensor));
            continue;
        }
        // Ordered by tensor, and all of one expert.
        const auto mask =
            std::lower_bound(masks.begin(), masks.end(), tensor.name,
                             [](const TaskMask& a, const std::string& b) { return a.tensor < b; });
        if (mask == masks.end() || mask->tensor != tensor.name)
            throw Error("has no mask of " + tensor.name, packed.string());
        std::vector<float> restored(std::size_t(tensor.elements()));
        applyTaskMask(*mask, floats(start, tensor), floats(sums, sums.at(tensor.name)), restored);
        writer.writeFloats(t, 0, restored);
        if (options.progress) options.progress(double(t + 1) / double(layout.size()));
    }
    writer.finish();
    LineageRecord record;
    record.method = "tall_mask";
    record.program = options.program;
    record.created =
        std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    record.parents.push_back({LineageKind::Merged, fs::absolute(base), {}, {}, true});
    for (const Json& expert : json["experts"])
        if (expert.value("name", "") == name)
            record.parents.push_back({LineageKind::Merged, expert.value("folder", ""), {}, {}, false});
    writeLineageRecord(folder.path(), record);
    copySideFiles(base, folder.path());
    folder.commit();
    return true;
}

}  // namespace retort
