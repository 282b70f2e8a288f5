// Comparisons that are kept, reopened and given away.
#include <QAction>
#include <QInputDialog>
#include <QLineEdit>
#include <QMenu>
#include <algorithm>
#include <future>

#include "core/comparison/comparison_export.h"
#include "views/compare/compare_page.h"
#include "views/compare/table_panel.h"
#include "views/lab.h"
#include "views/models/format.h"

namespace retort {

void ComparePage::askName() {
    bool accepted = false;
    const QString name =
        QInputDialog::getText(this, tr("Save the comparison"), tr("Name"), QLineEdit::Normal, {}, &accepted);
    if (accepted && !name.trimmed().isEmpty()) save(name.trimmed());
}

void ComparePage::save(const QString& name) {
    SavedComparison saved;
    saved.name = name.toStdString();
    saved.evaluation = m_evaluation;
    if (m_result && isUpToDate()) saved.setHash = m_result->comparison->setHash();
    const auto query = [refs = m_refs, parents = m_parents, baseline = m_baseline,
                        saved](StoreReader& reader) mutable {
        // Without the places lineage says who the parents are.
        if (parents) saved.options["parents"] = Json::array();
        for (std::size_t i = 0; i < refs.size(); ++i) {
            const auto run = reader.run(refs[i].run);
            saved.checkpoints.push_back({run ? run->uuid : std::string(), refs[i].step});
            if (refs[i] == baseline) saved.baseline = std::int32_t(i);
            if (parents && std::find(parents->begin(), parents->end(), refs[i]) != parents->end())
                saved.options["parents"].push_back(i);
        }
        return saved;
    };
    m_lab.read(this, query, [this](const SavedComparison& whole) {
        // Waited for on the pool: what goes wrong is said, and the GUI thread does not stand still.
        auto done = std::make_shared<std::future<RowId>>(m_lab.writer().saveComparison(whole));
        m_lab.compute(
            this, [done] { return done->get(); }, [this](RowId) { fillSaved(); });
    });
}

void ComparePage::reopen(const SavedComparison& comparison) {
    const auto query = [comparison](StoreReader& reader) {
        std::vector<CheckpointRef> refs;
        for (const CheckpointKey& key : comparison.checkpoints) {
            const auto run = reader.findRun(key.runUuid);
            refs.push_back(run ? CheckpointRef{run->id, key.step} : CheckpointRef{});
        }
        return refs;
    };
    m_lab.read(this, query, [this, comparison](const std::vector<CheckpointRef>& refs) {
        std::vector<CheckpointRef> known;
        const Json parents = comparison.options.value("parents", Json());
        m_parents.reset();
        if (parents.is_array() && !parents.empty()) m_parents.emplace();
        for (std::size_t i = 0; i < refs.size(); ++i) {
            if (refs[i].run == 0) continue;
            known.push_back(refs[i]);
            if (std::int32_t(i) == comparison.baseline) m_baseline = refs[i];
            for (const Json& parent : parents)
                if (m_parents && parent.is_number_integer() && parent.get<std::size_t>() == i)
                    m_parents->push_back(refs[i]);
        }
        if (known.size() < refs.size())
            m_lab.report(Error(std::to_string(refs.size() - known.size()) +
                               " of the compared runs are not in this store any more"));
        m_evaluation = comparison.evaluation;
        m_savedHash = comparison.setHash;
        take(std::move(known));
    });
}

void ComparePage::fillSaved() {
    m_lab.read(
        this, [](StoreReader& reader) { return reader.comparisons(); },
        [this](const std::vector<SavedComparison>& all) {
            m_savedMenu->clear();
            for (const SavedComparison& each : all)
                m_savedMenu->addAction(toQString(each.name), this, [this, each] { reopen(each); });
            if (all.empty()) m_savedMenu->addAction(tr("Nothing is saved yet"))->setEnabled(false);
            if (all.empty()) return;
            m_savedMenu->addSeparator();
            QMenu* removals = m_savedMenu->addMenu(tr("Forget"));
            for (const SavedComparison& each : all)
                removals->addAction(toQString(each.name), this, [this, id = each.id] {
                    auto done = std::make_shared<std::future<void>>(m_lab.writer().removeComparison(id));
                    m_lab.compute(
                        this,
                        [done] {
                            done->get();
                            return true;
                        },
                        [this](bool) { fillSaved(); });
                });
        });
}

void ComparePage::exportJson() {
    if (!m_result) return;
    m_lab.compute(
        this,
        [result = m_result] {
            return comparisonJson(*result->comparison, result->scores, result->merges)
                .dump(2, ' ', false, Json::error_handler_t::replace);
        },
        [this](const std::string& json) {
            saveText(m_lab, this, QStringLiteral("comparison.json"), tr("JSON files (*.json)"),
                     QString::fromStdString(json) + QLatin1Char('\n'));
        });
}

}  // namespace retort
