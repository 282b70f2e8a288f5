// One trace to be read: the problem pinned on top, the completion as regions and steps with what judges say
// of them, the answer with its verdict, and an inspector of tokens, steps and the sample beside it.
#pragma once

#include <QFutureWatcher>
#include <QHash>
#include <QWidget>
#include <memory>
#include <vector>

#include "core/answers/answer_checker.h"
#include "core/traces/trace.h"
#include "core/traces/trace_document.h"
#include "views/traces/reader/reader_rows.h"

class QAction;
class QLabel;
class QScrollArea;
class QSplitter;

namespace retort {

class FindBar;
class Inspector;
class ReaderBar;
class TraceCanvas;

class TraceView : public QWidget {
    Q_OBJECT
  public:
    explicit TraceView(QWidget* parent = nullptr);
    ~TraceView() override;

    void setTrace(Trace trace, const QString& runName);
    void clear();
    const Trace& trace() const;
    TraceCanvas* canvas() const { return m_canvas; }
    ReaderBar* bar() const { return m_bar; }
    Inspector* inspector() const { return m_inspector; }
    FindBar* findBar() const { return m_find; }
    void addInspectorTab(QWidget* tab, const QString& title);
    /// Hides the reference answer, the rewards and what the task says of the steps, for judging without an
    /// anchor.
    void setBlind(bool blind);
    /// How the answer was judged, in a line.
    QString verdictText() const;

    void moveStep(int by);
    void goToFirstWrong();
    void goToDisagreement();
    void openSearch();
    /// The commands of reading; whoever shows lists beside the view lets them have the same keys.
    const std::vector<QAction*>& commands() const { return m_commands; }

  Q_SIGNALS:
    void documentChanged();  ///< another trace, or the same one cut otherwise

  protected:
    void resizeEvent(QResizeEvent* event) override;

  private:
    struct Cut {
        TraceDocument document;
        QString problem;  ///< why the rule could not be used; the document is cut by Automatic then
    };
    QWidget* makeHead();
    void makeCommands();
    QAction* add(const char* id, const QString& text, const QKeySequence& key, std::function<void()> act);
    void recut();
    void takeDocument(Cut cut);
    void checkTheAnswer();
    void showVerdict();
    void rememberFolds();

    TraceCanvas* m_canvas;
    ReaderBar* m_bar;
    FindBar* m_find;
    Inspector* m_inspector;
    QSplitter* m_splitter;
    QLabel* m_meta;
    QLabel* m_prompt;
    QScrollArea* m_promptArea;
    QLabel* m_gold;
    QWidget* m_goldTitle;
    QLabel* m_verdict;
    QAction* m_inspect = nullptr;
    std::vector<QAction*> m_commands;
    QString m_runName;
    bool m_blind = false, m_hasTrace = false;
    std::optional<AnswerCheck> m_check;
    QFutureWatcher<AnswerCheck> m_checking;
    QFutureWatcher<Cut> m_cutting;
    QHash<std::size_t, ReaderFolds> m_foldsOf;  ///< of the traces that were open in this window
    std::size_t m_key = 0;
};

}  // namespace retort
