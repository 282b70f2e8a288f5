// The members of config.json with their types and ranges. A null counts as absent, as in transformers. Every
// member throws Error with the file's name and the key for what is not what it should be.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/util/json.h"

namespace retort {

class ConfigFields {
  public:
    /// `json` must outlive this.
    ConfigFields(const Json& json, std::string where) : m_json(json), m_where(std::move(where)) {}

    bool has(const char* key) const;
    /// A size of a model: 1 to 2^24, so that the product of any two fits. `fallback` 0: the key must be
    /// there.
    std::int64_t size(const char* key, std::int64_t fallback) const;
    /// Positive and finite.
    double real(const char* key, double fallback) const;
    bool flag(const char* key, bool fallback) const;
    std::string text(const char* key, const std::string& fallback) const;
    /// A token id or a list of them.
    std::vector<std::int32_t> ids(const char* key) const;
    std::vector<std::string> texts(const char* key) const;
    /// Without members where there is no such key.
    ConfigFields object(const char* key) const;
    /// Throws Error(what) unless `condition` holds.
    void require(bool condition, const std::string& what) const;

  private:
    const Json& m_json;
    std::string m_where;
};

/// A small JSON object from a file that may come from anywhere: its size and nesting are bounded. Throws
/// Error.
Json readJsonObject(const std::filesystem::path& path);

}  // namespace retort
