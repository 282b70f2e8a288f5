// A table of values with its heading, and the ways out of it: copied as TSV, saved as CSV or JSON.
#pragma once

#include <QWidget>
#include <functional>

#include "views/models/value_table_model.h"

class QLabel;
class QSortFilterProxyModel;
class QTableView;
class QToolButton;

namespace retort {

class Lab;
class PlotView;

/// Asks for a name and writes the text there, off the GUI thread.
void saveText(Lab& lab, QWidget* parent, const QString& suggested, const QString& filter,
              const QString& text);
/// "Copy picture", "Save as PNG…", "Save as SVG…" and the points as CSV for a chart.
void addPlotMenu(Lab& lab, QToolButton* button, PlotView* plot);
/// A button with the export icon, for a menu.
QToolButton* exportButton(const QString& name, QWidget* parent);

class TablePanel : public QWidget {
    Q_OBJECT
  public:
    TablePanel(Lab& lab, const QString& name, QWidget* parent = nullptr);

    void setTable(ValueTable table);
    /// Under the heading; empty: none.
    void setNote(const QString& note);
    QTableView* view() const { return m_view; }
    ValueTableModel* model() const { return m_model; }
    /// The row of the table behind the current row of the view; -1: none.
    int currentRow() const;
    void setCurrentRow(int row);

    QString text(bool csv) const;
    QString json() const;

  Q_SIGNALS:
    void currentRowChanged(int row);
    void activated(int row);

  private:
    void makeExports();

    Lab& m_lab;
    QString m_name;
    ValueTableModel* m_model;
    QSortFilterProxyModel* m_sorted;
    QTableView* m_view;
    QLabel* m_note;
    QToolButton* m_export;
};

}  // namespace retort
