// How annotating sits in the Traces page: the queue beside the list, the bar below the text, the panels in
// the inspector; and what goes out of sight while somebody judges blindly.
#include <QComboBox>
#include <QListView>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QTabWidget>
#include <QTreeView>
#include <QVBoxLayout>

#include "views/annotation/annotation_bar.h"
#include "views/annotation/annotation_desk.h"
#include "views/annotation/queue_pane.h"
#include "views/models/trace_group_model.h"
#include "views/models/trace_list_model.h"
#include "views/traces/groups/group_view.h"
#include "views/traces/time/time_strip.h"
#include "views/traces/time/trace_diff.h"
#include "views/traces/trace_view.h"
#include "views/traces/traces_page.h"
#include "views/traces/trees/tree_tab.h"

namespace retort {

void TracesPage::makeAnnotation() {
    m_desk = new AnnotationDesk(m_lab, m_view, this, [this] { return listModel()->filter(); });
    auto* left = new QWidget(this);
    auto* tabs = new QTabBar(left);
    tabs->addTab(tr("Traces"));
    tabs->addTab(tr("Queue"));
    tabs->setExpanding(false);
    tabs->setDrawBase(false);
    tabs->setAccessibleName(tr("List or queue"));
    auto* stack = new QStackedWidget(left);
    stack->addWidget(m_splitter->widget(0));
    stack->addWidget(m_desk->queuePane());
    auto* leftLayout = new QVBoxLayout(left);
    leftLayout->setContentsMargins(0, 0, 0, 0);
    leftLayout->addWidget(tabs);
    leftLayout->addWidget(stack, 1);
    m_splitter->insertWidget(0, left);
    m_splitter->widget(1)->layout()->addWidget(m_desk->bar());

    for (const auto& [tab, title] : m_desk->tabs()) m_view->addInspectorTab(tab, title);

    connect(tabs, &QTabBar::currentChanged, this, [this, stack](int index) {
        stack->setCurrentIndex(index);
        // The list shows what is right: whoever looks at it leaves a blind queue.
        if (index == 0 && m_desk->hidesTruth()) m_desk->session().closeQueue();
        m_desk->setQueueShown(index == 1);
        if (index == 0)
            list()->setFocus();
        else if (!m_desk->session().queue())
            m_desk->queuePane()->queues()->setFocus();
    });
    connect(m_desk, &AnnotationDesk::queueWanted, tabs,
            [tabs](bool shown) { tabs->setCurrentIndex(shown ? 1 : 0); });
    connect(m_desk, &AnnotationDesk::openWanted, this, &TracesPage::openTrace);
    connect(m_desk, &AnnotationDesk::nextWanted, this, [this] {
        const int row = list()->currentIndex().row() + 1;
        if (row > 0 && row < listModel()->rowCount())
            list()->setCurrentIndex(listModel()->index(row));
        else
            m_desk->session().stay();
    });
    connect(m_desk, &AnnotationDesk::truthHiddenChanged, this, &TracesPage::showTruth);
}

/// Other traces of the problem show what is right: they go out of sight while somebody judges blindly.
void TracesPage::showTruth() {
    const bool hidden = m_desk->hidesTruth();
    // The group's table and the tree say what the cards say, and want the room.
    const QWidget* shown = m_tabs->currentWidget();
    const bool wantsRoom = shown == m_groupTable || shown == m_trees;
    m_groupView->parentWidget()->setVisible(!hidden && !wantsRoom && m_group->rowCount() > 1);
    m_time->setHidden(hidden || !m_time->hasMoments());
    for (QWidget* tab : std::initializer_list<QWidget*>{m_groupTable, m_diff, m_trees})
        m_tabs->setTabVisible(m_tabs->indexOf(tab), !hidden);
    if (hidden) m_tabs->setCurrentWidget(m_view);
}

}  // namespace retort
