// A teacher's top-k probabilities on disk: safetensors files, found by the content that they belong to.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "training/objectives/distillation_loss.h"

namespace retort {

class TeacherCache {
  public:
    using Entries = std::vector<std::pair<std::uint64_t, TopProbabilities>>;

    /// `identity`: of the teacher and of how its numbers are taken. Looks through the folder's files of that
    /// identity. Throws Error naming a file that is broken.
    TeacherCache(std::filesystem::path folder, std::string identity);

    /// Of the sequence with this key; absent when it is not kept.
    std::optional<TopProbabilities> find(std::uint64_t key) const;
    /// Writes them into a file of their own. Keys that are kept already are left out.
    void add(const Entries& entries);

    std::size_t size() const { return m_files.size(); }

  private:
    void open(const std::filesystem::path& file);

    std::filesystem::path m_folder;
    std::string m_identity;
    std::unordered_map<std::uint64_t, std::filesystem::path> m_files;
};

}  // namespace retort
