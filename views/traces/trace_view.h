// One trace, read step by step: the problem pinned on top, the completion as rows with the checker's
// verdicts, the answer, and the tokens shaded by how sure the model was.
#pragma once

#include <QWidget>

#include "core/traces/trace.h"
#include "views/traces/token_strip.h"

class QLabel;
class QLineEdit;
class QListView;
class QToolButton;

namespace retort {

class TraceStepDelegate;
class TraceStepModel;

class TraceView : public QWidget {
    Q_OBJECT
  public:
    explicit TraceView(QWidget* parent = nullptr);

    void setTrace(Trace trace, const QString& runName);
    void clear();
    const Trace& trace() const;
    QListView* stepList() const { return m_steps; }
    TokenStrip* tokens() const { return m_tokens; }

    void moveStep(int by);
    void goToFirstWrong();
    /// The text of the selected steps to the clipboard, a line each.
    void copySteps();
    void openSearch();
    void findNext();
    void switchLane();

  private:
    QWidget* makeHead();
    QWidget* makeSearch();
    QWidget* makeTokens();
    void showVerdict();
    void showLane();

    TraceStepModel* m_model;
    TraceStepDelegate* m_delegate;
    QLabel* m_meta;
    QLabel* m_prompt;
    QLabel* m_gold;
    QListView* m_steps;
    QLabel* m_verdict;
    QWidget* m_searchBar;
    QLineEdit* m_search;
    QLabel* m_searchResult;
    TokenStrip* m_tokens;
    QToolButton* m_lane;
    QLabel* m_scale;
};

}  // namespace retort
