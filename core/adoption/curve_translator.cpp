#include "core/adoption/curve_translator.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/util/clock.h"

namespace retort {
namespace {

constexpr std::size_t longestName = 512, mostSeries = 200'000, mostValuesALine = 4096;

/// Training tokens so far, as TRL and transformers call them.
bool isTokens(std::string_view name) {
    return name == "num_tokens" || name == "num_input_tokens_seen" || name == "train/num_tokens" ||
           name == "train/num_input_tokens_seen";
}

/// A file a metric: what goes back in one says nothing of the others, which are read before or after it.
bool isOneMetric(TrackerKind kind) {
    return kind == TrackerKind::MlflowMetric || kind == TrackerKind::Dvclive;
}

/// Says anew each time it is read whether the run has ended.
bool saysState(TrackerKind kind) {
    return kind == TrackerKind::TrainerState || kind == TrackerKind::MlflowDatabase;
}

}  // namespace

CurveTranslator::CurveTranslator(AdoptedLog& log, AdoptionRecord& record, std::filesystem::path recordFolder,
                                 bool saysAttempts)
    : m_log(log),
      m_record(record),
      m_recordFolder(std::move(recordFolder)),
      m_saysAttempts(saysAttempts),
      m_series(log.takeSeries()),
      m_tokens(log.state().tokens) {
    if (const int first = log.state().firstFile;
        first >= 0 && std::size_t(first) < record.files.size() &&
        record.files[std::size_t(first)].source.type == FoundSource::Type::Curves)
        m_firstKind = record.files[std::size_t(first)].source.kind;
    log.whenAppended([this](const EventPayload& payload, int from) {
        if (isRunLog(from)) AdoptedState::take(payload, from, m_series);
    });
}

bool CurveTranslator::isRunLog(int file) const {
    return file >= 0 && std::size_t(file) < m_record.files.size() &&
           m_record.files[std::size_t(file)].source.type == FoundSource::Type::RunLog;
}

void CurveTranslator::begin(int file, const TrackerFacts& facts, bool hasTrainer) {
    flush();
    m_file = file;
    m_kind = m_record.files[std::size_t(file)].source.kind;
    m_facts = &facts;
    m_hasTrainer = hasTrainer;
    m_restart = false;
}

bool CurveTranslator::isFirstKind() const {
    return !isRunLog(m_log.state().firstFile) && (!m_firstKind || *m_firstKind == m_kind);
}

void CurveTranslator::decideNames() {
    if (m_record.trainerNames) return;
    const Json& config = m_facts->config;
    m_record.trainerNames = m_hasTrainer || (config.contains("args") && config["args"].is_object()) ||
                            (config.contains("output_dir") && config.contains("per_device_train_batch_size"));
    m_record.save(m_recordFolder);
}

// transformers/integrations/integration_utils.py, rewrite_logs(): the way back.
std::string_view CurveTranslator::nameOf(std::string_view name) {
    if (!*m_record.trainerNames) return name;
    constexpr std::string_view train = "train/";
    if (name.starts_with(train)) name.remove_prefix(train.size());
    for (const std::string_view prefix : {"eval/", "test/"})
        if (name.starts_with(prefix)) {
            m_name.assign(prefix.substr(0, prefix.size() - 1)).append("_").append(name.substr(prefix.size()));
            return m_name;
        }
    return name == "global_step" ? std::string_view() : name;
}

double CurveTranslator::timeOf(const TrackedRow& row) const {
    // Years 1970 to 5138: what is no time, a damaged file's, is not told as one.
    if (row.t && std::isfinite(*row.t) && *row.t > 0 && *row.t < 1e11) return *row.t;
    return m_log.state().t > 0 ? m_log.state().t : m_pendingTime > 0 ? m_pendingTime : unixTime();
}

void CurveTranslator::start(double t) {
    if (!m_saysAttempts) return;
    const AdoptedState& state = m_log.state();
    const auto known = state.files.find(m_file);
    // What comes late from a file that had its say before the end belongs to the same attempt.
    const bool isNewFile = known == state.files.end() || !known->second.beforeEnd;
    const bool goesOn =
        state.ended && (isNewFile || (saysState(m_kind) && m_facts && m_facts->outcome.empty()));
    if (state.attempts > 0 && !goesOn && !state.rewound) return;
    StartEvent event;
    event.attempt = state.attempts + 1;
    event.fromStep = goesOn || state.rewound ? std::max<std::int64_t>(state.step, 0) : 0;
    event.totalSteps = m_facts ? std::max<std::int64_t>(m_facts->totalSteps, 0) : 0;
    if (m_facts) event.host = m_facts->host;
    event.program =
        std::string(m_file >= 0 ? retort::nameOf(m_record.files[std::size_t(m_file)].source) : "");
    m_log.append(m_facts && state.attempts == 0 ? std::min(m_facts->started.value_or(t), t) : t, event);
}

void CurveTranslator::rewind(std::int64_t lastStep, double t) {
    flush();
    if (m_log.state().attempts == 0) return;  // nothing was told that could be superseded
    bool beyond = false;
    for (auto& [name, series] : m_series)
        if (series.lastStep > lastStep) {
            beyond = true;
            series.lastStep = lastStep;
        }
    if (beyond || m_log.state().step > lastStep) m_log.append(t, RewindEvent{lastStep});
    if (!m_saysAttempts) return;
    StartEvent event;
    event.attempt = m_log.state().attempts + 1;
    event.fromStep = std::max<std::int64_t>(lastStep, 0);
    event.totalSteps = m_log.state().totalSteps;
    if (m_facts) event.host = m_facts->host;
    event.program = std::string(retort::nameOf(m_record.files[std::size_t(m_file)].source));
    m_log.append(t, event);
}

void CurveTranslator::restart(std::optional<std::int64_t> lastStep) {
    if (!isFirstKind() || isOneMetric(m_kind)) return;
    if (lastStep)
        rewind(*lastStep, m_log.state().t > 0 ? m_log.state().t : unixTime());
    else
        m_restart = true;
}

bool CurveTranslator::accepts(const AdoptedSeries& series, std::int64_t step) const {
    // Of one step a first source may tell a metric twice; of another source that is the same number again.
    return series.file < 0 || isFirstKind() || step > series.lastStep;
}

AdoptedSeriesMap::value_type* CurveTranslator::find(std::string_view name) {
    if (name.empty() || name.size() > longestName) return nullptr;
    if (const auto found = m_series.find(name); found != m_series.end()) return &*found;
    if (m_series.size() < mostSeries) return &*m_series.emplace(std::string(name), AdoptedSeries{}).first;
    if (!m_toldMany)
        problem(m_recordFolder.string() + ": there are more than 200000 metrics; others are passed over");
    m_toldMany = true;
    return nullptr;
}

void CurveTranslator::row(const TrackedRow& row, const TrackerCursor& behind) {
    decideNames();
    const double t = timeOf(row);
    // A row is in one line, all of it, so that it is never told by halves.
    bool own = m_pendingFile != m_file || m_pending.step != row.step ||
               m_pending.values.size() + row.values.size() > mostValuesALine ||
               // Entries of a history stay apart: how much of it is still the same is told by its lines.
               m_kind == TrackerKind::TrainerState;
    bool back = m_restart;
    m_found.clear();
    for (const TrackedValue& value : row.values) {
        auto* found = find(nameOf(value.name));
        m_found.push_back(found);
        if (!found) continue;
        own = own || found->second.row == m_rowNumber;
        back = back || (found->second.file >= 0 && row.step < found->second.lastStep && isFirstKind() &&
                        !isOneMetric(m_kind));
    }
    if (own) flush();
    if (back) rewind(row.step - 1, t);
    m_restart = false;
    for (std::size_t i = 0; i < row.values.size(); ++i) {
        if (!m_found[i]) continue;
        auto& [name, series] = *m_found[i];
        const double value = row.values[i].value;
        if (isTokens(name) && std::isfinite(value) && value >= 0 && value < 9e15)
            m_tokens = std::int64_t(value);
        if (series.row == m_rowNumber || !accepts(series, row.step)) continue;  // twice in one row: the first
        if (m_pendingFile < 0) {
            m_pendingFile = m_file;
            m_pending.step = row.step;
            m_pendingTime = t;
        }
        series = {row.step, m_file, m_rowNumber};
        m_pending.values.emplace_back(name, value);
        ++m_points;
    }
    m_pending.tokens = m_tokens;
    if (m_pendingFile == m_file) m_pendingCursor = behind;
}

void CurveTranslator::flush() {
    ++m_rowNumber;
    if (m_pendingFile < 0) return;
    start(m_pendingTime);
    if (!m_firstKind) m_firstKind = m_record.files[std::size_t(m_pendingFile)].source.kind;
    m_log.append(m_pendingTime, std::move(m_pending), m_pendingFile, m_pendingCursor);
    m_pending = {};
    m_pendingFile = -1;
}

void CurveTranslator::problem(std::string text) {
    ++m_problemCount;
    if (m_problems.size() < mostProblems) m_problems.push_back(std::move(text));
}

std::vector<std::string> CurveTranslator::takeProblems() {
    return std::exchange(m_problems, {});
}

}  // namespace retort
