// The closed loop on the Traces page: traces are judged, judgements become a dataset, the model that learned
// from it reranks answers and rewards the next run.
#include <QAction>
#include <QInputDialog>
#include <QMenu>
#include <QToolButton>

#include "views/actions.h"
#include "views/lab.h"
#include "views/models/format.h"
#include "views/models/trace_group_model.h"
#include "views/models/trace_list_model.h"
#include "views/selection.h"
#include "views/traces/branching/checkpoint_box.h"
#include "views/traces/groups/trace_list_pane.h"
#include "views/traces/judging/closed_loop.h"
#include "views/traces/judging/judge_dialog.h"
#include "views/traces/judging/prm_dataset_dialog.h"
#include "views/traces/judging/rerank_dialog.h"
#include "views/traces/trace_view.h"
#include "views/traces/traces_page.h"

namespace retort {

void TracesPage::makeJudgingCommands() {
    const QString group = tr("Traces");
    auto* judging = addCommand(this,
                               {"traces.judge", tr("&Judge traces…"), group,
                                QKeySequence(Qt::CTRL | Qt::Key_J), QStringLiteral("checkpoint")},
                               [this] { judge(); });
    auto* dataset = addCommand(this, {"traces.prmDataset", tr("Make a &PRM dataset from these…"), group},
                               [this] { makePrmDataset(); });
    auto* rerank = addCommand(this, {"traces.rerank", tr("&Rerank by a judge's scores…"), group},
                              [this] { rerankList(); });
    auto* reward =
        addCommand(this, {"traces.prmReward", tr("Use a PRM as re&ward…"), group}, [this] { useAsReward(); });
    auto* button = new QToolButton(this);
    button->setDefaultAction(judging);
    button->setAutoRaise(true);
    button->setAccessibleName(commandText(judging));
    button->setFocusPolicy(Qt::TabFocus);
    button->setPopupMode(QToolButton::MenuButtonPopup);
    auto* menu = new QMenu(button);
    menu->addActions({judging, dataset, rerank, reward});
    button->setMenu(menu);
    m_pane->addToBar(button);
}

TraceTargets TracesPage::targets() const {
    TraceTargets targets;
    targets.trace = m_current;
    for (int row = 0; row < m_group->rowCount(); ++row) targets.group.push_back(m_group->idAt(row));
    targets.filter = listModel()->filter();
    targets.picked = listModel()->picked();
    targets.listed = listModel()->rowCount();
    return targets;
}

void TracesPage::judge() {
    (new JudgeDialog(m_lab, m_judges, targets(), this))->open();
}

void TracesPage::makePrmDataset() {
    auto* dialog = new PrmDatasetDialog(m_lab, targets(), this);
    connect(dialog, &PrmDatasetDialog::designRequested, this, &TracesPage::designRequested);
    dialog->open();
}

void TracesPage::rerankList() {
    (new RerankDialog(m_lab, targets(), this))->open();
}

void TracesPage::useAsReward() {
    struct Found {
        std::vector<CheckpointChoice> models;
        std::vector<std::string> configs;  ///< of their runs
        std::string policy;                ///< the last checkpoint of the open trace's run
    };
    m_lab.read(
        this,
        [run = m_currentRun](StoreReader& reader) {
            Found found;
            for (CheckpointChoice& each : readCheckpoints(reader)) {
                if (each.run == run && found.policy.empty() && each.recipe != "prm") found.policy = each.path;
                if (each.recipe != "prm") continue;
                const auto row = reader.run(each.run);
                found.configs.push_back(row ? row->config : std::string());
                found.models.push_back(std::move(each));
            }
            return found;
        },
        [this](const Found& found) {
            if (found.models.empty())
                return m_lab.report(Error("there is no process reward model", "runs of the recipe prm",
                                          "make a PRM dataset from judged traces and train one"));
            QStringList names;
            for (const CheckpointChoice& each : found.models) names << each.name();
            auto* dialog = new QInputDialog(this);
            dialog->setAttribute(Qt::WA_DeleteOnClose);
            dialog->setWindowTitle(tr("Use a PRM as reward"));
            dialog->setLabelText(tr("Process reward model of the new run:"));
            dialog->setComboBoxItems(names);
            connect(
                dialog, &QInputDialog::textValueSelected, this, [this, found, names](const QString& name) {
                    const auto at = static_cast<std::size_t>(std::max<qsizetype>(0, names.indexOf(name)));
                    Q_EMIT designRequested(
                        toQString(grpoWithPrmYaml(found.configs[at], found.models[at].path, found.policy)));
                });
            dialog->open();
        });
}

}  // namespace retort
