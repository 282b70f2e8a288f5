// A table of values that are all there: headings, and cells with the text that is shown and the value behind
// it.
#pragma once

#include <QAbstractTableModel>
#include <QString>
#include <QVariant>
#include <vector>

namespace retort {

struct TableCell {
    enum class Tone { None, Good, Bad, Muted, Strong };

    QString text;
    QVariant value = {};  ///< a number with all its digits; nothing: the text
    Tone tone = Tone::None;
    QString toolTip = {};
};

/// The number as it is read, and all of it behind; "–" for what is not a number.
TableCell numberCell(double value, TableCell::Tone tone = TableCell::Tone::None);
TableCell percentCell(double share, TableCell::Tone tone = TableCell::Tone::None);
/// "40.1–57.3"
TableCell percentIntervalCell(double low, double high);

struct ValueTable {
    QStringList headers;
    QStringList headerTips;  ///< may be shorter
    std::vector<std::vector<TableCell>> rows;
};

class ValueTableModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    enum Role { ExactRole = Qt::UserRole + 1 };
    using QAbstractTableModel::QAbstractTableModel;

    void setTable(ValueTable table);
    const ValueTable& table() const { return m_table; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

  private:
    ValueTable m_table;
};

}  // namespace retort
