#include "core/formats/config_fields.h"

#include <cmath>

#include "core/util/error.h"
#include "core/util/files.h"

namespace retort {
namespace {

constexpr std::size_t maxFileBytes = 4u << 20;
constexpr int maxDepth = 16;
constexpr std::int64_t largestSize = std::int64_t(1) << 24;

}  // namespace

Json readJsonObject(const std::filesystem::path& path) {
    const auto shallow = [&](int depth, Json::parse_event_t, Json&) {
        if (depth > maxDepth) throw Error("nested too deeply", path.string());
        return true;
    };
    try {
        Json json = Json::parse(readFile(path, maxFileBytes), shallow);
        if (!json.is_object()) throw Error("expected a JSON object", path.string());
        return json;
    } catch (const Json::exception& error) {
        throw Error(std::string("not valid JSON: ") + error.what(), path.string());
    }
}

bool ConfigFields::has(const char* key) const {
    return m_json.contains(key) && !m_json[key].is_null();
}

std::int64_t ConfigFields::size(const char* key, std::int64_t fallback) const {
    if (!has(key)) {
        if (fallback > 0) return fallback;
        throw Error(std::string(key) + " is missing", m_where);
    }
    const Json& value = m_json[key];
    if (!value.is_number_integer() || value.get<double>() < 1 || value.get<double>() > double(largestSize))
        throw Error(std::string(key) + ": expected a whole number from 1 to " + std::to_string(largestSize) +
                        ", found " + value.dump(-1, ' ', true).substr(0, 60),
                    m_where);
    return value.get<std::int64_t>();
}

double ConfigFields::real(const char* key, double fallback) const {
    if (!has(key)) return fallback;
    const Json& value = m_json[key];
    if (!value.is_number() || !(value.get<double>() > 0) || !std::isfinite(value.get<double>()))
        throw Error(std::string(key) + ": expected a positive number, found " +
                        value.dump(-1, ' ', true).substr(0, 60),
                    m_where);
    return value.get<double>();
}

bool ConfigFields::flag(const char* key, bool fallback) const {
    if (!has(key)) return fallback;
    if (!m_json[key].is_boolean()) throw Error(std::string(key) + ": expected true or false", m_where);
    return m_json[key].get<bool>();
}

std::string ConfigFields::text(const char* key, const std::string& fallback) const {
    if (!has(key)) return fallback;
    if (!m_json[key].is_string()) throw Error(std::string(key) + ": expected a text", m_where);
    return m_json[key].get<std::string>();
}

std::vector<std::int32_t> ConfigFields::ids(const char* key) const {
    if (!has(key)) return {};
    const Json list = m_json[key].is_array() ? m_json[key] : Json::array({m_json[key]});
    std::vector<std::int32_t> result;
    for (const Json& id : list) {
        if (!id.is_number_integer() || id.get<double>() < 0 || id.get<double>() > 2e9)
            throw Error(std::string(key) + ": expected token ids", m_where);
        result.push_back(id.get<std::int32_t>());
    }
    return result;
}

std::vector<std::string> ConfigFields::texts(const char* key) const {
    if (!has(key)) return {};
    std::vector<std::string> result;
    if (!m_json[key].is_array()) throw Error(std::string(key) + ": expected a list of texts", m_where);
    for (const Json& entry : m_json[key]) {
        if (!entry.is_string()) throw Error(std::string(key) + ": expected a list of texts", m_where);
        result.push_back(entry.get<std::string>());
    }
    return result;
}

ConfigFields ConfigFields::object(const char* key) const {
    static const Json none = Json::object();
    if (!has(key)) return {none, m_where};
    if (!m_json[key].is_object()) throw Error(std::string(key) + ": expected an object", m_where);
    return {m_json[key], m_where};
}

void ConfigFields::require(bool condition, const std::string& what) const {
    if (!condition) throw Error(what, m_where, "Retort computes Llama, Qwen2, Qwen3 and GPT-2 models");
}

}  // namespace retort
