#include "training/recipes/open_model.h"

#include "core/util/error.h"
#include "training/model/lora.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr const char* adapterFolder = "adapter";

fs::path baseFolder(const RunDirectory& run) {
    return run.path() / "base";
}

bool wantsAdapter(const LoraSettings& lora) {
    return lora.r > 0 || !lora.from.empty();
}

std::shared_ptr<CausalLM> openStart(const RunConfig& config, const Tokenizer& tokenizer,
                                    const fs::path& from) {
    if (!from.empty()) return CausalLM::load(from);
    return std::make_shared<CausalLM>(ModelShape::fromSettings(config.model, tokenizer.vocabularySize()),
                                      std::uint64_t(config.seed));
}

/// The weights under the adapter; the run's own copy, since the checkpoint that it began from may go.
std::shared_ptr<CausalLM> openBase(const RunConfig& config, const RunDirectory& run,
                                   const Tokenizer& tokenizer) {
    const fs::path folder = baseFolder(run), beside = folder.string() + ".partial";
    if (fs::exists(folder)) return CausalLM::load(folder);
    auto model = openStart(config, tokenizer, config.model.from);
    fs::remove_all(beside);
    fs::create_directories(beside);
    model->save(beside);
    fs::rename(beside, folder);
    return model;
}

std::shared_ptr<LoraAdapter> openAdapter(const RunConfig& config, const CausalLM& model,
                                         const std::optional<fs::path>& checkpoint) {
    const WeightLayout layout(model.shape());
    const LoraSettings& lora = config.lora;
    const auto seed = std::uint64_t(config.seed);
    auto adapter = checkpoint          ? LoraAdapter::load(*checkpoint / adapterFolder, layout)
                   : lora.from.empty() ? std::make_shared<LoraAdapter>(layout, lora, seed)
                                       : LoraAdapter::load(lora.from, layout);
    adapter->setDropout(lora.dropout, seed);
    return adapter;
}

}  // namespace

std::shared_ptr<CausalLM> openTrainedModel(const RunConfig& config, const RunDirectory& run,
                                           const Tokenizer& tokenizer,
                                           const std::optional<fs::path>& checkpoint, int localRank) {
    const bool adapts = wantsAdapter(config.lora);
    auto model = adapts
                     ? openBase(config, run, tokenizer)
                     : openStart(config, tokenizer, checkpoint ? *checkpoint : fs::path(config.model.from));
    if (model->eosIds().empty()) model->setSpecialTokens({tokenizer.eosId()}, -1);
    model->setCheckpointing(config.training.gradient_checkpointing);
    model->setDevice(chooseDevice(config.training.device, localRank));
    if (adapts) model->setAdapter(openAdapter(config, *model, checkpoint));
    return model;
}

void saveAdapter(const CausalLM& model, const RunDirectory& run, const fs::path& folder) {
    if (!model.adapter()) return;
    fs::create_directories(folder / adapterFolder);
    model.adapter()->save(folder / adapterFolder, fs::absolute(baseFolder(run)).string());
}

torch::Device chooseDevice(const std::string& wanted, int localRank) {
    const bool hasCuda = torch::cuda::is_available();
    if (wanted == "cuda" && !hasCuda)
        throw Error("LibTorch cannot use a GPU here", "training.device",
                    "use a LibTorch with CUDA and a driver that fits it, or training.device=cpu");
    if (wanted != "auto" && wanted != "cpu" && wanted != "cuda")
        throw Error("unknown device '" + wanted + "'", "training.device", "auto, cpu or cuda");
    if (!hasCuda || wanted == "cpu") return torch::Device(torch::kCPU);
    if (localRank == 0) return torch::Device(torch::kCUDA);
    // Where a launcher shows each rank its own GPU alone, there is only one.
    return {torch::kCUDA, c10::DeviceIndex(std::size_t(localRank) % torch::cuda::device_count())};
}

}  // namespace retort
