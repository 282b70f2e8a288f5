#include "core/trace_formats/archive_records.h"

#include <algorithm>

#include "core/util/error.h"

namespace retort {
namespace {

constexpr std::string_view header = "header.json", start = "_journal/start.json", samples = "samples/";

bool isSample(const std::string& name) {
    return name.starts_with(samples) && name.ends_with(".json");
}

}  // namespace

ArchiveRecords::ArchiveRecords(const std::filesystem::path& file) : m_archive(file), m_path(file) {
    for (const std::string_view wanted : {header, start}) {
        const auto& names = m_archive.names();
        const auto found = std::find(names.begin(), names.end(), wanted);
        if (found == names.end()) continue;
        m_head = m_archive.read(std::size_t(found - names.begin()), mostBytes);
        m_finished = wanted == header;
        return;
    }
    throw Error("is a zip archive, but no log of Inspect: it has no header.json", file.string());
}

bool ArchiveRecords::next(std::string& record) {
    const auto& names = m_archive.names();
    while (m_next < names.size() && !isSample(names[m_next])) ++m_next;
    if (m_next == names.size()) return false;
    m_last = m_next++;
    m_bytes += m_archive.packedBytes(m_last);
    record = m_archive.read(m_last, mostBytes);
    return true;
}

std::string ArchiveRecords::place() const {
    return m_path.string() + ":" + m_archive.names()[m_last];
}

std::vector<std::string> ArchiveRecords::notes() const {
    if (m_finished) return {};
    return {"the log was never finished: it has the samples that were"};
}

}  // namespace retort
