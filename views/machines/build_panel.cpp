#include "views/machines/build_panel.h"

#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

#include "training/backends/remote/source_build.h"
#include "views/lab.h"
#include "views/models/format.h"

namespace retort {

namespace {

constexpr int mostAtOnce = 8;
constexpr int wordsHeight = 110;

QString stepText(const BuildProgress& progress) {
    if (progress.step == "unpacking") return BuildPanel::tr("Unpacking the source…");
    if (progress.step == "configuring") return BuildPanel::tr("CMake looks for compiler and libraries…");
    if (progress.step == "installing") return BuildPanel::tr("Putting it in its place…");
    if (progress.all == 0) return BuildPanel::tr("Compiling…");
    return BuildPanel::tr("Compiling: %1 of %2").arg(progress.done).arg(progress.all);
}

}  // namespace

BuildPanel::BuildPanel(QWidget* parent) : QWidget(parent) {
    m_threads.setMaxThreadCount(mostAtOnce);
    m_button = new QPushButton(this);
    m_bar = new QProgressBar(this);
    m_bar->setTextVisible(false);
    m_bar->setMaximumWidth(200);
    m_state = new QLabel(this);
    m_state->setWordWrap(true);
    m_words = new QPlainTextEdit(this);
    m_words->setReadOnly(true);
    m_words->setTabChangesFocus(true);
    m_words->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_words->setAccessibleName(tr("What CMake or the compiler said"));
    m_words->setMaximumHeight(wordsHeight);
    auto* line = new QHBoxLayout;
    line->addWidget(m_button);
    line->addWidget(m_bar);
    line->addWidget(m_state, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(line);
    layout->addWidget(m_words);
    connect(m_button, &QPushButton::clicked, this, [this] { isBusy() ? stop() : start(); });
    showState();
}

BuildPanel::~BuildPanel() {
    for (const Build& build : m_builds)
        if (build.leave) *build.leave = true;
    m_threads.waitForDone();
}

void BuildPanel::setMachine(const Machine& machine, bool isWanted) {
    m_machine = machine;
    m_isWanted = isWanted;
    showState();
}

bool BuildPanel::isBusy() const {
    return m_builds.value(toQString(m_machine.name)).isBusy;
}

void BuildPanel::start() {
    const QString name = toQString(m_machine.name);
    if (name.isEmpty() || isBusy()) return;
    Build build;
    build.isBusy = true;
    build.state = tr("Asking %1…").arg(name);
    build.leave = std::make_shared<std::atomic<bool>>(false);
    build.end = std::make_shared<std::atomic<bool>>(false);
    m_builds[name] = build;
    m_threads.start([this, name, machine = m_machine, leave = build.leave, end = build.end] {
        const auto tell = [this](auto call) { QMetaObject::invokeMethod(this, call, Qt::QueuedConnection); };
        QString problem;
        try {
            const auto shell = Shell::ssh(machine);
            WorkPlace place = openWorkPlace(*shell, machine, [leave] { return leave->load(); });
            place.say = [&](const std::string& text) {
                tell([this, name, line = QString::fromStdString(text)] { say(name, line); });
            };
            buildProgram(place, {}, [&](const BuildProgress& progress) {
                tell([this, name, progress] { show(name, progress); });
            });
        } catch (const Error& error) {
            problem = errorText(error);
        } catch (const std::exception& error) {
            problem = QString::fromUtf8(error.what());
        }
        if (*end) try {
                const auto shell = Shell::ssh(machine);
                stopBuilds(openWorkPlace(*shell, machine));
                problem = tr("Stopped. Building again goes on where it was.");
            } catch (const std::exception& error) {
                problem = QString::fromUtf8(error.what());
            }
        tell([this, name, problem] { finish(name, problem); });
    });
    showState();
}

void BuildPanel::stop() {
    const auto build = m_builds.find(toQString(m_machine.name));
    if (build == m_builds.end() || !build->isBusy) return;
    *build->end = true;
    *build->leave = true;
    build->state = tr("Stopping…");
    showState();
}

void BuildPanel::say(const QString& machine, const QString& text) {
    Build& build = m_builds[machine];
    if (*build.end) return;
    build.state = text;
    showState();
}

void BuildPanel::show(const QString& machine, const BuildProgress& progress) {
    Build& build = m_builds[machine];
    if (*build.end) return;
    build.progress = progress;
    build.state = stepText(progress);
    showState();
}

void BuildPanel::finish(const QString& machine, const QString& problem) {
    Build& build = m_builds[machine];
    build.isBusy = false;
    build.progress = {};
    const bool isLong = problem.contains(QLatin1Char('\n'));
    build.state = isLong              ? problem.section(QLatin1Char('\n'), 0, 0)
                  : problem.isEmpty() ? tr("Built: retort-cli on %1 is of the shipped source.").arg(machine)
                                      : problem;
    build.problem = isLong ? problem.section(QLatin1Char('\n'), 1) : QString();
    if (problem.isEmpty()) Q_EMIT built(machine);
    showState();
}

void BuildPanel::showState() {
    const Build build = m_builds.value(toQString(m_machine.name));
    setVisible(!m_machine.name.empty() && (m_isWanted || build.isBusy || !build.state.isEmpty()));
    m_button->setText(build.isBusy ? tr("St&op building") : tr("&Build retort-cli there"));
    m_button->setEnabled(!build.isBusy || !*build.leave);
    m_bar->setVisible(build.isBusy);
    m_bar->setMaximum(build.progress.all);  // none: it moves without end
    m_bar->setValue(build.progress.done);
    m_state->setText(!build.state.isEmpty()
                         ? build.state
                         : tr("From the source that comes with Retort, with CMake and the compiler there; it "
                              "goes on when the window is closed."));
    if (m_words->toPlainText() != build.problem) m_words->setPlainText(build.problem);
    m_words->setVisible(!build.problem.isEmpty());
}

}  // namespace retort
