#include "views/models/trace_group_model.h"

#include <algorithm>

#include "views/models/format.h"

namespace retort {

void TraceGroupModel::setGroup(std::vector<std::pair<RowId, Trace>> group) {
    beginResetModel();
    m_group = std::move(group);
    endResetModel();
}

int TraceGroupModel::rowOf(RowId id) const {
    const auto found =
        std::find_if(m_group.begin(), m_group.end(), [id](const auto& e) { return e.first == id; });
    return found == m_group.end() ? -1 : static_cast<int>(found - m_group.begin());
}

bool TraceGroupModel::hasNoSpread() const {
    std::vector<std::optional<double>> rewards;
    for (const auto& [id, trace] : m_group)
        if (!trace.branch) rewards.push_back(trace.reward);
    return rewards.size() > 1 && rewards.front() &&
           std::all_of(rewards.begin(), rewards.end(), [&](const auto& r) { return r == rewards.front(); });
}

int TraceGroupModel::branches() const {
    return static_cast<int>(std::count_if(m_group.begin(), m_group.end(),
                                          [](const auto& e) { return e.second.branch.has_value(); }));
}

QString sampleTitle(const Trace& trace) {
    const QString number = QStringLiteral("#%1").arg(trace.sample + 1);
    return trace.branch ? TraceGroupModel::tr("⑂ %1 of #%2").arg(number).arg(trace.branch->sample + 1)
                        : number;
}

int TraceGroupModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_group.size());
}

QStringList TraceGroupModel::lines(const Trace& trace) const {
    QStringList result;
    if (trace.reward) result << tr("reward %1").arg(formatNumber(*trace.reward));
    for (const auto& [name, value] : trace.rewards) {
        result << QStringLiteral("%1 %2").arg(toQString(name), formatNumber(value));
    }
    if (trace.advantage) {
        const QString sign = *trace.advantage > 0 ? QStringLiteral("+") : QString();
        result << tr("advantage %1").arg(sign + formatNumber(*trace.advantage));
    }
    result << tr("%n token(s)", nullptr, trace.numTokens);
    if (trace.finish == "length") result.last() += tr(", cut off");
    return result;
}

QVariant TraceGroupModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid)) return {};
    const auto& [id, trace] = m_group[static_cast<std::size_t>(index.row())];
    switch (role) {
        case Qt::DisplayRole:
            return sampleTitle(trace);
        case Qt::ToolTipRole:
            return toQString(trace.completion).left(2000);
        case Qt::AccessibleTextRole:
            return tr("Sample %1, %2, %3")
                .arg(QString::number(trace.sample + 1), trace.correct ? tr("correct") : tr("wrong"),
                     lines(trace).join(QStringLiteral(", ")));
        case IdRole:
            return static_cast<qlonglong>(id);
        case CorrectRole:
            return trace.correct;
        case LinesRole:
            return lines(trace);
        case RewardRole:
            return trace.reward ? QVariant(*trace.reward) : QVariant();
        default:
            return {};
    }
}

}  // namespace retort
