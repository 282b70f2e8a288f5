// The tree of a problem: what the samples of the open trace's group (or of a whole run, or of all runs) have
// in common step by step, and the trees of searches that the store holds; the chosen node's text beside it.
#pragma once

#include <QWidget>
#include <memory>

#include "core/store/rows.h"
#include "views/traces/trees/tree_cards.h"

class QComboBox;
class QLabel;
class QPushButton;

namespace retort {

class Lab;
class PlotView;
class TraceCanvas;
class TreeView;

class TreeTab : public QWidget {
    Q_OBJECT
  public:
    explicit TreeTab(Lab& lab, QWidget* parent = nullptr);

    /// The open trace and its group, with the branches of it; read and drawn when somebody looks.
    void setTrace(RowId id, RowId run, std::vector<std::pair<RowId, Trace>> group);
    /// Another one of them is open.
    void setOpen(RowId id);
    /// Branches may have been added, or trees.
    void refresh();

    QComboBox* source() const { return m_source; }
    TreeView* tree() const { return m_tree; }
    TraceCanvas* reader() const { return m_reader; }
    PlotView* curves() const { return m_curves; }
    QLabel* summary() const { return m_summary; }
    /// The trace and the byte of its completion from which the current node can be gone on; nothing for a
    /// node of a search.
    struct Place {
        RowId id = 0;
        Trace trace;
        std::int64_t byte = 0;
    };
    std::optional<Place> currentPlace() const;

  Q_SIGNALS:
    void traceOpened(retort::RowId id);
    void branchWanted();

  protected:
    void showEvent(QShowEvent* event) override;

  private:
    enum class Source { Group, Run, AllRuns, Search };
    struct Content {
        std::vector<std::pair<RowId, Trace>> traces;
        bool cut = false;  ///< there are more of them
        std::vector<TrieNode> trie;
        std::optional<SearchTree> search;
        std::vector<TreeCard> cards;
    };
    void makeBar(QWidget* bar);
    void readSources();
    void read();
    void show(Content content);
    void showNode(int node);
    void showText(Trace trace);
    void showCurves();
    void activate(int node);

    Lab& m_lab;
    RowId m_id = 0, m_run = 0;
    std::string m_problem;
    std::vector<std::pair<RowId, Trace>> m_group;
    Content m_content;
    bool m_stale = true;
    quint64 m_asked = 0;

    QComboBox* m_source;
    QLabel* m_summary;
    QPushButton *m_branch, *m_open;
    TreeView* m_tree;
    TraceCanvas* m_reader;
    PlotView* m_curves;
};

}  // namespace retort
