#include "views/live/live_page.h"

#include <QVBoxLayout>

#include "views/widgets/empty_state.h"

namespace retort {

LivePage::LivePage(Lab& lab, QWidget* parent) : QWidget(parent), m_lab(lab) {
    setObjectName(QStringLiteral("live"));
    auto* layout = new QVBoxLayout(this);
    auto* empty = new EmptyState(QStringLiteral("live"), tr("No run is selected"),
                                 tr("Select runs in Runs to see their curves here, or start the quickstart study: a "
                                    "small model learns a reasoning task in a few minutes."),
                                 this);
    empty->addButton(tr("Start the quickstart"), [this] { m_lab.selection().startQuickstart(); });
    empty->addButton(tr("Design a run"), [this] { m_lab.selection().open(Place::Design); });
    layout->addWidget(empty);
}

}  // namespace retort
