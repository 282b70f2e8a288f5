// The group as a table to read: heads with rewards as bars, steps beside each other in rows that scroll
// together.
#pragma once

#include <QHeaderView>
#include <QTableView>
#include <QTimer>

#include "core/store/rows.h"

namespace retort {

class GroupTableModel;

/// Paints SampleFacts; its height is that of the facts there are.
class GroupHeader : public QHeaderView {
    Q_OBJECT
  public:
    explicit GroupHeader(QWidget* parent = nullptr);
    /// The column of the open trace.
    void setCurrent(int column);
    QSize sizeHint() const override;

  protected:
    void paintSection(QPainter* painter, const QRect& rect, int section) const override;
    QSize sectionSizeFromContents(int section) const override;

  private:
    int m_current = -1;
};

class GroupView : public QTableView {
    Q_OBJECT
  public:
    explicit GroupView(QWidget* parent = nullptr);

    void setGroup(const std::vector<std::pair<RowId, Trace>>& group);
    /// The open trace: its column is marked, and brought into view with the row that is current.
    void setCurrentTrace(RowId id);
    GroupTableModel* groupModel() const { return m_model; }
    void moveStep(int by);
    void moveSample(int by);
    /// The current row for everybody who has it as text, a line a sample.
    QString currentRowText() const;

  Q_SIGNALS:
    void sampleChosen(retort::RowId id);  ///< by a click or a key
    void opened(retort::RowId id);        ///< Enter, double click

  protected:
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;

  private:
    void layOut();

    GroupTableModel* m_model;
    GroupHeader* m_head;
    bool m_showing = false;
};

}  // namespace retort
