#include "views/design/launch_bar.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>

#include "views/lab.h"
#include "views/launch_queue.h"
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
    m_seeds = new QSpinBox(this);
    m_seeds->setRange(1, 64);
    m_seeds->setToolTip(tr("Launches this many runs that differ in their seed alone: seed, seed + 1 …"));
    labelled(tr("See&ds"), m_seeds, layout);
    m_atOnce = new QSpinBox(this);
    m_atOnce->setRange(1, 64);
    m_atOnce->setValue(usualRunsAtOnce());
    m_atOnce->setToolTip(tr("So many runs go at the same time; the others wait in the queue for their turn"));
    QLabel* atOnceLabel = labelled(tr("at &once"), m_atOnce, layout);
    m_reason = new QLabel(this);
    layout->addWidget(m_reason, 1);
    m_launch = new QPushButton(tr("&Launch"), this);
    m_launch->setIcon(lineIcon(QStringLiteral("live")));
    m_launch->setToolTip(tr("Launch  (Ctrl+Return)"));
    connect(m_launch, &QPushButton::clicked, this, &LaunchBar::launchRequested);
    const auto showCount = [this, atOnceLabel](int count) {
        m_launch->setText(count == 1 ? tr("&Launch") : tr("&Launch %n run(s)", nullptr, count));
        atOnceLabel->setVisible(count > 1);
        m_atOnce->setVisible(count > 1);
    };
    connect(m_seeds, &QSpinBox::valueChanged, this, showCount);
    showCount(m_seeds->value());
    connect(m_backend, &QComboBox::currentIndexChanged, this, &LaunchBar::offerAtOnce);
    offerAtOnce();
    connect(m_backend, &QComboBox::currentIndexChanged, this, &LaunchBar::choiceChanged);
    connect(m_seeds, &QSpinBox::valueChanged, this, &LaunchBar::choiceChanged);
    connect(m_atOnce, &QSpinBox::valueChanged, this, &LaunchBar::choiceChanged);
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

/// Slurm has its own queue: all of an array may go at once there.
void LaunchBar::offerAtOnce() {
    const bool isSlurm = backend().startsWith(QLatin1String("slurm:"));
    if (isSlurm == (m_atOnce->minimum() == 0)) return;
    m_atOnce->setSpecialValueText(isSlurm ? tr("all") : QString());
    m_atOnce->setMinimum(isSlurm ? 0 : 1);
    m_atOnce->setValue(isSlurm ? 0 : usualRunsAtOnce());
}

int LaunchBar::seeds() const {
    return m_seeds->value();
}

void LaunchBar::setSeeds(int count) {
    m_seeds->setValue(count);
}

void LaunchBar::setAtOnce(int runs) {
    m_atOnce->setValue(runs);
}

/// Only one run can train in this program.
int LaunchBar::atOnce() const {
    return backend() == QLatin1String("in-process") ? 1 : m_atOnce->value();
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
    m_reason->setText(m_busy ? tr("Launching…") : m_obstacle);
    QPalette colors = palette();
    colors.setColor(QPalette::WindowText, m_busy ? tones().muted : tones().bad);
    m_reason->setPalette(colors);
}

}  // namespace retort
