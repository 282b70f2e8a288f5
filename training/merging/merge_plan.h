// From a recipe and its models to a list of output tensors, each with its inputs and resolved parameters:
// everything that can be known before a byte is written. Planning reads headers only and takes milliseconds,
// so a merge with other parameters is planned anew.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "training/merging/merge_method.h"
#include "training/merging/merge_model.h"
#include "training/merging/merge_recipe.h"
#include "training/merging/merge_vocabulary.h"

namespace retort {

struct PlannedInput {
    const MergeModel* model = nullptr;
    const TensorInfo* tensor = nullptr;  ///< of model->weights()
    MergeParameters parameters;
    bool isBase = false;
    const SafetensorsFile* statisticsFile = nullptr;
    const TensorInfo* statistics = nullptr;  ///< nullptr: none
};

struct PlannedTensor {
    std::string name;                 ///< in the output
    Dtype dtype = Dtype::Float32;     ///< in the output
    std::vector<std::int64_t> shape;  ///< in the output
    std::vector<PlannedInput> inputs;
    MergeParameters parameters;  ///< of the whole merge
    bool hasRowPlan = false;     ///< rows are rearranged as MergePlan::vocabulary says
    bool isCopy = false;         ///< the first input's bytes as they are

    std::int64_t elements() const;
    std::uint64_t bytes() const;  ///< in the output
    const PlannedInput* base() const;
};

struct MergePlan {
    MergeRecipe recipe;
    const MergeMethod* method = nullptr;
    std::vector<std::shared_ptr<const MergeModel>> models;  ///< keeps them open; recipe.models()'s order
    std::vector<std::shared_ptr<const SafetensorsFile>> statistics;
    std::vector<PlannedTensor> tensors;                ///< before the layers, layer by layer, after them
    std::shared_ptr<const VocabularyPlan> vocabulary;  ///< nullptr: the tokenizer stays
    const MergeModel* donor = nullptr;                 ///< whose config and other files the output takes
    Json config;                                       ///< the output's config.json
    std::uint64_t seed = 0;
    std::vector<std::string> warnings;

    std::uint64_t totalBytes() const;  ///< of the output's tensors
    std::uint64_t inputBytes() const;
};

struct MergePlanOptions {
    std::uint64_t seed = 0;  ///< of methods that draw random masks
    /// Of vocabularies of different sizes the common first rows are merged (mergekit's
    /// unsafe_truncate_embeddings).
    bool truncateEmbeddings = false;
    bool allowOtherArchitectures = false;  ///< mergekit's allow_crimes
};

/// Opens what is not open yet. Throws Error for everything about recipe and models that makes the merge
/// impossible, all of the tensors' problems in one.
MergePlan planMerge(const MergeRecipe& recipe, MergeModels& models, const MergePlanOptions& options = {});

}  // namespace retort
