#include "core/adoption/found_facts.h"

#include <algorithm>

#include "core/adoption/adopted_sources.h"
#include "core/adoption/file_kinds.h"
#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr std::size_t sliceBytes = std::size_t(256) << 10;
// As long as W&B waits before it takes a run for lost.
constexpr double silence = 600;

class CountingSink final : public TrackerSink {
  public:
    explicit CountingSink(FoundFacts& facts) : m_facts(facts) {}
    void row(const TrackedRow& row, const TrackerCursor&) override {
        m_facts.points += std::int64_t(row.values.size());
        m_facts.lastStep = std::max(m_facts.lastStep, row.step);
    }
    void restart(std::optional<std::int64_t>) override {}
    void problem(std::string text) override {
        if (m_facts.problem.empty()) m_facts.problem = std::move(text);
    }

  private:
    FoundFacts& m_facts;
};

class RowSink final : public TrackerSink {
  public:
    RowSink(MappedRows& rows, std::size_t most) : m_rows(rows), m_most(most) {}
    bool isFull() const { return m_rows.rows.size() > m_most; }
    void row(const TrackedRow& row, const TrackerCursor&) override {
        auto& rows = m_rows.rows;
        // Long tables tell a step in several rows.
        if (rows.empty() || rows.back().step != row.step || rows.back().t != row.t)
            rows.push_back({row.step, row.t, {}});
        for (const TrackedValue& value : row.values) {
            const auto at = std::find(m_rows.metrics.begin(), m_rows.metrics.end(), value.name);
            const auto index = std::size_t(at - m_rows.metrics.begin());
            if (at == m_rows.metrics.end()) m_rows.metrics.emplace_back(value.name);
            rows.back().values.resize(std::max(rows.back().values.size(), index + 1));
            rows.back().values[index] = value.value;
        }
    }
    void restart(std::optional<std::int64_t>) override {}
    void problem(std::string text) override {
        if (m_rows.problem.empty()) m_rows.problem = std::move(text);
    }

  private:
    MappedRows& m_rows;
    std::size_t m_most;
};

}  // namespace

bool FoundFacts::isLive(double now) const {
    return outcome.empty() && lastChange > 0 && now - lastChange < silence;
}

FoundFacts factsOf(const FoundRun& found, const ColumnMapping& mapping, std::uint64_t mostBytes,
                   const std::function<bool()>& goOn) {
    FoundFacts facts;
    CountingSink sink(facts);
    std::uint64_t left = mostBytes;
    for (const FoundSource& source : found.sources) {
        facts.bytes += bytesOf(source.path);
        facts.lastChange = std::max(facts.lastChange, changeOf(source.path));
        if (source.type != FoundSource::Type::Curves) continue;
        try {
            TrackerOptions options;
            options.select = source.select;
            options.mapping = mapping;
            const auto reader = openTracker(source.kind, source.path, options);
            bool atEnd = false;
            while (!atEnd && left > 0 && (!goOn || goOn())) {
                atEnd = reader->read(sink, sliceBytes);
                left -= std::min<std::uint64_t>(left, sliceBytes);
            }
            facts.isWhole = facts.isWhole && atEnd;
            if (const std::string& outcome = reader->facts().outcome; !outcome.empty())
                facts.outcome = outcome;
        } catch (const Error& error) {
            if (facts.problem.empty()) facts.problem = error.what();
        }
    }
    return facts;
}

MappedRows mappedRows(const fs::path& file, const ColumnMapping& mapping, std::size_t mostRows) {
    MappedRows result;
    try {
        result.columns = columnsOf(file);
        if (result.columns.empty()) throw Error("has no header, or no first line, yet", file.string());
        result.mapping = completed(mapping, result.columns, file.filename().string());
        if (result.mapping.isEmpty() || (mapping.isEmpty() && result.mapping.step.empty()))
            throw Error("no column has a name that is known: say which one holds the step", file.string());
        std::vector<std::string> notes;
        const std::vector<FileKind> kinds = fileKinds(file, result.mapping, notes);
        if (kinds.empty()) throw Error(notes.empty() ? "has no rows yet" : notes.front(), file.string());
        TrackerOptions options;
        options.mapping = result.mapping;
        options.select = kinds.front().source.select;
        const auto reader = openTracker(kinds.front().source.kind, file, options);
        RowSink sink(result, mostRows);
        // Behind a column of runs the first rows may be another run's.
        for (int slices = 0; slices < 64 && !sink.isFull(); ++slices)
            if (reader->read(sink, std::size_t(64) << 10)) break;
        result.rows.resize(std::min(result.rows.size(), mostRows));
    } catch (const Error& error) {
        result.rows.clear();
        result.problem = error.what_happened();
        if (!error.hint().empty()) result.problem += " (" + error.hint() + ")";
    }
    return result;
}

}  // namespace retort
