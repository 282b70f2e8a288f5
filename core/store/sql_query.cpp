#include "core/store/sql_query.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "core/util/error.h"

namespace retort {
namespace {

// A read-only connection refuses writes to the store; this refuses what would reach beyond it (ATTACH makes
// files) or change the connection itself.
int authorize(void*, int action, const char* what, const char* value, const char*, const char*) {
    constexpr std::array<std::string_view, 12> askingPragmas = {
        "table_info",   "table_xinfo",  "table_list",       "index_info",
        "index_xinfo",  "index_list",   "foreign_key_list", "foreign_key_check",
        "data_version", "user_version", "integrity_check",  "quick_check"};
    switch (action) {
        case SQLITE_SELECT:
        case SQLITE_READ:
        case SQLITE_FUNCTION:
        case SQLITE_RECURSIVE:
            return SQLITE_OK;
        case SQLITE_PRAGMA:
            return value == nullptr ||
                           std::find(askingPragmas.begin(), askingPragmas.end(), what) != askingPragmas.end()
                       ? SQLITE_OK
                       : SQLITE_DENY;
        // Virtual tables (the text search) are set up by statements of their own, on a connection that cannot
        // write.
        case SQLITE_UPDATE:
        case SQLITE_INSERT:
        case SQLITE_DELETE:
            return what && std::string_view(what).starts_with("sqlite_") ? SQLITE_OK : SQLITE_DENY;
        default:
            return SQLITE_DENY;
    }
}

class Authorizer {
  public:
    explicit Authorizer(sqlite3* db) : m_db(db) { sqlite3_set_authorizer(db, authorize, nullptr); }
    ~Authorizer() { sqlite3_set_authorizer(m_db, nullptr, nullptr); }
    Authorizer(const Authorizer&) = delete;
    Authorizer& operator=(const Authorizer&) = delete;

  private:
    sqlite3* m_db;
};

struct Prepared {
    sqlite3_stmt* statement = nullptr;
    ~Prepared() { sqlite3_finalize(statement); }
};

std::string cell(sqlite3_stmt* row, int column) {
    switch (sqlite3_column_type(row, column)) {
        case SQLITE_NULL:
            return {};
        case SQLITE_FLOAT: {
            char digits[32];
            const auto end =
                std::to_chars(digits, digits + sizeof digits, sqlite3_column_double(row, column)).ptr;
            return std::string(digits, end);
        }
        case SQLITE_BLOB:
            return std::to_string(sqlite3_column_bytes(row, column)) + " bytes";
        default: {
            const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(row, column));
            return std::string(text, std::size_t(sqlite3_column_bytes(row, column)));
        }
    }
}

bool isBlank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n;") == std::string_view::npos;
}

}  // namespace

StoreReader::Table runReadOnlyQuery(Database& database, const std::string& sql, std::int64_t maxRows) {
    const Authorizer authorizer(database.handle());
    Prepared query;
    const char* tail = nullptr;
    const int code =
        sqlite3_prepare_v2(database.handle(), sql.c_str(), int(sql.size()) + 1, &query.statement, &tail);
    if (code == SQLITE_AUTH || (query.statement && !sqlite3_stmt_readonly(query.statement)))
        throw Error("only statements that read are allowed here", sql.substr(0, 200));
    if (code != SQLITE_OK) throw Error(sqlite3_errmsg(database.handle()), sql.substr(0, 200));
    if (!query.statement) throw Error("a SELECT was expected", sql.substr(0, 200));
    if (tail && !isBlank(tail)) throw Error("one statement at a time", sql.substr(0, 200));

    StoreReader::Table table;
    const int columns = sqlite3_column_count(query.statement);
    for (int i = 0; i < columns; ++i) table.columns.emplace_back(sqlite3_column_name(query.statement, i));
    while (maxRows < 0 || std::int64_t(table.rows.size()) < maxRows) {
        const int step = sqlite3_step(query.statement);
        if (step == SQLITE_DONE) break;
        if (step != SQLITE_ROW) database.fail(step, sql);
        std::vector<std::string> row;
        for (int i = 0; i < columns; ++i) row.push_back(cell(query.statement, i));
        table.rows.push_back(std::move(row));
    }
    return table;
}

}  // namespace retort
