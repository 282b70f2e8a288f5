#include "core/adoption/adopted_log.h"

#include <fcntl.h>
#include <simdjson.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/runlog/codec.h"
#include "core/util/error.h"
#include "core/util/json_text.h"

namespace retort {
namespace {

constexpr std::size_t writeBytes = std::size_t(256) << 10;
constexpr std::size_t pieceBytes = std::size_t(4) << 20;

void appendPosition(std::string& line, int file, const TrackerCursor& cursor) {
    if (file < 0) return;
    line.resize(line.size() - 2);  // "}\n"
    line.append(",\"adopted\":[")
        .append(std::to_string(file))
        .append(1, ',')
        .append(std::to_string(cursor.at));
    if (cursor.check != 0) line.append(1, ',').append(std::to_string(cursor.check));
    line += "]}\n";
}

struct Position {
    int file = -1;
    TrackerCursor cursor;
};

Position positionOf(const simdjson::dom::object& line) {
    simdjson::dom::array numbers;
    if (line["adopted"].get(numbers) != simdjson::SUCCESS) return {};
    std::uint64_t values[3] = {};
    std::size_t count = 0;
    for (const auto number : numbers)
        if (count == 3 || number.get(values[count++]) != simdjson::SUCCESS) return {};
    if (count < 2 || values[0] > 1'000'000'000) return {};
    return {int(values[0]), {values[1], values[2]}};
}

}  // namespace

void AdoptedState::take(const EventPayload& payload, double time, int file) {
    t = std::max(t, time);
    if (const auto* scalars = std::get_if<ScalarsEvent>(&payload)) {
        step = scalars->step;
        tokens = scalars->tokens;
        if (firstFile < 0) firstFile = file;
    } else if (const auto* rewind = std::get_if<RewindEvent>(&payload)) {
        step = std::min(step, rewind->toStep);
        rewinds.push_back({seq, rewind->toStep});
        rewound = true;
    } else if (const auto* start = std::get_if<StartEvent>(&payload)) {
        ++attempts;
        rewound = false;
        started = time;
        ended = false;
        if (start->totalSteps > 0) totalSteps = start->totalSteps;
    } else if (const auto* status = std::get_if<StatusEvent>(&payload)) {
        if (status->totalSteps > 0) totalSteps = status->totalSteps;
    } else if (std::holds_alternative<EndEvent>(payload)) {
        ended = true;
        for (auto& [index, each] : files) each.beforeEnd = true;
    }
}

void AdoptedState::take(const EventPayload& payload, int file, AdoptedSeriesMap& series) {
    if (const auto* scalars = std::get_if<ScalarsEvent>(&payload))
        for (const auto& [name, value] : scalars->values) series[name] = {scalars->step, file, 0};
    if (const auto* rewind = std::get_if<RewindEvent>(&payload))
        for (auto& [name, each] : series) each.lastStep = std::min(each.lastStep, rewind->toStep);
}

bool AdoptedState::isSuperseded(int file, std::int64_t ofStep) const {
    const auto known = files.find(file);
    return known != files.end() && std::any_of(rewinds.begin(), rewinds.end(), [&](const Rewind& each) {
               return each.seq > known->second.seq && each.toStep < ofStep;
           });
}

AdoptedLog::AdoptedLog(std::filesystem::path file) : m_path(std::move(file)) {
    m_fd = ::open(m_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (m_fd < 0)
        throw Error(std::string("cannot write the run's log: ") + std::strerror(errno), m_path.string());
    try {
        scan();
        if (::ftruncate(m_fd, m_end) != 0)
            throw Error(std::string("cannot cut off the torn last line: ") + std::strerror(errno),
                        m_path.string());
    } catch (...) {
        ::close(m_fd);
        throw;
    }
}

AdoptedLog::~AdoptedLog() {
    try {
        flush();
    } catch (const Error&) {  // what is not there is told again when the log is opened next
    }
    ::close(m_fd);
}

/// Gives each whole line; where the last one ends.
template <class Take>
std::int64_t AdoptedLog::eachLine(Take take) {
    std::string buffer;
    std::int64_t end = 0, at = 0;
    for (;;) {
        const std::size_t before = buffer.size();
        buffer.resize(before + pieceBytes);
        ssize_t got = ::pread(m_fd, buffer.data() + before, pieceBytes, at);
        if (got < 0 && errno == EINTR)
            got = 0;
        else if (got < 0)
            throw Error(std::string("cannot read the run's log: ") + std::strerror(errno), m_path.string());
        else if (got == 0)
            return end;
        buffer.resize(before + std::size_t(got));
        at += got;
        std::size_t begin = 0;
        for (std::size_t newline; (newline = buffer.find('\n', begin)) != std::string::npos;
             begin = newline + 1)
            take(std::string_view(buffer).substr(begin, newline - begin));
        end += std::int64_t(begin);
        buffer.erase(0, begin);
    }
}

void AdoptedLog::scan() {
    EventDecoder decoder;
    simdjson::dom::parser parser;
    m_end = eachLine([&](std::string_view text) {
        Event event;
        Position position;
        try {
            event = decoder.decode(text);
            simdjson::dom::object line;
            if (parser.parse(text.data(), text.size()).get(line) == simdjson::SUCCESS)
                position = positionOf(line);
        } catch (const Error&) {
            return;  // a line of somebody else: its readers say so
        }
        m_state.seq = std::max(m_state.seq, event.seq);
        if (position.file >= 0) {
            AdoptedState::File& file = m_state.files[position.file];
            file.cursor = position.cursor;
            file.seq = event.seq;
        }
        m_state.take(event.payload, event.t, position.file);
        AdoptedState::take(event.payload, position.file, m_series);
    });
}

void AdoptedLog::append(double t, EventPayload payload, int file, const TrackerCursor& cursor) {
    const Event event{++m_state.seq, t, std::move(payload)};
    encodeEvent(event, m_pending);
    appendPosition(m_pending, file, cursor);
    if (file >= 0) {
        AdoptedState::File& entry = m_state.files[file];
        entry.cursor = cursor;
        entry.seq = m_state.seq;
    }
    m_state.take(event.payload, t, file);
    if (m_told) m_told(event.payload, file);
    if (m_pending.size() >= writeBytes) flush();
}

void AdoptedLog::flush() {
    // What was lost with the first failure must not be followed by anything.
    if (!m_failure.empty()) throw Error(m_failure, m_path.string());
    std::size_t written = 0;
    while (written < m_pending.size()) {
        const ssize_t n = ::pwrite(m_fd, m_pending.data() + written, m_pending.size() - written,
                                   m_end + std::int64_t(written));
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) {
            const int code = n < 0 ? errno : EIO;
            // Back to what was there: after the error is mended, opening it again goes on from that.
            [[maybe_unused]] const int ignored = ::ftruncate(m_fd, m_end);
            m_pending.clear();
            m_failure = std::string("cannot write the run's log: ") + std::strerror(code);
            throw Error(m_failure, m_path.string(), code == ENOSPC ? "free some space on this disk" : "");
        }
        written += std::size_t(n);
    }
    m_end += std::int64_t(written);
    m_pending.clear();
}

void AdoptedLog::sync() {
    flush();
    if (::fdatasync(m_fd) != 0 && errno != EINVAL && errno != EROFS)
        throw Error(std::string("cannot sync the run's log: ") + std::strerror(errno), m_path.string());
}

std::vector<TrackerCursor> AdoptedLog::cursorsOf(int file) {
    flush();
    std::vector<TrackerCursor> cursors;
    simdjson::dom::parser parser;
    eachLine([&](std::string_view text) {
        simdjson::dom::object line;
        if (parser.parse(text.data(), text.size()).get(line) != simdjson::SUCCESS) return;
        const Position position = positionOf(line);
        if (position.file == file) cursors.push_back(position.cursor);
    });
    return cursors;
}

}  // namespace retort
