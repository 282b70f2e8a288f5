#include "training/merging/merge_model.h"

#include <algorithm>
#include <cstdlib>
#include <tuple>

#include "core/config/launch.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/text.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr std::size_t largestConfig = 16u << 20;

Json readConfig(const fs::path& path) {
    Json config = Json::parse(readFile(path, largestConfig), nullptr, false);
    if (!config.is_object()) throw Error("is not a JSON object", path.string());
    return config;
}

// FNV-1a
std::uint64_t hashOf(std::string_view text) {
    std::uint64_t hash = 14695981039346656037ull;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ull;
    return hash;
}

// Three groups, and within them layers by number, then as the file has them.
std::tuple<int, int> rank(const std::string& name) {
    const TensorName split = splitTensorName(name);
    if (split.layer) return {1, *split.layer};
    return {comesBeforeLayers(name) ? 0 : 2, 0};
}

bool isThere(const fs::path& path) {
    std::error_code code;
    return fs::exists(path, code);
}

fs::path hubCache() {
    if (const char* cache = std::getenv("HF_HUB_CACHE"); cache && *cache) return cache;
    if (const char* home = std::getenv("HF_HOME"); home && *home) return fs::path(home) / "hub";
    const char* home = std::getenv("HOME");
    return fs::path(home && *home ? home : ".") / ".cache" / "huggingface" / "hub";
}

// models--ORG--NAME/snapshots/COMMIT, and refs/REVISION, which holds a commit.
fs::path inHubCache(const std::string& reference) {
    const std::size_t at = reference.find('@'), slash = reference.find('/');
    const std::string id = reference.substr(0, at);
    if (slash == std::string::npos || slash == 0 || id.find('/', slash + 1) != std::string::npos ||
        slash >= id.size() || id.front() == '.')
        return {};
    const std::string revision = at == std::string::npos ? "main" : reference.substr(at + 1);
    const fs::path folder = hubCache() / ("models--" + id.substr(0, slash) + "--" + id.substr(slash + 1));
    std::string commit = revision;
    if (const fs::path ref = folder / "refs" / revision;
        revision.find("..") == std::string::npos && isThere(ref))
        commit = std::string(trimmed(readFile(ref, 1000)));
    const fs::path snapshot = folder / "snapshots" / commit;
    return isThere(snapshot / "config.json") ? snapshot : fs::path();
}

}  // namespace

MergeModel::MergeModel(std::string reference, fs::path folder)
    : m_reference(std::move(reference)),
      m_folder(std::move(folder)),
      m_weights(m_folder),
      m_config(readConfig(m_folder / "config.json")),
      m_key(hashOf(m_reference)) {
    if (const auto type = m_config.find("model_type"); type != m_config.end() && type->is_string())
        m_type = type->get<std::string>();
    for (const TensorInfo* tensor : m_weights.tensors()) {
        if (isComputedBuffer(tensor->name, m_type)) continue;
        std::string name = canonicalTensorName(tensor->name, m_type);
        if (const TensorName split = splitTensorName(name); split.layer)
            m_layers = std::max(m_layers, *split.layer + 1);
        if (!m_byName.emplace(name, tensor).second)
            throw Error("holds the tensor '" + name + "' under two names", m_folder.string());
        m_names.push_back(std::move(name));
    }
    std::stable_sort(m_names.begin(), m_names.end(),
                     [](const std::string& a, const std::string& b) { return rank(a) < rank(b); });
}

const TensorInfo* MergeModel::find(const std::string& name) const {
    const auto found = m_byName.find(name);
    return found == m_byName.end() ? nullptr : found->second;
}

const TensorInfo* MergeModel::findOrTied(const std::string& name) const {
    if (const TensorInfo* tensor = find(name); tensor != nullptr || !isOutputEmbedding(name)) return tensor;
    const auto found = std::find_if(m_names.begin(), m_names.end(), isInputEmbedding);
    return found == m_names.end() ? nullptr : find(*found);
}

bool MergeModel::hasTiedEmbeddings() const {
    const auto tied = m_config.find("tie_word_embeddings");
    return tied != m_config.end() && tied->is_boolean()
               ? tied->get<bool>()
               : std::none_of(m_names.begin(), m_names.end(), isOutputEmbedding);
}

const MergeVocabulary& MergeModel::vocabulary() const {
    std::call_once(m_vocabularyRead, [this] {
        m_vocabulary = std::make_unique<MergeVocabulary>(readMergeVocabulary(m_folder));
    });
    return *m_vocabulary;
}

fs::path findMergeModel(const std::string& reference, const fs::path& base) {
    if (!isThere(base / reference) && reference.rfind("run:", 0) != 0)
        if (const fs::path snapshot = inHubCache(reference); !snapshot.empty()) return snapshot;
    return findCheckpoint(reference, base, [](const std::string&) { return std::nullopt; });
}

std::shared_ptr<const MergeModel> MergeModels::open(const std::string& reference, const fs::path& base) {
    const fs::path folder = fs::weakly_canonical(m_find(reference, base));
    const std::lock_guard lock(m_mutex);
    auto& model = m_models[folder];
    // The reference counts too: random masks are drawn by it.
    if (!model || model->reference() != reference) model = std::make_shared<MergeModel>(reference, folder);
    return model;
}

std::shared_ptr<const SafetensorsFile> MergeModels::openStatistics(const std::string& file,
                                                                   const fs::path& base) {
    const fs::path path = fs::weakly_canonical(fs::absolute(base / file));
    const std::lock_guard lock(m_mutex);
    auto& statistics = m_statistics[path];
    if (!statistics) statistics = std::make_shared<SafetensorsFile>(path);
    return statistics;
}

}  // namespace retort
