#include "training/backends/remote/far_pieces.h"

#include <QRandomGenerator>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "training/backends/remote/shell_quote.h"
#include "training/backends/remote/work_place.h"

namespace retort {
namespace {

constexpr std::size_t longestStamp = 64 << 10;  // a path is not that long

std::string newMarker() {
    std::string text = "retort-piece-";
    for (int i = 0; i < 2; ++i)
        text += QByteArray::number(QRandomGenerator::system()->generate64(), 16).toStdString();
    return text;
}

}  // namespace

std::string piecesScript(const FarFolder& folder, const std::vector<FarPiece>& pieces,
                         const std::string& marker) {
    std::string script = enterScript(folder) +
                         "p() {\nif [ -f \"$1\" ] && [ ! -h \"$1\" ]; then\n"
                         "[ $3 = 0 ] || dd if=\"$1\" bs=" +
                         std::to_string(farBlock) + " skip=$2 count=$3 2>/dev/null\nprintf '\\n" + marker +
                         "\\n'; stamps \"$1\" || printf '\\0'\nelse printf '\\n" + marker +
                         "\\n\\0'; fi\n}\n";
    for (const FarPiece& piece : pieces)
        script += "p " + shellQuote("./" + piece.name) + " " + std::to_string(piece.fromBlock) + " " +
                  std::to_string(piece.blocks) + "\n";
    return script + "true";
}

FarPieces::FarPieces(const std::string& marker, std::function<void(std::size_t, std::string_view)> bytes,
                     std::function<void(std::size_t, const std::string&)> whole)
    : m_marker(1, '\n'), m_bytes(std::move(bytes)), m_whole(std::move(whole)) {
    m_marker.append(marker).append(1, '\n');
}

void FarPieces::add(std::string_view piece) {
    if (m_isBroken) return;
    m_waiting += piece;
    std::size_t begin = 0;
    while (true) {
        const std::size_t at = m_waiting.find(m_marker, begin);
        if (at == std::string::npos) break;
        const std::size_t end = m_waiting.find('\0', at + m_marker.size());
        if (end == std::string::npos) break;
        if (at > begin) m_bytes(m_index, std::string_view(m_waiting).substr(begin, at - begin));
        const std::string text = m_waiting.substr(at + m_marker.size(), end - at - m_marker.size());
        FarLog log;
        m_whole(m_index++, parseStamp(text, log) ? log.stamp : std::string());
        begin = end + 1;
    }
    m_waiting.erase(0, begin);
    // All but what may be the beginning of a marker, or one whose stamp is not there yet.
    if (m_waiting.find(m_marker) != std::string::npos) {
        m_isBroken = m_waiting.size() > longestStamp;
        return;
    }
    if (m_waiting.size() < m_marker.size()) return;
    const std::size_t sure = m_waiting.size() - m_marker.size() + 1;
    m_bytes(m_index, std::string_view(m_waiting).substr(0, sure));
    m_waiting.erase(0, sure);
}

std::optional<Error> fetchPieces(Shell& shell, const FarFolder& folder, const std::vector<FarPiece>& pieces,
                                 const std::vector<std::filesystem::path>& files,
                                 std::vector<FarArrival>& arrived, const std::function<bool()>& stop,
                                 const std::function<void(std::uint64_t)>& each) {
    arrived.assign(pieces.size(), {});
    std::ofstream out;
    std::size_t writing = pieces.size();
    const auto open = [&](std::size_t index) {
        if (index == writing) return;
        out.close();
        out.clear();
        out.open(files[index], std::ios::binary | std::ios::trunc);
        writing = index;
    };
    std::string failure;
    constexpr const char* tooMuch = "the machine sends more than it was asked for";
    const std::string marker = newMarker();
    FarPieces parts(
        marker,
        [&](std::size_t index, std::string_view bytes) {
            if (!failure.empty()) return;
            if (index >= pieces.size()) {
                failure = tooMuch;
                return;
            }
            open(index);
            out.write(bytes.data(), std::streamsize(bytes.size()));
            if (!out) failure = "cannot write " + files[index].string() + ": " + std::strerror(errno);
            arrived[index].bytes += bytes.size();
            if (arrived[index].bytes > pieces[index].blocks * farBlock) failure = tooMuch;
            if (each) each(bytes.size());
        },
        [&](std::size_t index, const std::string& stamp) {
            if (index >= pieces.size() || !failure.empty()) return;
            open(index);
            if (!out.flush()) failure = "cannot write " + files[index].string() + ": " + std::strerror(errno);
            arrived[index].stamp = stamp;
            arrived[index].isOver = failure.empty();
        });
    CommandStreams streams;
    streams.output = [&](const QByteArray& bytes) {
        parts.add({bytes.constData(), std::size_t(bytes.size())});
        if (parts.isBroken()) failure = tooMuch;
    };
    try {
        const CommandResult result = shell.wait(piecesScript(folder, pieces, marker), std::move(streams),
                                                [&] { return !failure.empty() || (stop && stop()); });
        if (result.exitCode != 0)
            return Error("the logs cannot be read: " + lastWordsOf(result), folder.text());
    } catch (const Error& error) {
        if (failure.empty()) return error;
    }
    if (!failure.empty()) return Error(failure, folder.text());
    return std::nullopt;
}

}  // namespace retort
