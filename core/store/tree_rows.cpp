#include "core/store/tree_rows.h"

#include <simdjson.h>
#include <zstd.h>

#include "core/traces/search_tree_json.h"
#include "core/util/error.h"

namespace retort {
namespace {

constexpr std::size_t mostBytes = std::size_t(1) << 30;  // of a tree's JSON

std::vector<std::byte> compressed(const std::string& text) {
    std::vector<std::byte> bytes(ZSTD_compressBound(text.size()));
    const std::size_t size = ZSTD_compress(bytes.data(), bytes.size(), text.data(), text.size(), 3);
    if (ZSTD_isError(size)) throw Error(std::string("a search tree: ") + ZSTD_getErrorName(size));
    bytes.resize(size);
    return bytes;
}

std::string decompressed(std::span<const std::byte> bytes) {
    const unsigned long long size = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
    if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR || size > mostBytes)
        throw Error("a search tree in the store is damaged", {}, "retort-cli store reindex");
    std::string text(std::size_t(size), '\0');
    const std::size_t read = ZSTD_decompress(text.data(), text.size(), bytes.data(), bytes.size());
    if (ZSTD_isError(read) || read != text.size())
        throw Error("a search tree in the store is damaged", {}, "retort-cli store reindex");
    return text;
}

}  // namespace

void insertTree(Database& database, RowId run, const SearchTree& tree, double t, std::int32_t attempt) {
    std::string json = "{";
    appendTreeMembers(tree, json, true);
    json += '}';
    const std::vector<std::byte> bytes = compressed(json);
    database
        .prepared(
            "INSERT INTO search_trees (run_id, step, method, task, problem, tokens, nodes, correct, tree, t, "
            "attempt, superseded) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 0)")
        .run(run, tree.step, tree.method, tree.task, tree.problemId, tree.tokens,
             std::int64_t(tree.nodes.size()), tree.correct, std::span<const std::byte>(bytes), t, attempt);
}

std::vector<TreeRow> listTrees(Database& database, RowId run, const std::string& problemId) {
    Statement& rows = database.prepared(
        "SELECT id, run_id, step, tokens, nodes, method, task, problem, correct FROM search_trees "
        "WHERE superseded = 0 AND (?1 = 0 OR run_id = ?1) AND (?2 = '' OR problem = ?2) "
        "ORDER BY step DESC, id DESC");
    std::vector<TreeRow> trees;
    for (rows.with(run, problemId); rows.step();)
        trees.push_back({rows.integer(0), rows.integer(1), rows.integer(2), rows.integer(3), rows.integer(4),
                         rows.text(5), rows.text(6), rows.text(7), rows.integer(8) != 0});
    rows.reset();
    return trees;
}

std::optional<SearchTree> readTree(Database& database, RowId id) {
    Statement& row = database.prepared("SELECT tree FROM search_trees WHERE id = ?1");
    std::string json;
    if (row.with(id).step()) json = decompressed(row.blob(0));
    row.reset();
    if (json.empty()) return std::nullopt;
    simdjson::dom::parser parser;
    simdjson::dom::object object;
    if (parser.parse(json).get(object) != simdjson::SUCCESS)
        throw Error("a search tree in the store is damaged", {}, "retort-cli store reindex");
    return readSearchTree(JsonFields(object));
}

}  // namespace retort
