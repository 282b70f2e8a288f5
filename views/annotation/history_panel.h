// Everything that was ever said of the open trace: who, when, what, old and new.
#pragma once

#include <QWidget>

namespace retort {

class AnnotationSession;
class Lab;
class TablePanel;

class HistoryPanel : public QWidget {
    Q_OBJECT
  public:
    HistoryPanel(Lab& lab, AnnotationSession& session, QWidget* parent = nullptr);

    TablePanel* table() const { return m_table; }

  protected:
    void showEvent(QShowEvent* event) override;

  private:
    void refresh();

    AnnotationSession& m_session;
    TablePanel* m_table;
};

/// An annotation kind in words.
QString annotationKindText(int kind);

}  // namespace retort
