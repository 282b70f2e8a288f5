#include "training/external/output_tail.h"

#include <algorithm>
#include <deque>

#include "core/runlog/log_tail.h"
#include "core/util/json.h"

namespace retort {
namespace {

constexpr std::size_t longestLine = 400;

/// Behind the escape sequence that begins at `at` (ECMA-48: CSI … final byte, OSC … BEL or ST, or two
/// characters).
std::size_t behindEscape(const std::string& text, std::size_t at) {
    if (++at >= text.size()) return at;
    const char kind = text[at++];
    if (kind == '[') {
        while (at < text.size() && !(text[at] >= 0x40 && text[at] <= 0x7e)) ++at;
        return std::min(at + 1, text.size());
    }
    if (kind == ']') {
        while (at < text.size() && text[at] != '\a' && text[at] != '\x1b') ++at;
        return at < text.size() && text[at] == '\a' ? at + 1 : std::min(at + 2, text.size());
    }
    return at;
}

std::string plain(const std::string& line) {
    std::string text;
    for (std::size_t i = 0; i < line.size();) {
        const auto byte = static_cast<unsigned char>(line[i]);
        if (byte == 0x1b) {
            i = behindEscape(line, i);
            continue;
        }
        ++i;
        if (byte == '\r') {
            // What a progress bar wrote before is overwritten, unless nothing follows.
            if (line.find_first_not_of("\r ", i) != std::string::npos) text.clear();
        } else if (byte == '\t') {
            text += ' ';
        } else if (byte >= 0x20 && byte != 0x7f) {
            text += char(byte);
        }
    }
    text.erase(text.find_last_not_of(' ') + 1);
    // Through JSON, which replaces what is no UTF-8.
    text = Json::parse(Json(text).dump(-1, ' ', false, Json::error_handler_t::replace)).get<std::string>();
    if (text.size() > longestLine) {
        std::size_t end = longestLine;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
        text.resize(end);
        text += "…";
    }
    return text;
}

}  // namespace

std::string outputTail(const std::filesystem::path& file, std::int64_t offset, int lines) {
    const std::string tail = readTail(file, offset);
    std::deque<std::string> last;
    for (std::size_t end = tail.size(); int(last.size()) < lines;) {
        const std::size_t newline = end == 0 ? std::string::npos : tail.rfind('\n', end - 1);
        const std::size_t begin = newline == std::string::npos ? 0 : newline + 1;
        if (std::string line = plain(tail.substr(begin, end - begin)); !line.empty())
            last.push_front(std::move(line));
        if (newline == std::string::npos) break;
        end = newline;
    }
    std::string text;
    for (const std::string& line : last) text += (text.empty() ? "" : "\n") + line;
    return text;
}

}  // namespace retort
