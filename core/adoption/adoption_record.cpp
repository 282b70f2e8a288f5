#include "core/adoption/adoption_record.h"

#include <algorithm>

#include "core/config/yaml_text.h"
#include "core/trackers/column_mapping.h"
#include "core/util/error.h"
#include "core/util/files.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr int currentFormat = 1;
constexpr const char* fileName = "adopted.json";

/// Below the root relative to it, so that the record tells its file apart from others' at a glance.
std::string pathText(const fs::path& path, const fs::path& root) {
    const fs::path relative = path.lexically_relative(root);
    const bool below = !relative.empty() && *relative.begin() != "..";
    return (below ? relative : path).generic_string();
}

Json toJson(const AdoptedFile& file, const fs::path& root) {
    Json json{{"kind", nameOf(file.source)}, {"path", pathText(file.source.path, root)}};
    if (!file.source.select.empty()) json["select"] = file.source.select;
    if (file.read != TrackerCursor{}) {
        json["read"] = {file.read.at, file.read.check};
        json["seq"] = file.seq;
    }
    if (file.head.bytes > 0) json["head"] = {file.head.bytes, file.head.hash};
    if (file.size > 0) json["whole"] = {file.size, file.modified};
    return json;
}

AdoptedFile fileFrom(const Json& json, const fs::path& root) {
    AdoptedFile file;
    const auto source = sourceNamed(json.at("kind").get<std::string>());
    if (!source) throw Error("names the unknown kind \"" + json["kind"].get<std::string>() + "\"", fileName);
    file.source = *source;
    file.source.path = (root / json.at("path").get<std::string>()).lexically_normal();
    if (file.source.path.filename().empty()) file.source.path = file.source.path.parent_path();
    file.source.select = json.value("select", "");
    if (json.contains("read")) file.read = {json["read"].at(0), json["read"].at(1)};
    file.seq = json.value("seq", std::int64_t(0));
    if (json.contains("head")) file.head = {json["head"].at(0), json["head"].at(1)};
    if (json.contains("whole")) {
        file.size = json["whole"].at(0);
        file.modified = json["whole"].at(1);
    }
    return file;
}

void appendYaml(std::string& out, const Json& object, const std::string& indent, int depth) {
    for (const auto& [key, member] : object.items()) {
        out.append(indent).append(yamlScalar(Json(key))).append(1, ':');
        if (member.is_object() && !member.empty() && depth < 32) {
            out += "\n";
            appendYaml(out, member, indent + "  ", depth + 1);
            continue;
        }
        const bool plain =
            member.is_primitive() ||
            (member.is_array() &&
             std::all_of(member.begin(), member.end(), [](const Json& each) { return each.is_primitive(); }));
        // What YAML's plain forms do not hold stands there as JSON.
        const Json value = plain ? member : Json(member.dump(-1, ' ', false, Json::error_handler_t::replace));
        out.append(1, ' ').append(yamlScalar(value)).append(1, '\n');
    }
}

}  // namespace

AdoptionRecord AdoptionRecord::load(const fs::path& run) {
    const std::string text = readFile(run / fileName, std::size_t(256) << 20);
    try {
        const Json json = Json::parse(text);
        if (json.at("format_version").get<int>() > currentFormat)
            throw Error("is of a newer version than this program's", (run / fileName).string(),
                        "update Retort to go on with this run");
        AdoptionRecord record;
        record.root = json.at("source").get<std::string>();
        record.key = json.value("key", "");
        if (json.contains("trainer_names")) record.trainerNames = json["trainer_names"].get<bool>();
        record.mapping = columnMappingOf(json.value("map", ""));
        record.config = json.value("config", Json::object());
        for (const Json& each : json.at("files")) record.files.push_back(fileFrom(each, record.root));
        return record;
    } catch (const Json::exception& error) {
        throw Error(std::string("malformed: ") + error.what(), (run / fileName).string());
    }
}

void AdoptionRecord::save(const fs::path& run) const {
    Json json{{"format_version", currentFormat}, {"source", root.string()}};
    if (!key.empty()) json["key"] = key;
    if (trainerNames) json["trainer_names"] = *trainerNames;
    if (!mapping.isEmpty()) json["map"] = toText(mapping);
    if (!config.empty()) json["config"] = config;
    json["files"] = Json::array();
    for (const AdoptedFile& file : files) json["files"].push_back(toJson(file, root));
    writeFileAtomically(run / fileName, json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

int AdoptionRecord::indexOf(const FoundSource& source) {
    for (std::size_t i = 0; i < files.size(); ++i)
        if (files[i].source == source) return int(i);
    files.push_back({source, {}, 0, {}, 0, 0});
    return int(files.size()) - 1;
}

std::string adoptedYaml(const std::string& comment, const Json& config) {
    std::string text =
        "# " + comment + "\n# What its files tell; not a configuration that Retort could run.\n";
    if (config.empty()) return text;
    text += "adopted:\n";
    appendYaml(text, config, "  ", 1);
    return text;
}

}  // namespace retort
