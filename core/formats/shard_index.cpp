#include "core/formats/shard_index.h"

#include <map>

#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/json.h"

namespace retort {
namespace {

constexpr std::size_t maxFileBytes = 64u << 20;  // the largest in use (90 000 tensors) has 9 MB

// {"metadata": {…}, "weight_map": {name: file}} as a stream: the ordered Json would search its keys one by
// one, and keep the last of two equal ones.
class IndexReader : public nlohmann::json_sax<Json> {
  public:
    ShardIndex index;
    std::string problem;

    bool null() override { return other(); }
    bool boolean(bool) override { return other(); }
    bool number_integer(number_integer_t) override { return other(); }
    bool number_float(number_float_t value, const string_t&) override {
        if (m_depth == 2 && m_section == "metadata" && m_key == "total_size" && value >= 0 && value < 1e18)
            index.totalBytes = std::uint64_t(value);
        return other();
    }
    bool binary(binary_t&) override { return other(); }
    bool number_unsigned(number_unsigned_t value) override {
        if (m_depth == 2 && m_section == "metadata" && m_key == "total_size") index.totalBytes = value;
        return other();
    }
    bool string(string_t& value) override {
        if (m_depth != 2 || m_section != "weight_map") return other();
        if (!index.shardOf.emplace(m_key, value).second)
            return refuse("lists the tensor '" + m_key + "' twice");
        return true;
    }
    bool key(string_t& name) override {
        (m_depth == 1 ? m_section : m_key) = name.substr(0, 1000);
        return true;
    }
    bool start_object(std::size_t) override { return open(); }
    bool end_object() override { return --m_depth, true; }
    bool start_array(std::size_t) override {
        return m_depth == 0 ? refuse("is not an object") : inMap() ? refuse(notNames) : open();
    }
    bool end_array() override { return --m_depth, true; }
    bool parse_error(std::size_t position, const std::string&, const Json::exception&) override {
        return refuse("not valid JSON at byte " + std::to_string(position));
    }

  private:
    static constexpr const char* notNames = "has a weight_map that maps to more than names";

    bool inMap() const { return m_depth >= 1 && m_section == "weight_map"; }
    bool open() {
        if (m_depth >= 2 && inMap()) return refuse(notNames);
        return ++m_depth <= 16 ? true : refuse("nested too deeply");
    }
    bool other() { return inMap() ? refuse(notNames) : true; }
    bool refuse(const std::string& reason) {
        if (problem.empty()) problem = reason;
        return false;
    }
    int m_depth = 0;
    std::string m_section, m_key;
};

// Names come from the file: a path would let it read elsewhere.
bool isPlainName(const std::string& name) {
    return name.size() < 256 && name.ends_with(".safetensors") &&
           name.find_first_of("/\\") == std::string::npos && name.find('\0') == std::string::npos &&
           name.front() != '.';
}

}  // namespace

ShardIndex readShardIndex(const std::filesystem::path& path) {
    const std::string text = readFile(path, maxFileBytes);
    IndexReader reader;
    if (!Json::sax_parse(text.begin(), text.end(), &reader)) throw Error(reader.problem, path.string());
    if (reader.index.shardOf.empty()) throw Error("has no weight_map", path.string());
    for (const auto& [tensor, shard] : reader.index.shardOf)
        if (!isPlainName(shard))
            throw Error("names a shard that is not the plain name of a .safetensors file: " +
                            Json(shard.substr(0, 80)).dump(-1, ' ', true, Json::error_handler_t::replace),
                        path.string());
    return std::move(reader.index);
}

void writeShardIndex(const std::filesystem::path& path, const ShardIndex& index) {
    nlohmann::json json = {
        {"metadata", nlohmann::json::object()},
        {"weight_map", std::map<std::string, std::string>(index.shardOf.begin(), index.shardOf.end())}};
    if (index.totalBytes) json["metadata"]["total_size"] = *index.totalBytes;
    writeFileAtomically(path, json.dump(2) + "\n");
}

}  // namespace retort
