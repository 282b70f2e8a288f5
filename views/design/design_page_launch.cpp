// The design's runs, one a seed: launched here, put into the queue, or submitted as a job.
#include <QListWidget>
#include <QTabWidget>
#include <deque>

#include "core/config/values.h"
#include "core/util/error.h"
#include "views/design/design_page.h"
#include "views/design/launch_bar.h"
#include "views/design/parameter_form.h"
#include "views/design/slurm_panel.h"
#include "views/lab.h"

namespace retort {

struct DesignPage::Launching {
    std::deque<LaunchRequest> requests;  ///< to come
    std::vector<RowId> runs;             ///< launched
    Place then = Place::Live;            ///< shown when all are
};

std::string DesignPage::replicaYaml(int index, int count) const {
    const std::string text = yaml().toStdString();
    if (count == 1) return text;
    const std::int64_t seed = m_parsed.config.seed + index;
    Json values = m_parsed.values;
    values["seed"] = seed;
    values["name"] = m_parsed.config.name + "-s" + std::to_string(seed);
    return toYaml(m_parsed.config.recipe, values, true);
}

void DesignPage::launch() {
    launchAll(m_launch->seeds() > 1, Place::Live);
}

void DesignPage::enqueue() {
    launchAll(true, Place::Queue);
}

void DesignPage::launchAll(bool isQueued, Place then) {
    m_form->flush();
    check();
    if (!isValid()) return m_problems->setFocus();
    saveDraft();
    if (m_lab.slurm(m_launch->backend())) return submit();
    auto launching = std::make_shared<Launching>();
    launching->then = then;
    for (int i = 0; i < m_launch->seeds(); ++i)
        launching->requests.push_back({replicaYaml(i, m_launch->seeds()), m_launch->backend(),
                                       std::filesystem::path(m_file.toStdString()).parent_path(), isQueued,
                                       m_launch->processes()});
    m_launch->setBusy(true);
    launchNext(launching);
}

/// Several are one job array.
void DesignPage::submit() {
    if (!m_slurm->obstacle().isEmpty()) return m_side->setCurrentWidget(m_slurm);
    m_slurm->remember();
    std::vector<LaunchRequest> requests;
    for (int i = 0; i < m_launch->seeds(); ++i)
        requests.push_back({replicaYaml(i, m_launch->seeds()), m_launch->backend(),
                            std::filesystem::path(m_file.toStdString()).parent_path()});
    m_launch->setBusy(true);
    m_lab.submit(
        requests, m_slurm->request(), m_slurm->script(), this,
        [this](const std::vector<RowId>& runs) { finishLaunching(runs, Place::Live); },
        [this](const Error& error) {
            m_lab.report(error);
            finishLaunching({}, Place::Live);
        });
}

void DesignPage::finishLaunching(const std::vector<RowId>& runs, Place then) {
    m_launch->setBusy(false);
    if (runs.empty()) return;
    Q_EMIT launched(runs);
    m_lab.selection().setRuns(runs);
    m_lab.selection().open(then);
}

/// One after the other, so that they stand in the table and in the queue in the order of their seeds.
void DesignPage::launchNext(const std::shared_ptr<Launching>& launching) {
    if (launching->requests.empty()) return finishLaunching(launching->runs, launching->then);
    const LaunchRequest request = std::move(launching->requests.front());
    launching->requests.pop_front();
    m_lab.launch(
        request, this,
        [this, launching](RowId run) {
            launching->runs.push_back(run);
            launchNext(launching);
        },
        [this, launching](const Error& error) {
            m_lab.report(error);
            launchNext(launching);
        });
}

}  // namespace retort
