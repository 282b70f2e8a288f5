// What the tests of model families share: golden checkpoints, batches, distances.
#pragma once

#include <QtTest>
#include <filesystem>
#include <string>
#include <vector>

#include "core/formats/safetensors.h"
#include "core/util/random.h"
#include "training/model/causal_lm.h"
#include "training/tensor.h"

namespace retort::test {

using Ids = std::vector<std::int32_t>;

inline std::filesystem::path goldenFolder(const QString& kind) {
    return std::filesystem::path(RETORT_GOLDEN) / "models" / kind.toStdString();
}

inline void addGoldenKinds() {
    QTest::addColumn<QString>("kind");
    for (const char* kind :
         {"llama", "qwen2", "qwen3", "gpt2", "gpt2-untied", "llama-linear", "llama-dynamic", "llama-llama3",
          "qwen2-yarn", "qwen3-yarn", "qwen3-bf16", "llama-f16-sharded"})
        QTest::newRow(kind) << QString(kind);
}

inline std::filesystem::path pathOf(const QTemporaryDir& folder) {
    return folder.path().toStdString();
}

inline torch::Tensor floats(const SafetensorsFile& file, const char* name) {
    const auto values = file.readFloats(file.at(name));
    return torch::tensor(values).view(file.at(name).shape);
}

/// A golden file's ids as a packed batch; every position has a target.
inline PackedBatch batchOf(const torch::Tensor& ids) {
    std::vector<Ids> rows;
    for (std::int64_t r = 0; r < ids.size(0); ++r)
        for (std::int64_t i = (rows.emplace_back(), 0); i < ids.size(1); ++i)
            rows.back().push_back(ids[r][i].item<std::int32_t>());
    return PackedBatch::pack(rows, rows);
}

inline std::vector<Ids> randomIds(const std::vector<int>& lengths, std::int64_t vocabulary,
                                  std::uint64_t seed = 8) {
    Random random(seed);
    std::vector<Ids> ids(lengths.size());
    for (std::size_t s = 0; s < lengths.size(); ++s)
        for (int i = 0; i < lengths[s]; ++i)
            ids[s].push_back(std::int32_t(random.integer(0, vocabulary - 1)));
    return ids;
}

inline PackedBatch randomBatch(const std::vector<int>& lengths, std::int64_t vocabulary) {
    return PackedBatch::pack(randomIds(lengths, vocabulary, 8), randomIds(lengths, vocabulary, 9));
}

inline double distance(const torch::Tensor& a, const torch::Tensor& b) {
    return (a - b).abs().max().item<double>();
}

}  // namespace retort::test
