#include "views/traces/groups/group_table_model.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "views/models/format.h"
#include "views/models/trace_group_model.h"
#include "views/models/verdict_glyph.h"

namespace retort {

namespace {

constexpr std::size_t kMostShown = 4000;  // bytes of a cell; the reading view shows all of it

/// A value that every sample of the group may have.
struct Measure {
    QString name;
    std::vector<std::optional<double>> values;
    bool isSigned = false;
};

std::vector<Measure> measuresOf(const std::vector<std::pair<RowId, Trace>>& group) {
    std::vector<Measure> measures;
    const auto add = [&](const QString& name, auto value, bool isSigned = false) {
        Measure measure{name, {}, isSigned};
        for (const auto& [id, trace] : group) measure.values.push_back(value(trace));
        if (std::any_of(measure.values.begin(), measure.values.end(), [](const auto& v) { return v; }))
            measures.push_back(std::move(measure));
    };
    add(GroupTableModel::tr("reward"), [](const Trace& t) { return t.reward; });
    std::vector<std::string> names;
    for (const auto& [id, trace] : group)
        for (const auto& [name, value] : trace.rewards)
            if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    for (const std::string& name : names)
        add(toQString(name), [&name](const Trace& t) -> std::optional<double> {
            for (const auto& [each, value] : t.rewards)
                if (each == name) return value;
            return std::nullopt;
        });
    add(
        GroupTableModel::tr("advantage"), [](const Trace& t) { return t.advantage; }, true);
    add(GroupTableModel::tr("tokens"), [](const Trace& t) { return std::optional<double>(t.numTokens); });
    return measures;
}

}  // namespace

std::vector<SampleFacts> groupFacts(const std::vector<std::pair<RowId, Trace>>& group) {
    std::vector<SampleFacts> all;
    for (const auto& [id, trace] : group) {
        SampleFacts facts;
        facts.title = sampleTitle(trace);
        facts.correct = trace.correct;
        facts.verdict = verdictGlyph(trace.correct ? StepVerdict::Correct : StepVerdict::Wrong) +
                        QLatin1Char(' ') +
                        (trace.extracted.empty() ? GroupTableModel::tr("no answer")
                                                 : toQString(trace.extracted).simplified());
        if (trace.finish == "length") facts.finish = GroupTableModel::tr("cut off");
        all.push_back(std::move(facts));
    }
    for (const Measure& measure : measuresOf(group)) {
        double low = 0, high = 0;  // bars begin at zero
        for (const auto& value : measure.values)
            if (value && std::isfinite(*value)) {
                low = std::min(low, *value);
                high = std::max(high, *value);
            }
        for (std::size_t i = 0; i < all.size(); ++i) {
            const std::optional<double> value = measure.values[i];
            const bool drawn = value && std::isfinite(*value) && high > low;
            const QString sign = measure.isSigned && value && *value > 0 ? QStringLiteral("+") : QString();
            all[i].parts.push_back({measure.name, value ? sign + formatNumber(*value) : QStringLiteral("–"),
                                    drawn ? (*value - low) / (high - low) : 0});
        }
    }
    return all;
}

void GroupTableModel::setGroup(const std::vector<std::pair<RowId, Trace>>& group) {
    beginResetModel();
    m_samples.clear();
    m_steps = 0;
    std::vector<SampleFacts> facts = groupFacts(group);
    for (std::size_t i = 0; i < group.size(); ++i) {
        const Trace& trace = group[i].second;
        Sample sample{group[i].first, std::move(facts[i]), {}, {}};
        for (TraceSegment& segment : segmentTrace(trace)) {
            const auto begin = static_cast<std::size_t>(segment.begin),
                       size = static_cast<std::size_t>(segment.end - segment.begin);
            QString text =
                toQString(std::string_view(trace.completion).substr(begin, std::min(size, kMostShown)));
            if (size > kMostShown) text += QStringLiteral(" …");
            Cell cell{std::move(text), std::move(segment)};
            if (cell.segment.kind == TraceSegment::Kind::Answer && sample.answer.text.isEmpty())
                sample.answer = std::move(cell);
            else
                sample.steps.push_back(std::move(cell));
        }
        m_steps = std::max(m_steps, static_cast<int>(sample.steps.size()));
        m_samples.push_back(std::move(sample));
    }
    endResetModel();
}

int GroupTableModel::columnOf(RowId id) const {
    const auto found =
        std::find_if(m_samples.begin(), m_samples.end(), [id](const Sample& s) { return s.id == id; });
    return found == m_samples.end() ? -1 : static_cast<int>(found - m_samples.begin());
}

int GroupTableModel::rowOfStep(int column, int number) const {
    if (column < 0 || column >= columnCount()) return -1;
    if (number == 0) return m_steps;
    const auto& steps = m_samples[static_cast<std::size_t>(column)].steps;
    const auto found = std::find_if(steps.begin(), steps.end(),
                                    [number](const Cell& cell) { return cell.segment.number == number; });
    return found == steps.end() ? -1 : static_cast<int>(found - steps.begin());
}

int GroupTableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() || m_samples.empty() ? 0 : m_steps + 1;
}

int GroupTableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_samples.size());
}

const GroupTableModel::Cell* GroupTableModel::cellAt(int row, int column) const {
    const Sample& sample = m_samples[static_cast<std::size_t>(column)];
    if (row == m_steps) return sample.answer.text.isEmpty() ? nullptr : &sample.answer;
    const auto at = static_cast<std::size_t>(row);
    return at < sample.steps.size() ? &sample.steps[at] : nullptr;
}

QVariant GroupTableModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid)) return {};
    const Cell* cell = cellAt(index.row(), index.column());
    if (!cell) return role == Qt::AccessibleTextRole ? QVariant(tr("nothing")) : QVariant();
    switch (role) {
        case Qt::DisplayRole:
            return cell->text;
        case Qt::ToolTipRole:
            return cell->segment.reason.empty() ? QVariant() : QVariant(toQString(cell->segment.reason));
        case Qt::AccessibleTextRole:
            return QStringLiteral("%1 %2 %3")
                .arg(facts(index.column()).title, verdictGlyph(cell->segment.verdict), cell->text);
        case KindRole:
            return static_cast<int>(cell->segment.kind);
        case NumberRole:
            return cell->segment.number;
        case VerdictRole:
            return static_cast<int>(cell->segment.verdict);
        case ReasonRole:
            return toQString(cell->segment.reason);
        default:
            return {};
    }
}

QVariant GroupTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation == Qt::Vertical) {
        if (role != Qt::DisplayRole) return {};
        return section == m_steps ? tr("answer") : QString::number(section + 1);
    }
    if (section < 0 || section >= columnCount()) return {};
    const SampleFacts& of = facts(section);
    if (role == Qt::DisplayRole) return of.title;
    if (role == FactsRole) return QVariant::fromValue(of);
    if (role == Qt::ToolTipRole || role == Qt::AccessibleTextRole) {
        QStringList lines{of.title + QLatin1Char(' ') + of.verdict};
        for (const SampleFacts::Part& part : of.parts) lines << part.name + QLatin1Char(' ') + part.value;
        if (!of.finish.isEmpty()) lines << of.finish;
        return lines.join(role == Qt::ToolTipRole ? QStringLiteral("\n") : QStringLiteral(", "));
    }
    return {};
}

}  // namespace retort
