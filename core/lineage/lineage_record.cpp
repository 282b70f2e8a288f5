#include "core/lineage/lineage_record.h"

#include <array>
#include <cmath>

#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/json.h"
#include "core/util/json_fields.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr const char* fileName = "lineage.json";
constexpr std::size_t maxFileBytes = 4u << 20, maxParents = 1000, maxPathBytes = 4096;
constexpr std::size_t hashDigits = 32;

struct KindRow {
    LineageKind kind;
    const char* name;
};
constexpr std::array<KindRow, 7> kinds{{{LineageKind::Trained, "trained"},
                                        {LineageKind::Distilled, "distilled"},
                                        {LineageKind::Merged, "merged"},
                                        {LineageKind::Adapter, "adapter"},
                                        {LineageKind::Resumed, "resumed"},
                                        {LineageKind::Grown, "grown"},
                                        {LineageKind::Judged, "judged"}}};

LineageKind readKind(const JsonFields& fields) {
    const std::string name = fields.text("kind");
    if (const auto kind = lineageKindOf(name)) return *kind;
    std::string known;
    for (const KindRow& row : kinds) known += std::string(known.empty() ? "" : ", ") + row.name;
    throw Error("\"kind\" must be one of " + known);
}

fs::path readPath(const JsonFields& fields, const fs::path& folder) {
    const std::string text = fields.text("path");
    if (text.empty() || text.size() > maxPathBytes || text.find('\0') != std::string::npos)
        throw Error("\"path\" must be a path of 1 to " + std::to_string(maxPathBytes) + " bytes");
    return fs::absolute(folder / text).lexically_normal();
}

std::string readHash(const JsonFields& fields) {
    std::string hash = fields.text("hash", "");
    if (!hash.empty() &&
        (hash.size() != hashDigits || hash.find_first_not_of("0123456789abcdef") != std::string::npos))
        throw Error("\"hash\" must be " + std::to_string(hashDigits) + " digits 0-9, a-f");
    return hash;
}

LineageParent readParent(const JsonFields& fields, const fs::path& folder) {
    LineageParent parent{.kind = readKind(fields),
                         .path = readPath(fields, folder),
                         .hash = readHash(fields),
                         .weight = fields.optionalNumber("weight"),
                         .isBase = fields.flag("is_base", false)};
    if (parent.weight && !std::isfinite(*parent.weight)) throw Error("\"weight\" must be a finite number");
    return parent;
}

LineageRecord readRecord(const simdjson::dom::element& root, const fs::path& folder) {
    const JsonFields fields(jsonObject(root, "the whole file"));
    LineageRecord record;
    record.method = fields.text("method", "");
    record.recipe = fields.text("recipe", "");
    record.program = fields.text("program", "");
    record.created = fields.optionalNumber("created").value_or(0);
    if (!std::isfinite(record.created)) throw Error("\"created\" must be a time in seconds");
    const auto parents = jsonArray(fields.need("parents"), "parents");
    if (parents.size() > maxParents) throw Error("has more than " + std::to_string(maxParents) + " parents");
    for (const simdjson::dom::element parent : parents) {
        try {
            record.parents.push_back(readParent(JsonFields(jsonObject(parent, "parents")), folder));
        } catch (const Error& error) {
            throw Error("parent " + std::to_string(record.parents.size() + 1) + ": " + error.what_happened());
        }
    }
    return record;
}

Json toJson(const LineageParent& parent) {
    Json json = {{"kind", lineageKindName(parent.kind)},
                 {"path", fs::absolute(parent.path).lexically_normal().string()}};
    if (!parent.hash.empty()) json["hash"] = parent.hash;
    if (parent.weight && std::isfinite(*parent.weight)) json["weight"] = *parent.weight;
    if (parent.isBase) json["is_base"] = true;
    return json;
}

}  // namespace

const char* lineageKindName(LineageKind kind) {
    return kinds[std::size_t(kind)].name;
}

bool carriesWeights(LineageKind kind) {
    return kind != LineageKind::Distilled && kind != LineageKind::Judged;
}

std::optional<LineageKind> lineageKindOf(std::string_view name) {
    for (const KindRow& row : kinds)
        if (row.name == name) return row.kind;
    return std::nullopt;
}

std::optional<LineageRecord> readLineageRecord(const fs::path& folder) {
    const fs::path path = folder / fileName;
    std::error_code code;
    if (!fs::exists(path, code)) return std::nullopt;
    const std::string text = readFile(path, maxFileBytes);
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    if (const auto error = parser.parse(text).get(root); error != simdjson::SUCCESS)
        throw Error(std::string("not valid JSON: ") + simdjson::error_message(error), path.string());
    try {
        return readRecord(root, fs::absolute(folder));
    } catch (const Error& error) {
        throw Error(error.what_happened(), path.string());
    }
}

void writeLineageRecord(const fs::path& folder, const LineageRecord& record) {
    Json json;
    if (!record.method.empty()) json["method"] = record.method;
    json["parents"] = Json::array();
    for (const LineageParent& parent : record.parents) json["parents"].push_back(toJson(parent));
    json["recipe"] = record.recipe;
    json["created"] = record.created;
    json["program"] = record.program;
    writeFileAtomically(folder / fileName, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace retort
