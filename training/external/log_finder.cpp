#include "training/external/log_finder.h"

#include <algorithm>
#include <chrono>

#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

using Type = FoundSource::Type;

std::string keyOf(const FoundSource& source) {
    return std::string(nameOf(source)) + '\n' + source.path.string() + '\n' + source.select;
}

std::string idOf(const FoundRun& found) {
    return found.root.string() + '\n' + found.key;
}

double changed(const fs::path& path) {
    std::error_code code;
    const auto time = fs::last_write_time(path, code);
    if (code) return 0;
    return std::chrono::duration<double>(std::chrono::file_clock::to_sys(time).time_since_epoch()).count();
}

/// A database's news may be in its write-ahead log yet.
double lastChange(const FoundRun& found) {
    double last = 0;
    for (const FoundSource& source : found.sources)
        last = std::max({last, changed(source.path), changed(fs::path(source.path) += "-wal")});
    return last;
}

}  // namespace

LogFinder::LogFinder(const CommandFolders& folders, const ExternalSettings& settings, double since)
    : m_folders(folders),
      m_areNamed(!settings.adopt.empty()),
      m_mapping(columnMappingOf(settings.columns)),
      m_since(since) {
    for (const std::string& place : settings.adopt) m_places.push_back(folders.start / place);
    if (!m_areNamed) m_places = {folders.output, folders.work};
    for (const std::string& file : settings.files) {
        const fs::path path = file;
        m_notLogs.insert(folders.work /
                         (path.filename().empty() ? path.parent_path().filename() : path.filename()));
    }
}

void LogFinder::know(const AdoptionRecord& record) {
    for (const AdoptedFile& file : record.files) m_known.insert(keyOf(file.source));
}

void LogFinder::note(const std::string& text) {
    if (m_noted.insert(text).second) m_notes.push_back(text);
}

bool LogFinder::isTaken(const FoundRun& found, bool isNamed) {
    if (m_notLogs.contains(found.root)) return false;
    const bool isKnown = std::any_of(found.sources.begin(), found.sources.end(),
                                     [&](const FoundSource& each) { return m_known.contains(keyOf(each)); });
    const bool isNew = isNamed || lastChange(found) >= m_since;
    if (!isNew) return isKnown;
    const auto curves = std::find_if(found.sources.begin(), found.sources.end(),
                                     [](const FoundSource& each) { return each.type == Type::Curves; });
    if (curves == found.sources.end()) return true;
    const auto [kind, isFirst] = m_ofKind.try_emplace(std::string(nameOf(*curves)), idOf(found));
    if (isFirst || isKnown || kind->second == idOf(found)) return true;
    note(found.root.string() + " is not followed: it is another log of the same kind (" + found.summary() +
         "); name the one that counts in external.adopt");
    return false;
}

void LogFinder::lookAt(const fs::path& place, FoundRun& all) {
    std::error_code code;
    const fs::file_type type = fs::status(place, code).type();
    if (!fs::exists(fs::file_status(type))) return;  // the command makes it
    const bool isFile = type == fs::file_type::regular;
    // Opening a pipe would wait for its writer, and a device has no end.
    if (!isFile && type != fs::file_type::directory)
        return note("not followed: " + place.string() + " is no plain file");
    FoundFolder folder;
    try {
        folder = recognise(place, m_mapping);
    } catch (const std::exception& error) {  // what a file system throws, too
        return note(std::string("not followed: ") + error.what());
    }
    for (const std::string& each : folder.notes)
        if (m_areNamed) note(each);
    for (FoundRun& found : folder.runs) {
        if (!isTaken(found, m_areNamed && isFile)) continue;
        for (FoundSource& source : found.sources) {
            if (std::find(all.sources.begin(), all.sources.end(), source) != all.sources.end()) continue;
            if (m_known.insert(keyOf(source)).second && source.type == Type::Curves)
                note("follows " + source.path.lexically_proximate(m_folders.run).string() + " (" +
                     std::string(nameOf(source)) + ")");
            all.sources.push_back(std::move(source));
        }
    }
}

FoundRun LogFinder::look() {
    FoundRun all{m_folders.run, "external", {}, {}};
    all.sources.push_back({Type::RunLog, {}, m_folders.logFile(), {}});
    std::error_code code;
    const bool logsItself = fs::file_size(m_folders.logFile(), code) > 0 && !code;
    if (logsItself && !m_areNamed) return all;
    for (const fs::path& place : m_places) lookAt(place, all);
    return all;
}

}  // namespace retort
