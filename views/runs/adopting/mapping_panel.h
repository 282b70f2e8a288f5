// What the columns of a table, or the members of JSON lines, mean; with the first rows as they would be read.
#pragma once

#include <QTimer>
#include <QWidget>
#include <array>
#include <filesystem>

#include "core/adoption/found_facts.h"

class QComboBox;
class QLabel;
class QPushButton;
class QTableWidget;

namespace retort {

class Lab;

class MappingPanel : public QWidget {
    Q_OBJECT
  public:
    MappingPanel(Lab& lab, QWidget* parent);

    /// `fixed`: the table was adopted with this mapping, which stays.
    void showTable(const std::filesystem::path& table, const ColumnMapping& mapping, bool fixed);
    const std::filesystem::path& table() const { return m_table; }
    ColumnMapping mapping() const;

    /// Of step, time, run, series and value, in this order.
    QComboBox* column(int index) const { return m_columns.at(std::size_t(index)); }
    QTableWidget* preview() const { return m_preview; }
    QLabel* problem() const { return m_problem; }
    QPushButton* useButton() const { return m_use; }

  Q_SIGNALS:
    /// The mapping is to be used.
    void chosen(const std::filesystem::path& table, const retort::ColumnMapping& mapping);

  private:
    void read();
    void show(const MappedRows& rows);

    Lab& m_lab;
    std::filesystem::path m_table;
    bool m_isFixed = false;
    QStringList m_names;  ///< the table's, in the boxes
    std::array<QComboBox*, 5> m_columns{};
    QTableWidget* m_preview;
    QLabel* m_problem;
    QPushButton* m_use;
    QTimer m_pause;
    int m_asked = 0;  ///< the newest preview that was asked for
};

}  // namespace retort
