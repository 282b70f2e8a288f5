#include "core/runlog/log_tail.h"

#include <algorithm>
#include <fstream>

#include "core/runlog/codec.h"
#include "core/util/error.h"

namespace retort {
namespace {

// An end event with its error, or twenty lines of output, fit easily; a runaway log costs no more than this.
constexpr std::int64_t tailBytes = 64 << 10;

}  // namespace

std::string readTail(const std::filesystem::path& file, std::int64_t from) {
    std::ifstream in(file, std::ios::binary | std::ios::ate);
    if (!in) return {};
    const std::int64_t size = in.tellg();
    const std::int64_t begin = std::max(from, size - tailBytes);
    if (begin >= size) return {};
    std::string tail(std::size_t(size - begin), '\0');
    in.seekg(begin);
    in.read(tail.data(), std::streamsize(tail.size()));
    tail.resize(std::size_t(in.gcount()));
    return tail;
}

std::optional<EndEvent> endOfLastAttempt(const RunDirectory& run, std::int64_t from) {
    std::string tail = readTail(run.eventsFile(), from);
    // A line without its newline is not there yet.
    const std::size_t lastNewline = tail.rfind('\n');
    if (lastNewline == std::string::npos) return std::nullopt;
    tail.resize(lastNewline);
    const std::size_t before = tail.rfind('\n');
    try {
        EventDecoder decoder;
        Event event =
            decoder.decode(std::string_view(tail).substr(before == std::string::npos ? 0 : before + 1));
        if (auto* end = std::get_if<EndEvent>(&event.payload)) return std::move(*end);
    } catch (const Error&) {
        // A foreign or cut-off line is no end event; whoever follows the log reports it.
    }
    return std::nullopt;
}

}  // namespace retort
