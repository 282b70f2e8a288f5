// JSON records one at a time, whatever holds them: lines, one list, or a list within one object.
#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <set>
#include <string>

#include "core/trace_formats/record_source.h"

namespace retort {

/// Text of a JSON value after another, without a parser's tree: depth is counted, not recursed into, and what
/// is not wanted is not kept.
class JsonScanner {
  public:
    explicit JsonScanner(const std::filesystem::path& file);

    /// The next character that is no blank, without taking it; EOF at the end. A byte order mark is blank.
    int peek();
    void take();
    /// Takes a whole value. Its text is kept up to `mostBytes`; false when it was longer. Throws Error when
    /// the file ends within it.
    bool value(std::string* text, std::size_t mostBytes);

    std::int64_t line() const { return m_line; }
    std::uint64_t bytes() const { return m_bytes; }
    [[noreturn]] void fail(const std::string& what) const;

  private:
    int next();
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    std::filesystem::path m_path;
    std::unique_ptr<std::FILE, Close> m_file;
    std::string m_buffer;
    std::size_t m_at = 0;
    std::int64_t m_line = 1;
    std::uint64_t m_bytes = 0;
    int m_peeked = -2;
};

enum class RecordLayout { Lines, List, Member };

class RecordReader final : public RecordSource {
  public:
    /// `member`: of the one object that the file is, the list to read. Other members of up to 1 MB that stand
    /// before it are kept. `fromByte` and `linesBefore` (of lines): what is before it was read another time.
    /// Throws Error when the file cannot be opened.
    RecordReader(const std::filesystem::path& file, RecordLayout layout, std::string member = {},
                 std::uint64_t fromByte = 0, std::int64_t linesBefore = 0);
    ~RecordReader() override;

    /// Throws Error for a record that is too long, after which reading can go on, and for a list that breaks
    /// off, after which it gives false.
    bool next(std::string& record) override;
    std::string place() const override { return m_path.string(); }
    /// Where the record begins that next() read last; 1-based.
    std::int64_t line() const override;
    std::uint64_t bytes() const override;
    /// The text of members that stood before the list.
    const std::string& head() const override { return m_before; }

  private:
    bool nextLine(std::string& record);
    bool nextItem(std::string& record);
    bool enterMember();

    std::filesystem::path m_path;
    RecordLayout m_layout;
    std::string m_member, m_before;
    std::unique_ptr<class RecordLines> m_lines;
    std::unique_ptr<JsonScanner> m_scanner;
    std::int64_t m_line = 0;
    bool m_entered = false, m_ended = false;
};

/// The names of the first object's members, as far as `mostBytes` of the file tell; values are not looked
/// into.
std::set<std::string, std::less<>> firstMembers(const std::filesystem::path& file, std::uint64_t mostBytes);

/// Python writes NaN, Infinity and -Infinity, which JSON does not have: as strings, which our number readers
/// take. Other text stays as it is.
std::string withQuotedNonFinite(std::string_view record);

}  // namespace retort
