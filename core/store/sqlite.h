// SQLite behind three small classes. Every failure is an Error that names the file and says what to do.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

struct sqlite3;
struct sqlite3_stmt;

namespace retort {

class Statement;

/// One connection; belongs to one thread at a time.
class Database {
  public:
    enum class Mode { ReadOnly, ReadWrite };
    /// Waits at most `busyMilliseconds` for other programs' locks. ReadWrite makes a missing file.
    Database(const std::filesystem::path& file, Mode mode, int busyMilliseconds = 5000);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    const std::filesystem::path& file() const { return m_file; }
    sqlite3* handle() const { return m_db; }

    /// Runs statements that give no rows.
    void execute(const std::string& sql);
    /// A statement that is prepared once, known by its text's address: `sql` must be a literal or static. Not
    /// for use inside its own loop.
    Statement& prepared(const char* sql);
    /// First column of the first row; 0 when there is none.
    std::int64_t integer(const std::string& sql);

    std::int64_t lastInsertId() const;
    /// Throws the Error for `code`; `sql` is told for mistakes in it.
    [[noreturn]] void fail(int code, std::string_view sql = {}) const;

  private:
    void open(int flags, int busyMilliseconds);

    std::filesystem::path m_file;
    sqlite3* m_db = nullptr;
    std::unordered_map<const char*, Statement> m_prepared;
};

/// A prepared statement. Parameters and columns count from 0.
class Statement {
  public:
    Statement(Database& database, std::string_view sql);
    Statement(Statement&& other) noexcept;
    ~Statement();
    Statement& operator=(Statement&&) = delete;

    void bind(int parameter, std::int64_t value);
    void bind(int parameter, std::int32_t value) { bind(parameter, std::int64_t(value)); }
    void bind(int parameter, bool value) { bind(parameter, std::int64_t(value)); }
    void bind(int parameter, double value);  ///< NaN becomes NULL
    void bind(int parameter, std::string_view value);
    void bind(int parameter, const std::string& value) { bind(parameter, std::string_view(value)); }
    void bind(int parameter, const char* value) { bind(parameter, std::string_view(value)); }
    void bind(int parameter, std::span<const std::byte> blob);
    void bind(int parameter, std::nullptr_t);
    template <class T>
    void bind(int parameter, const std::optional<T>& value) {
        value ? bind(parameter, *value) : bind(parameter, nullptr);
    }

    /// Starts anew with these parameters; for a loop over step().
    template <class... Values>
    Statement& with(const Values&... values) {
        reset();
        int parameter = 0;
        (bind(parameter++, values), ...);
        return *this;
    }
    /// Runs it once, to its end.
    template <class... Values>
    void run(const Values&... values) {
        with(values...);
        step();
        reset();
    }

    /// True while there is a row.
    bool step();
    void reset();

    int columns() const;
    std::string columnName(int column) const;
    bool isNull(int column) const;
    std::int64_t integer(int column) const;
    double real(int column) const;  ///< NULL is NaN
    std::optional<double> optionalReal(int column) const;
    std::string text(int column) const;
    std::span<const std::byte> blob(int column) const;  ///< valid until the next step()

    sqlite3_stmt* handle() const { return m_statement; }

  private:
    void check(int code);

    Database& m_database;
    sqlite3_stmt* m_statement = nullptr;
};

/// BEGIN IMMEDIATE; rolls back unless committed.
class Transaction {
  public:
    explicit Transaction(Database& database);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit();

  private:
    Database& m_database;
    bool m_open = true;
};

}  // namespace retort
