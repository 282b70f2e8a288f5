// The place where checkpoints are traced back: the graph of what came from what, a search over it, the
// details of one checkpoint, and what differs between two.
#pragma once

#include <QTimer>
#include <QWidget>
#include <memory>
#include <optional>

#include "core/lineage/lineage_folding.h"
#include "core/util/json.h"

class QAction;
class QHBoxLayout;
class QLabel;
class QLineEdit;
class QMenu;
class QSplitter;
class QStackedWidget;
class QTabWidget;

namespace retort {

class EmptyState;
class Lab;
class LineageDetails;
class LineageDifferencePanel;
class LineageLegend;
class LineageView;

class LineagePage : public QWidget {
    Q_OBJECT
  public:
    explicit LineagePage(Lab& lab, QWidget* parent = nullptr);
    ~LineagePage() override;

    LineageView* view() const { return m_view; }
    LineageDetails* details() const { return m_details; }
    LineageDifferencePanel* differencePanel() const { return m_difference; }
    const LineageGraph& graph() const { return *m_graph; }
    const LineageFolds& folds() const { return m_folds; }
    /// Draws the whole graph into a file: PNG, SVG, DOT or CSV by its ending. What was wrong; empty when it
    /// is written.
    QString exportTo(const QString& file) const;

  Q_SIGNALS:
    /// Folders of checkpoints: of the selected ones.
    void compareRequested(const QStringList& checkpoints);
    void mergeRequested(const QStringList& checkpoints);

  protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

  private:
    void buildLayout();
    void makeCommands(QHBoxLayout* bar);
    void makeExports();
    void reload();
    void accept(std::shared_ptr<const LineageGraph> graph);
    void restoreState(const std::optional<Json>& state);
    void saveState();
    void lookAtNewest();
    void applyFolds();
    void showProblems();
    void onCurrentChanged();
    void compareSelected();
    void search();
    void stepThroughHits(int by);
    void toggleFold(std::size_t node);
    void toggleChain();
    void openNode(std::size_t node);
    void markOther();
    void addFolder();
    void addFolders(const QStringList& folders);
    void exportGraph(const char* ending);
    QStringList selectedPaths() const;

    Lab& m_lab;
    std::shared_ptr<const LineageGraph> m_graph = std::make_shared<LineageGraph>();
    LineageFolds m_folds;
    std::vector<std::size_t> m_hits;
    std::size_t m_hit = 0;
    int m_asked = 0;  ///< differences that were asked for: only the last is shown
    bool m_shown = false, m_loaded = false, m_stale = false;
    std::string m_saved;
    QTimer m_reload, m_searchTimer;

    LineageView* m_view;
    LineageDetails* m_details;
    LineageDifferencePanel* m_difference;
    QTabWidget* m_side;
    QSplitter* m_splitter;
    QStackedWidget* m_stack;
    EmptyState* m_empty;
    QLineEdit* m_search;
    QLabel *m_found, *m_problems;
    LineageLegend* m_legend;
    QMenu *m_menu, *m_exports;
};

}  // namespace retort
