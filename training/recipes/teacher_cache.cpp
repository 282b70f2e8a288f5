#include "training/recipes/teacher_cache.h"

#include <charconv>

#include "core/formats/safetensors.h"
#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr std::string_view idsEnding = ".ids", logprobsEnding = ".logprobs";

std::string nameOf(std::uint64_t key) {
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(key));
    return text;
}

std::optional<std::uint64_t> keyIn(const std::string& name) {
    std::uint64_t key = 0;
    const char* end = name.data() + std::min<std::size_t>(name.size(), 16);
    const auto [rest, code] = std::from_chars(name.data(), end, key, 16);
    if (!name.ends_with(idsEnding) || code != std::errc() || rest != end) return std::nullopt;
    return key;
}

}  // namespace

TeacherCache::TeacherCache(fs::path folder, std::string identity)
    : m_folder(std::move(folder)), m_identity(std::move(identity)) {
    std::error_code code;
    fs::create_directories(m_folder, code);
    if (code) throw Error("cannot make the folder: " + code.message(), m_folder.string());
    for (const auto& entry : fs::directory_iterator(m_folder))
        if (entry.path().extension() == ".safetensors" &&
            entry.path().filename().string().starts_with(m_identity))
            open(entry.path());
}

void TeacherCache::open(const fs::path& file) {
    const SafetensorsFile stored(file);
    for (const TensorInfo& tensor : stored.tensors())
        if (const auto key = keyIn(tensor.name)) m_files[*key] = file;
}

std::optional<TopProbabilities> TeacherCache::find(std::uint64_t key) const {
    const auto found = m_files.find(key);
    if (found == m_files.end()) return std::nullopt;
    const SafetensorsFile stored(found->second);
    const TensorInfo& ids = stored.at(nameOf(key) + std::string(idsEnding));
    const TensorInfo& logprobs = stored.at(nameOf(key) + std::string(logprobsEnding));
    const bool fits = ids.dtype == Dtype::Int32 && ids.shape.size() == 2 && logprobs.shape.size() == 2 &&
                      ids.shape[0] == logprobs.shape[0] && ids.shape[1] + 1 == logprobs.shape[1];
    if (!fits) throw Error("holds other tensors than a teacher's probabilities", found->second.string());
    torch::Tensor numbers = torch::empty(ids.shape, torch::kInt32);
    stored.read(ids, numbers.data_ptr());
    std::vector<float> values = stored.readFloats(logprobs);
    return TopProbabilities{numbers.to(torch::kInt64),
                            torch::from_blob(values.data(), logprobs.shape, torch::kFloat32).clone()};
}

void TeacherCache::add(const Entries& entries) {
    std::vector<TensorData> tensors;
    std::vector<torch::Tensor> alive;  // until the file is written
    fs::path file;
    for (const auto& [key, top] : entries) {
        if (file.empty()) file = m_folder / (m_identity + "-" + nameOf(key) + ".safetensors");
        if (!m_files.emplace(key, file).second) continue;
        alive.push_back(top.ids.to(torch::kInt32).cpu().contiguous());
        tensors.push_back({nameOf(key) + std::string(idsEnding), Dtype::Int32, alive.back().sizes().vec(),
                           alive.back().data_ptr()});
        alive.push_back(top.logprobs.to(torch::kFloat32).cpu().contiguous());
        tensors.push_back({nameOf(key) + std::string(logprobsEnding), Dtype::Float32,
                           alive.back().sizes().vec(), alive.back().data_ptr()});
    }
    if (!tensors.empty()) writeSafetensors(file, std::move(tensors));
}

}  // namespace retort
