// The models of a merge, opened: kept open between merges, so that the same models can be merged again and
// again with other parameters.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/formats/sharded_safetensors.h"
#include "core/util/json.h"
#include "training/merging/merge_vocabulary.h"
#include "training/merging/model_layout.h"

namespace retort {

/// One checkpoint folder, open for reading. All member functions may be called from several threads at once.
class MergeModel {
  public:
    /// Throws Error as CheckpointWeights does, and for a config.json that is missing or no JSON object.
    MergeModel(std::string reference, std::filesystem::path folder);

    const std::string& reference() const { return m_reference; }
    const std::filesystem::path& folder() const { return m_folder; }
    const Json& config() const { return m_config; }
    const CheckpointWeights& weights() const { return m_weights; }
    const std::string& modelType() const { return m_type; }
    int layers() const { return m_layers; }
    /// What random masks of this model are drawn from: the reference's hash, so that it does not depend on
    /// the machine.
    std::uint64_t key() const { return m_key; }

    /// Canonical names, in the order: before the layers, layer by layer, after them; without computed
    /// buffers.
    const std::vector<std::string>& names() const { return m_names; }
    /// By canonical name; nullptr when there is none.
    const TensorInfo* find(const std::string& name) const;
    /// As find(); output embeddings that are missing are the input embeddings.
    const TensorInfo* findOrTied(const std::string& name) const;
    bool hasTiedEmbeddings() const;

    /// Read at the first call. Throws Error when there is no tokenizer.json that can be read.
    const MergeVocabulary& vocabulary() const;

  private:
    std::string m_reference;
    std::filesystem::path m_folder;
    CheckpointWeights m_weights;
    Json m_config;
    std::string m_type;
    int m_layers = 0;
    std::uint64_t m_key = 0;
    std::vector<std::string> m_names;
    std::unordered_map<std::string, const TensorInfo*> m_byName;
    mutable std::once_flag m_vocabularyRead;
    mutable std::unique_ptr<MergeVocabulary> m_vocabulary;
};

/// A checkpoint's folder by how a recipe names it. Throws Error.
using FindMergeModel =
    std::function<std::filesystem::path(const std::string& reference, const std::filesystem::path& base)>;

/// Folders relative to the recipe's, run directories (their last checkpoint), and ids of the Hugging Face hub
/// that are in its local cache; nothing is downloaded. What `run:NAME` means, findCheckpoint() of
/// core/config/launch.h knows.
std::filesystem::path findMergeModel(const std::string& reference, const std::filesystem::path& base);

/// Opens each model once. May be called from several threads at once.
class MergeModels {
  public:
    explicit MergeModels(FindMergeModel find = findMergeModel) : m_find(std::move(find)) {}

    std::shared_ptr<const MergeModel> open(const std::string& reference, const std::filesystem::path& base);
    /// A file of statistics beside a model.
    std::shared_ptr<const SafetensorsFile> openStatistics(const std::string& file,
                                                          const std::filesystem::path& base);

  private:
    FindMergeModel m_find;
    std::mutex m_mutex;
    std::map<std::filesystem::path, std::shared_ptr<const MergeModel>> m_models;
    std::map<std::filesystem::path, std::shared_ptr<const SafetensorsFile>> m_statistics;
};

}  // namespace retort
