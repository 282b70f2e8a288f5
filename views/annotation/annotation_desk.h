// Annotating in the Traces page: the bar below the text, the panels beside it, the queue on the left, the
// commands and their keys, around one AnnotationSession.
#pragma once

#include <QHash>
#include <QObject>
#include <functional>
#include <utility>
#include <vector>

#include "core/store/rows.h"
#include "views/annotation/annotation_session.h"
#include "views/annotation/key_map.h"
#include "views/annotation/ranking_panel.h"

class QAction;
class QTextBrowser;
class QWidget;

namespace retort {

class AnnotatedView;
class AnnotationBar;
class AnnotationPanel;
class HistoryPanel;
class KeyGuard;
class Lab;
class QueuePane;
class TraceView;

class AnnotationDesk : public QObject {
    Q_OBJECT
  public:
    /// Commands work while the focus is inside of `page`. `filter`: of the list of traces, as it is now.
    AnnotationDesk(Lab& lab, TraceView* view, QWidget* page, std::function<TraceFilter()> filter);

    AnnotationSession& session() { return *m_session; }
    AnnotationBar* bar() const { return m_bar; }
    QueuePane* queuePane() const { return m_queuePane; }
    AnnotationPanel* panel() const { return m_panel; }
    RankingPanel* ranking() const { return m_ranking; }
    HistoryPanel* history() const { return m_history; }
    KeyGuard* guard() const { return m_guard; }
    QAction* command(AnnotationCommand command) const { return m_commands.value(command); }
    /// For the inspector beside the text, with their titles.
    std::vector<std::pair<QWidget*, QString>> tabs() const;

    /// Brings one of them to the front.
    void showTab(QWidget* tab);

    /// Before a trace is shown: what was typed about the last one is saved, and what may not be seen of the
    /// new one is taken out.
    Trace prepare(RowId id, Trace trace);
    /// After it is shown, with the samples of its group.
    void showTrace(RowId id, const std::vector<std::pair<RowId, Trace>>& group);
    /// Whether verdicts and rewards of other traces have to stay out of sight, too.
    bool hidesTruth() const;
    void setQueueShown(bool shown) { m_queueShown = shown; }

  Q_SIGNALS:
    void openWanted(retort::RowId trace);
    void nextWanted();
    void truthHiddenChanged();
    void queueWanted(bool shown);  ///< the queue instead of the list, or the list

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    void makeCommands();
    void connectSession();
    void run(AnnotationCommand command);
    void beginChord();
    void askReason(AnnotationCommand command);
    void askAnnotator();
    void askQueue();
    void changeQueue(const QueueRow& queue);
    void showAgreement(RowId queue);
    void showGuidelines();
    void checkConcealed();
    void watchFocus();

    Lab& m_lab;
    QWidget* m_page;
    std::function<TraceFilter()> m_filter;
    AnnotationSession* m_session;
    AnnotatedView* m_view;
    KeyGuard* m_guard;
    QHash<AnnotationCommand, QAction*> m_commands;
    AnnotationBar* m_bar;
    AnnotationPanel* m_panel;
    RankingPanel* m_ranking;
    HistoryPanel* m_history;
    QTextBrowser* m_guidelines;
    QueuePane* m_queuePane;
    QWidget* m_panelTab;
    Concealed m_shownConcealed;
    RowId m_openQueue = 0;
    bool m_queueShown = false;
    bool m_switching = false;  ///< the view has the next trace, the session still the last one
};

}  // namespace retort
