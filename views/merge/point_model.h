// Every measured point as a table: what it was made with and what was found. Columns come with the points: a
// coefficient or task that a point is the first to have adds its own.
#pragma once

#include <QAbstractTableModel>
#include <functional>
#include <vector>

#include "views/merge/bench_point.h"

namespace retort {

class PointModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    /// Where a cell is a number, that number.
    static constexpr int NumberRole = Qt::UserRole + 1;

    /// `shortName`: what is shown of a model's name.
    explicit PointModel(std::function<QString(const std::string&)> shortName, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    void add(BenchPoint point);
    void clear();
    const std::vector<BenchPoint>& points() const { return m_points; }
    /// Every task measured so far, in the order of their coming.
    const std::vector<std::string>& tasks() const { return m_tasks; }
    QString describe(const BenchPoint& point) const;

  private:
    struct Column {
        enum class Kind { Number, Method, Coefficient, Measure, Seconds } kind = Kind::Number;
        BenchCoefficient coefficient{};
        BenchMeasure measure{};
    };
    std::vector<Column> columns() const;
    std::optional<double> number(const BenchPoint& point, const Column& column) const;
    QString coefficientName(const BenchCoefficient& coefficient) const;

    std::function<QString(const std::string&)> m_shortName;
    std::vector<BenchPoint> m_points;
    std::vector<BenchCoefficient> m_coefficients;
    std::vector<std::string> m_tasks;
    std::vector<Column> m_columns;
};

}  // namespace retort
