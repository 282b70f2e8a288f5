#include "core/trace_formats/record_reader.h"

#include <cerrno>
#include <cstring>

#include "core/util/error.h"

namespace retort {
namespace {

constexpr std::size_t blockBytes = 1 << 20, mostMemberBytes = 1 << 20;

bool isBlank(int c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

}  // namespace

JsonScanner::JsonScanner(const std::filesystem::path& file) : m_path(file) {
    std::error_code code;
    if (std::filesystem::is_directory(file, code))
        throw Error("is a folder, a file was expected", file.string());
    m_file.reset(std::fopen(file.c_str(), "rbe"));
    if (!m_file) throw Error(std::string("cannot open: ") + std::strerror(errno), file.string());
}

void JsonScanner::fail(const std::string& what) const {
    throw Error(what, m_path.string() + ":" + std::to_string(m_line));
}

int JsonScanner::next() {
    if (m_at == m_buffer.size()) {
        m_buffer.resize(blockBytes);
        m_buffer.resize(std::fread(m_buffer.data(), 1, blockBytes, m_file.get()));
        m_at = 0;
        if (m_buffer.empty()) return EOF;
    }
    const int c = static_cast<unsigned char>(m_buffer[m_at++]);
    ++m_bytes;
    if (c == '\n') ++m_line;
    return c;
}

int JsonScanner::peek() {
    if (m_peeked != -2) return m_peeked;
    int c = next();
    while (isBlank(c) || (m_bytes <= 3 && (c == 0xEF || c == 0xBB || c == 0xBF))) c = next();
    return m_peeked = c;
}

void JsonScanner::take() {
    m_peeked = -2;
}

bool JsonScanner::value(std::string* text, std::size_t mostBytes) {
    if (text) text->clear();
    bool inString = false, escaped = false, fits = true;
    std::uint64_t depth = 0;
    const auto keep = [&](int c) {
        if (text && fits && text->size() >= mostBytes) {
            fits = false;
            std::string().swap(*text);
        }
        if (text && fits) text->push_back(char(c));
    };
    int c = peek();
    take();
    const bool isWord = c != '"' && c != '{' && c != '[';
    for (;; c = next()) {
        if (isWord && (c == EOF || isBlank(c) || c == ',' || c == ':' || c == ']' || c == '}')) {
            if (!isBlank(c)) m_peeked = c;
            return fits;
        }
        if (c == EOF) fail("ends in the middle of a value");
        keep(c);
        if (inString) {
            inString = escaped || c != '"';
            escaped = !escaped && c == '\\';
        } else if (c == '"') {
            inString = true;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if (c == '}' || c == ']') {
            --depth;
        }
        if (!isWord && !inString && depth == 0) return fits;
    }
}

/// Lines of a file through one buffer; long ones are passed over without being kept.
class RecordLines {
  public:
    RecordLines(const std::filesystem::path& file, std::uint64_t fromByte, std::int64_t linesBefore)
        : m_path(file), m_number(linesBefore), m_bytes(fromByte) {
        std::error_code code;
        if (std::filesystem::is_directory(file, code))
            throw Error("is a folder, a file was expected", file.string());
        m_file.reset(std::fopen(file.c_str(), "rbe"));
        if (!m_file || ::fseeko(m_file.get(), off_t(fromByte), SEEK_SET) != 0)
            throw Error(std::string("cannot open: ") + std::strerror(errno), file.string());
        std::setvbuf(m_file.get(), nullptr, _IONBF, 0);
    }

    bool next(std::string& record) {
        ++m_number;
        record.clear();
        bool any = false, fits = true;
        for (;;) {
            if (m_at == m_end && !fill()) break;
            any = true;
            const char* begin = m_buffer.data() + m_at;
            const auto* found = static_cast<const char*>(std::memchr(begin, '\n', m_end - m_at));
            const std::size_t length = found ? std::size_t(found - begin) : m_end - m_at;
            fits = fits && record.size() + length <= RecordSource::mostBytes;
            if (fits) record.append(begin, length);
            m_at += length + (found ? 1 : 0);
            m_bytes += length + (found ? 1 : 0);
            if (found) break;
        }
        if (!fits) {
            std::string().swap(record);
            throw Error("the record is longer than " + std::to_string(RecordSource::mostBytes >> 20) + " MB",
                        m_path.string() + ":" + std::to_string(m_number));
        }
        if (record.ends_with('\r')) record.pop_back();
        return any;
    }

    std::int64_t number() const { return m_number; }
    std::uint64_t bytes() const { return m_bytes; }

  private:
    bool fill() {
        if (m_buffer.empty()) m_buffer.resize(blockBytes);
        m_end = std::fread(m_buffer.data(), 1, blockBytes, m_file.get());
        m_at = 0;
        if (std::ferror(m_file.get()) && !m_failed) {
            m_failed = true;  // said once; then it is the end
            throw Error(std::string("cannot read: ") + std::strerror(errno), m_path.string());
        }
        return m_end > 0;
    }

    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    std::filesystem::path m_path;
    std::unique_ptr<std::FILE, Close> m_file;
    std::string m_buffer;
    std::size_t m_at = 0, m_end = 0;
    std::int64_t m_number = 0;
    std::uint64_t m_bytes = 0;
    bool m_failed = false;
};

RecordReader::RecordReader(const std::filesystem::path& file, RecordLayout layout, std::string member,
                           std::uint64_t fromByte, std::int64_t linesBefore)
    : m_path(file), m_layout(layout), m_member(std::move(member)) {
    if (layout == RecordLayout::Lines)
        m_lines = std::make_unique<RecordLines>(file, fromByte, linesBefore);
    else
        m_scanner = std::make_unique<JsonScanner>(file);
}

RecordReader::~RecordReader() = default;

std::int64_t RecordReader::line() const {
    return m_lines ? m_lines->number() : m_line;
}

std::uint64_t RecordReader::bytes() const {
    return m_lines ? m_lines->bytes() : m_scanner->bytes();
}

bool RecordReader::next(std::string& record) {
    return m_lines ? nextLine(record) : nextItem(record);
}

bool RecordReader::nextLine(std::string& record) {
    while (m_lines->next(record)) {
        if (m_lines->number() == 1 && record.starts_with("\xef\xbb\xbf")) record.erase(0, 3);
        if (record.find_first_not_of(" \t\r") != std::string::npos) return true;
    }
    return false;
}

// To the list that m_member names.
bool RecordReader::enterMember() {
    if (m_scanner->peek() != '{') m_scanner->fail("expected a JSON object");
    m_scanner->take();
    std::string key, value;
    while (m_scanner->peek() == '"') {
        m_scanner->value(&key, mostMemberBytes);
        if (m_scanner->peek() != ':') m_scanner->fail("expected ':' after a member's name");
        m_scanner->take();
        if (key == "\"" + m_member + "\"" && m_scanner->peek() == '[') return true;
        if (m_scanner->value(&value, mostMemberBytes))
            m_before.append(m_before.empty() ? "{" : ",").append(key).append(":").append(value);
        if (m_scanner->peek() == ',') m_scanner->take();
    }
    return false;
}

bool RecordReader::nextItem(std::string& record) {
    if (m_ended) return false;
    m_ended = true;  // unless this record is read to its end
    if (!m_entered) {
        if (m_layout == RecordLayout::Member && !enterMember()) return false;
        if (!m_before.empty()) m_before += '}';
        if (m_scanner->peek() != '[') m_scanner->fail("expected a JSON list");
        m_scanner->take();
        m_entered = true;
    }
    if (m_scanner->peek() == ',') m_scanner->take();
    if (m_scanner->peek() == ']') return false;
    m_line = m_scanner->line();
    const int first = m_scanner->peek();
    if (first == EOF || first == ',' || first == '}' || first == ':') m_scanner->fail("the list breaks off");
    const bool fits = m_scanner->value(&record, mostBytes);
    m_ended = false;
    if (!fits) m_scanner->fail("the record is longer than " + std::to_string(mostBytes >> 20) + " MB");
    return true;
}

std::set<std::string, std::less<>> firstMembers(const std::filesystem::path& file, std::uint64_t mostBytes) {
    std::set<std::string, std::less<>> names;
    JsonScanner scanner(file);
    if (scanner.peek() == '[') scanner.take();
    if (scanner.peek() != '{') return names;
    scanner.take();
    try {
        std::string key;
        while (scanner.peek() == '"' && scanner.bytes() < mostBytes) {
            scanner.value(&key, mostMemberBytes);
            if (key.size() >= 2) names.insert(key.substr(1, key.size() - 2));
            if (scanner.peek() != ':') break;
            scanner.take();
            scanner.value(nullptr, 0);
            if (scanner.peek() == ',') scanner.take();
        }
    } catch (const Error&) {  // it breaks off: what was there is what is known
    }
    return names;
}

std::string withQuotedNonFinite(std::string_view record) {
    std::string result;
    bool inString = false;
    for (std::size_t i = 0; i < record.size(); ++i) {
        const char c = record[i];
        if (inString && c == '\\' && i + 1 < record.size()) {
            result.append(record.substr(i++, 2));
            continue;
        }
        if (c == '"') inString = !inString;
        std::string_view word;
        if (!inString)
            for (const std::string_view each : {"NaN", "Infinity", "-Infinity"})
                if (record.substr(i).starts_with(each)) word = each;
        if (word.empty()) {
            result += c;
        } else {
            result.append("\"").append(word).append("\"");
            i += word.size() - 1;
        }
    }
    return result;
}

}  // namespace retort
