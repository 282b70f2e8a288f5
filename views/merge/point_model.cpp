#include "views/merge/point_model.h"

#include <algorithm>

#include "views/models/format.h"

namespace retort {

PointModel::PointModel(std::function<QString(const std::string&)> shortName, QObject* parent)
    : QAbstractTableModel(parent), m_shortName(std::move(shortName)), m_columns(columns()) {}

int PointModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_points.size());
}

int PointModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

std::vector<PointModel::Column> PointModel::columns() const {
    using Kind = Column::Kind;
    std::vector<Column> all{{Kind::Number}};
    for (const std::string& task : m_tasks)
        for (const auto kind :
             {BenchMeasure::Kind::Accuracy, BenchMeasure::Kind::Length, BenchMeasure::Kind::Loss})
            all.push_back({Kind::Measure, {}, {kind, task}});
    all.push_back({Kind::Method});
    for (const BenchCoefficient& each : m_coefficients) all.push_back({Kind::Coefficient, each});
    all.push_back({Kind::Seconds});
    return all;
}

void PointModel::add(BenchPoint point) {
    const std::size_t before = m_columns.size();
    std::vector<BenchCoefficient> coefficients = m_coefficients;
    std::vector<std::string> tasks = m_tasks;
    for (const BenchCoefficient& each : point.coefficients)
        if (std::none_of(coefficients.begin(), coefficients.end(),
                         [&](const BenchCoefficient& known) { return known.isSame(each); }))
            coefficients.push_back(each);
    for (const MergeBenchTask& task : point.tasks)
        if (std::find(tasks.begin(), tasks.end(), task.name) == tasks.end()) tasks.push_back(task.name);
    const bool isWider = coefficients.size() != m_coefficients.size() || tasks.size() != m_tasks.size();
    const int row = rowCount();
    if (isWider || before == 0)
        beginResetModel();
    else
        beginInsertRows({}, row, row);
    point.number = row + 1;
    m_points.push_back(std::move(point));
    m_coefficients = std::move(coefficients);
    m_tasks = std::move(tasks);
    m_columns = columns();
    if (isWider || before == 0)
        endResetModel();
    else
        endInsertRows();
}

void PointModel::clear() {
    beginResetModel();
    m_points.clear();
    m_coefficients.clear();
    m_tasks.clear();
    m_columns = columns();
    endResetModel();
}

std::optional<double> PointModel::number(const BenchPoint& point, const Column& column) const {
    switch (column.kind) {
        case Column::Kind::Number:
            return static_cast<double>(point.number);
        case Column::Kind::Method:
            return std::nullopt;
        case Column::Kind::Coefficient:
            for (const BenchCoefficient& each : point.coefficients)
                if (each.isSame(column.coefficient)) return each.value;
            return std::nullopt;
        case Column::Kind::Measure:
            return column.measure.of(point.tasks);
        case Column::Kind::Seconds:
            return point.seconds;
    }
    return std::nullopt;
}

QVariant PointModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const BenchPoint& point = m_points[static_cast<std::size_t>(index.row())];
    const Column& column = m_columns[static_cast<std::size_t>(index.column())];
    const bool isMethod = column.kind == Column::Kind::Method;
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((isMethod ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole) return describe(point);
    if (role != Qt::DisplayRole && role != NumberRole) return {};
    if (isMethod) return toQString(point.method);
    const auto value = number(point, column);
    if (!value) return {};
    if (role == NumberRole) return *value;
    if (column.kind == Column::Kind::Coefficient && column.coefficient.isFlag)
        return *value != 0 ? tr("yes") : tr("no");
    return formatNumber(*value);
}

QString PointModel::coefficientName(const BenchCoefficient& coefficient) const {
    const QString name = toQString(coefficient.parameter);
    return coefficient.model.empty() ? name : name + QStringLiteral(" · ") + m_shortName(coefficient.model);
}

QVariant PointModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (role != Qt::DisplayRole || section < 0) return {};
    if (orientation == Qt::Vertical) return section + 1;
    if (section >= columnCount()) return {};
    const Column& column = m_columns[static_cast<std::size_t>(section)];
    switch (column.kind) {
        case Column::Kind::Number:
            return tr("#");
        case Column::Kind::Method:
            return tr("method");
        case Column::Kind::Coefficient:
            return coefficientName(column.coefficient);
        case Column::Kind::Measure:
            return column.measure.text();
        case Column::Kind::Seconds:
            return tr("seconds");
    }
    return {};
}

QString PointModel::describe(const BenchPoint& point) const {
    QStringList lines{tr("%1. %2").arg(point.number).arg(toQString(point.method))};
    for (const BenchCoefficient& each : point.coefficients)
        lines << tr("%1 = %2").arg(coefficientName(each), formatNumber(each.value));
    for (const MergeBenchTask& task : point.tasks) {
        QStringList found{tr("loss %1").arg(formatNumber(task.loss))};
        if (task.accuracy) found.prepend(tr("accuracy %1").arg(formatNumber(*task.accuracy)));
        if (task.meanLength) found << tr("length %1").arg(formatNumber(*task.meanLength));
        lines << toQString(task.name) + QStringLiteral(": ") + found.join(QStringLiteral(", "));
    }
    return lines.join(QLatin1Char('\n'));
}

}  // namespace retort
