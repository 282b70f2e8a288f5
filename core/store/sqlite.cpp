#include "core/store/sqlite.h"

#include <sqlite3.h>

#include <cstring>
#include <limits>
#include <utility>

#include "core/util/error.h"

namespace retort {
namespace {

// SQLite counts every byte that it allocates, under one lock for the whole process, for statistics that
// nobody reads: a tenth of an insert's time. Only possible before its first use.
[[maybe_unused]] const int withoutStatistics = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);

std::string percentEncoded(const std::string& path) {
    static constexpr char hex[] = "0123456789ABCDEF";
    std::string encoded;
    for (const unsigned char c : path)
        if (std::strchr("%?#", c) && c != 0) {
            encoded += '%';
            encoded += hex[c >> 4];
            encoded += hex[c & 15];
        } else {
            encoded += char(c);
        }
    return encoded;
}

}  // namespace

Database::Database(const std::filesystem::path& file, Mode mode, int busyMilliseconds) : m_file(file) {
    const bool readOnly = mode == Mode::ReadOnly;
    open(readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, busyMilliseconds);
}

void Database::open(int flags, int busyMilliseconds) {
    flags |= SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const int code = sqlite3_open_v2(m_file.c_str(), &m_db, flags, nullptr);
    if (code == SQLITE_OK) {
        sqlite3_busy_timeout(m_db, busyMilliseconds);
        if (!(flags & SQLITE_OPEN_READONLY)) return;
        // A WAL database in a folder that cannot be written has no shared memory to coordinate through;
        // nobody can be writing there either, so it may be read as it is.
        const int look = sqlite3_exec(m_db, "SELECT 1 FROM sqlite_schema", nullptr, nullptr, nullptr) & 0xff;
        if (look != SQLITE_CANTOPEN && look != SQLITE_READONLY) return;
        sqlite3_close(m_db);
        const std::string uri = "file:" + percentEncoded(std::filesystem::absolute(m_file)) + "?immutable=1";
        if (sqlite3_open_v2(uri.c_str(), &m_db, flags | SQLITE_OPEN_URI, nullptr) == SQLITE_OK) return;
    }
    try {
        fail(code);
    } catch (...) {
        sqlite3_close(m_db);
        throw;
    }
}

Database::~Database() {
    m_prepared.clear();
    sqlite3_close(m_db);
}

void Database::execute(const std::string& sql) {
    const int code = sqlite3_exec(m_db, sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail(code, sql);
}

Statement& Database::prepared(const char* sql) {
    const auto found = m_prepared.find(sql);
    if (found != m_prepared.end()) return found->second;
    return m_prepared.emplace(sql, Statement(*this, sql)).first->second;
}

std::int64_t Database::integer(const std::string& sql) {
    Statement statement(*this, sql);
    return statement.step() ? statement.integer(0) : 0;
}

std::int64_t Database::lastInsertId() const {
    return sqlite3_last_insert_rowid(m_db);
}

void Database::fail(int code, std::string_view sql) const {
    const std::string file = m_file.string();
    const std::string detail = m_db ? sqlite3_errmsg(m_db) : sqlite3_errstr(code);
    const int system = m_db ? sqlite3_system_errno(m_db) : 0;
    switch (code & 0xff) {
        case SQLITE_FULL:
            throw Error("the disk is full", file, "free some space; nothing was half-written");
        case SQLITE_READONLY:
            throw Error("the store is read-only", file,
                        "make it and its folder writable, or choose another with --store");
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            throw Error("the store is locked by another program", file,
                        "close that program, or wait for it, and try again");
        case SQLITE_NOTADB:
            throw Error("is not a store: not an SQLite database", file, "choose another file with --store");
        case SQLITE_CORRUPT:
            throw Error("the store is damaged: " + detail, file,
                        "restore a backup, or make a new store and index the run directories again: "
                        "retort-cli store reindex");
        case SQLITE_CANTOPEN:
        case SQLITE_IOERR:
            throw Error("cannot access the store: " + (system ? std::string(std::strerror(system)) : detail),
                        file);
        default:
            throw Error(detail + (sql.empty() ? "" : " in: " + std::string(sql.substr(0, 300))), file);
    }
}

Statement::Statement(Database& database, std::string_view sql) : m_database(database) {
    const int code = sqlite3_prepare_v3(database.handle(), sql.data(), int(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &m_statement, nullptr);
    if (code != SQLITE_OK) database.fail(code, sql);
}

Statement::Statement(Statement&& other) noexcept
    : m_database(other.m_database), m_statement(std::exchange(other.m_statement, nullptr)) {}

Statement::~Statement() {
    sqlite3_finalize(m_statement);
}

void Statement::check(int code) {
    if (code != SQLITE_OK) m_database.fail(code, sqlite3_sql(m_statement));
}

void Statement::bind(int parameter, std::int64_t value) {
    check(sqlite3_bind_int64(m_statement, parameter + 1, value));
}

void Statement::bind(int parameter, double value) {
    check(sqlite3_bind_double(m_statement, parameter + 1, value));
}

void Statement::bind(int parameter, std::string_view value) {
    const char* data = value.empty() ? "" : value.data();
    check(sqlite3_bind_text64(m_statement, parameter + 1, data, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Statement::bind(int parameter, std::span<const std::byte> blob) {
    check(sqlite3_bind_blob64(m_statement, parameter + 1, blob.data(), blob.size(), SQLITE_TRANSIENT));
}

void Statement::bind(int parameter, std::nullptr_t) {
    check(sqlite3_bind_null(m_statement, parameter + 1));
}

bool Statement::step() {
    const int code = sqlite3_step(m_statement);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    sqlite3_reset(m_statement);
    m_database.fail(code, sqlite3_sql(m_statement));
}

void Statement::reset() {
    sqlite3_reset(m_statement);
}

int Statement::columns() const {
    return sqlite3_column_count(m_statement);
}
std::string Statement::columnName(int column) const {
    return sqlite3_column_name(m_statement, column);
}
bool Statement::isNull(int column) const {
    return sqlite3_column_type(m_statement, column) == SQLITE_NULL;
}
std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(m_statement, column);
}

double Statement::real(int column) const {
    return isNull(column) ? std::numeric_limits<double>::quiet_NaN()
                          : sqlite3_column_double(m_statement, column);
}

std::optional<double> Statement::optionalReal(int column) const {
    if (isNull(column)) return std::nullopt;
    return sqlite3_column_double(m_statement, column);
}

std::string Statement::text(int column) const {
    const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(m_statement, column));
    return data ? std::string(data, std::size_t(sqlite3_column_bytes(m_statement, column))) : std::string();
}

std::span<const std::byte> Statement::blob(int column) const {
    const auto* data = static_cast<const std::byte*>(sqlite3_column_blob(m_statement, column));
    return {data, std::size_t(sqlite3_column_bytes(m_statement, column))};
}

Transaction::Transaction(Database& database) : m_database(database) {
    database.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
    // After some errors SQLite has rolled back by itself, and says so here: nothing is left to do.
    if (m_open) sqlite3_exec(m_database.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
    m_database.execute("COMMIT");
    m_open = false;
}

}  // namespace retort
