#include "core/trackers/line_log.h"

#include <algorithm>

namespace retort {
namespace {
constexpr std::size_t mostLineBytes = std::size_t(16) << 20;
}

std::optional<std::uint64_t> LineLog::endOf(std::uint64_t from) {
    for (std::uint64_t at = std::max(from, m_noEnd); at < m_file.size();) {
        const std::string_view bytes = m_file.bytes(at, 1);
        if (bytes.empty()) break;
        if (const std::size_t newline = bytes.find('\n'); newline != std::string_view::npos)
            return at + newline + 1;
        at += bytes.size();
    }
    return std::nullopt;
}

bool LineLog::next(std::string_view& line, TrackerSink& sink) {
    for (;;) {
        const std::uint64_t at = m_file.at();
        const std::string_view bytes = m_file.bytes(at, 1);
        std::size_t length = bytes.find('\n');
        if (length == std::string_view::npos) {
            const auto end = endOf(at);
            const bool isLast = !end && m_isSettled && at < m_file.size();
            if (!end && !isLast) {
                m_noEnd = std::max(at, m_file.size());
                return false;
            }
            m_noEnd = 0;
            length = std::size_t(isLast ? m_file.size() - at : *end - at - 1);
        }
        m_lineAt = at;
        m_file.moveTo(std::min(at + length + 1, m_file.size()));
        m_noEnd = 0;
        if (length > mostLineBytes) {
            sink.problem(placed("a line of more than 16 MB was passed over"));
            continue;
        }
        line = m_file.bytes(at, length).substr(0, length);
        if (line.size() < length) return false;  // cut while we read
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (at == 0 && line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);
        return true;
    }
}

std::optional<std::string> LineLog::first() {
    const std::string_view bytes = m_file.bytes(0, std::size_t(1) << 20);
    const std::size_t end = bytes.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    std::string_view line = bytes.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);
    return std::string(line);
}

}  // namespace retort
