#include "views/design/launch_bar.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>

#include "core/queue/queue_limits.h"
#include "views/lab.h"
#include "views/widgets/theme.h"

namespace retort {

LaunchBar::LaunchBar(Lab& lab, QWidget* parent) : QWidget(parent) {
    const auto labelled = [this](const QString& text, QWidget* field, QHBoxLayout* layout) {
        auto* label = new QLabel(text, this);
        label->setBuddy(field);
        layout->addWidget(label);
        layout->addWidget(field);
        return label;
    };
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    m_name = new QLineEdit(this);
    m_name->setMinimumWidth(fontMetrics().averageCharWidth() * 18);
    connect(m_name, &QLineEdit::textEdited, this, &LaunchBar::nameEdited);
    labelled(tr("&Name"), m_name, layout);
    m_backend = new QComboBox(this);
    const auto offer = [this, &lab] {
        const QString chosen = backend();
        const QSignalBlocker quiet(m_backend);
        m_backend->clear();
        for (const auto& each : lab.backends()) {
            if (!lab.isOffered(*each)) continue;
            m_backend->addItem(each->label(), each->id());
            m_backend->setItemData(m_backend->count() - 1, each->help(), Qt::ToolTipRole);
        }
        chooseBackend(chosen);
        if (backend() != chosen) Q_EMIT choiceChanged();
    };
    offer();
    connect(&lab, &Lab::backendsChanged, this, offer);
    const auto showHelp = [this] {
        m_backend->setToolTip(m_backend->currentData(Qt::ToolTipRole).toString());
    };
    connect(m_backend, &QComboBox::currentIndexChanged, this, showHelp);
    showHelp();
    labelled(tr("R&uns in"), m_backend, layout);
    m_processes = new QSpinBox(this);
    m_processes->setRange(1, 64);
    m_processes->setObjectName(QStringLiteral("processes"));
    m_processesLabel = labelled(tr("&Processes"), m_processes, layout);
    m_seeds = new QSpinBox(this);
    m_seeds->setRange(1, 64);
    m_seeds->setToolTip(tr("Launches this many runs that differ in their seed alone: seed, seed + 1 …"));
    labelled(tr("See&ds"), m_seeds, layout);
    m_atOnce = new QSpinBox(this);
    m_atOnce->setRange(1, 999);
    m_atOnce->setValue(lab.queueLimits().runsAtOnce);
    m_atOnce->setToolTip(tr("So many runs go at the same time; the others wait in the queue for their turn"));
    m_atOnceLabel = labelled(tr("at &once"), m_atOnce, layout);
    connect(m_atOnce, &QSpinBox::valueChanged, this, [&lab](int runs) {
        QueueLimits limits = lab.queueLimits();
        limits.runsAtOnce = runs;
        lab.setQueueLimits(limits);
    });
    connect(&lab, &Lab::queueLimitsChanged, m_atOnce,
            [this, &lab] { m_atOnce->setValue(lab.queueLimits().runsAtOnce); });
    m_arrayAtOnce = new QSpinBox(this);
    m_arrayAtOnce->setRange(0, 999);
    m_arrayAtOnce->setSpecialValueText(tr("all"));
    m_arrayAtOnce->setToolTip(tr("So many tasks of the job array go at the same time"));
    layout->addWidget(m_arrayAtOnce);
    m_reason = new QLabel(this);
    layout->addWidget(m_reason, 1);
    m_queue = new QPushButton(tr("&Queue"), this);
    m_queue->setIcon(lineIcon(QStringLiteral("queue")));
    m_queue->setToolTip(tr("Waits for its turn, and for the runs that it starts from  (Ctrl+Shift+Return)"));
    connect(m_queue, &QPushButton::clicked, this, &LaunchBar::queueRequested);
    m_launch = new QPushButton(tr("&Launch"), this);
    m_launch->setIcon(lineIcon(QStringLiteral("live")));
    m_launch->setToolTip(tr("Launch  (Ctrl+Return)"));
    connect(m_launch, &QPushButton::clicked, this, &LaunchBar::launchRequested);
    connect(m_seeds, &QSpinBox::valueChanged, this, &LaunchBar::showCount);
    connect(m_backend, &QComboBox::currentIndexChanged, this, &LaunchBar::showCount);
    showCount();
    connect(m_backend, &QComboBox::currentIndexChanged, this, &LaunchBar::choiceChanged);
    for (const QSpinBox* each : {m_processes, m_seeds, m_arrayAtOnce})
        connect(each, &QSpinBox::valueChanged, this, &LaunchBar::choiceChanged);
    layout->addWidget(m_queue);
    layout->addWidget(m_launch);
}

void LaunchBar::setName(const QString& name) {
    if (m_name->text() != name && !m_name->hasFocus()) m_name->setText(name);
}

QString LaunchBar::backend() const {
    return m_backend->currentData().toString();
}

void LaunchBar::chooseBackend(const QString& id) {
    if (const int index = m_backend->findData(id); index >= 0) m_backend->setCurrentIndex(index);
}

int LaunchBar::arrayAtOnce() const {
    return m_arrayAtOnce->value();
}

int LaunchBar::processes() const {
    return m_processes->isEnabled() && !m_processes->isHidden() ? m_processes->value() : 1;
}

void LaunchBar::setOneProcessReason(const QString& reason) {
    m_oneProcessReason = reason;
    showCount();
}

int LaunchBar::seeds() const {
    return m_seeds->value();
}

void LaunchBar::setSeeds(int count) {
    m_seeds->setValue(count);
}

void LaunchBar::setProcesses(int count) {
    m_processes->setValue(count);
}

void LaunchBar::setAtOnce(int runs) {
    m_atOnce->setValue(runs);
}

void LaunchBar::setArrayAtOnce(int runs) {
    m_arrayAtOnce->setValue(runs);
}

/// In this program only one run trains at a time, machines have a limit of their own, and Slurm a queue.
void LaunchBar::showCount() {
    const int count = seeds();
    m_launch->setText(count == 1 ? tr("&Launch") : tr("&Launch %n run(s)", nullptr, count));
    const bool isHere = backend() == QLatin1String("local-process");
    const bool isArray = count > 1 && backend().startsWith(QLatin1String("slurm:"));
    const bool hasProcesses = isHere || backend().startsWith(QLatin1String("ssh:"));
    m_processesLabel->setVisible(hasProcesses);
    m_processes->setVisible(hasProcesses);
    m_processes->setEnabled(m_oneProcessReason.isEmpty());
    m_processes->setToolTip(m_oneProcessReason.isEmpty()
                                ? tr("So many processes there train the run together: each takes its share "
                                     "of every batch, and the "
                                     "result is that of one, to rounding")
                                : m_oneProcessReason);
    m_atOnceLabel->setVisible((count > 1 && isHere) || isArray);
    m_atOnceLabel->setBuddy(isArray ? m_arrayAtOnce : m_atOnce);
    m_atOnce->setVisible(count > 1 && isHere);
    m_arrayAtOnce->setVisible(isArray);
    m_queue->setVisible(count == 1 && !backend().startsWith(QLatin1String("slurm:")));  // several take turns
}

void LaunchBar::setObstacle(const QString& reason) {
    m_obstacle = reason;
    showState();
}

void LaunchBar::setBusy(bool busy) {
    m_busy = busy;
    showState();
}

void LaunchBar::showState() {
    m_launch->setEnabled(m_obstacle.isEmpty() && !m_busy);
    m_queue->setEnabled(m_launch->isEnabled());
    m_reason->setText(m_busy ? tr("Launching…") : m_obstacle);
    QPalette colors = palette();
    colors.setColor(QPalette::WindowText, m_busy ? tones().muted : tones().bad);
    m_reason->setPalette(colors);
}

}  // namespace retort
