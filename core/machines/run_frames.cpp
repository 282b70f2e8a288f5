#include "core/machines/run_frames.h"

#include "core/util/error.h"

namespace retort {
namespace {

constexpr std::size_t longestLine = 4u << 20;
constexpr std::int64_t mostBytes = 1 << 20;

}  // namespace

void RunFrames::add(std::string_view piece) try {
    m_waiting += piece;
    std::size_t from = 0;
    while (true) {
        const std::size_t end = m_waiting.find('\n', from);
        if (end == std::string::npos) {
            if (m_waiting.size() - from > longestLine) throw Error("a line of more than 4 MB");
            break;
        }
        const Json answer =
            Json::parse(m_waiting.begin() + std::ptrdiff_t(from), m_waiting.begin() + std::ptrdiff_t(end));
        const std::int64_t count = answer.value("bytes", std::int64_t(0));
        if (count < 0 || count > mostBytes) throw Error("a piece of " + std::to_string(count) + " bytes");
        if (m_waiting.size() - end - 1 < std::size_t(count)) break;
        m_frame(answer, std::string_view(m_waiting).substr(end + 1, std::size_t(count)));
        from = end + 1 + std::size_t(count);
    }
    m_waiting.erase(0, from);
} catch (const Json::exception& error) {
    throw Error(std::string("the other end speaks another language: ") + error.what());
}

}  // namespace retort
