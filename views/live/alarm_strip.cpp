#include "views/live/alarm_strip.h"

#include <QApplication>
#include <QClipboard>
#include <QListWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "views/actions.h"
#include "views/models/alarm_text.h"
#include "views/models/run_state.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

constexpr int kRowsShown = 3;

int gravity(const std::string& severity) {
    return severity == "error" ? 2 : severity == "warning" ? 1 : 0;
}

QColor severityColor(const std::string& severity) {
    const Tones& t = tones();
    return severity == "error" ? t.bad : severity == "warning" ? t.warning : t.info;
}

}  // namespace

std::vector<AlarmStrip::Entry> alarmEntries(const RunRow& run, const std::vector<AlarmRow>& alarms) {
    std::vector<AlarmStrip::Entry> entries;
    if (!run.error.empty())
        entries.push_back(
            {run.name, endedUnsaid(run) ? "info" : "error", QString::fromStdString(run.error), run.step});
    for (const AlarmRow& alarm : alarms)
        entries.push_back({run.name, alarm.severity, alarmText(alarm), alarm.step});
    return entries;
}

AlarmStrip::AlarmStrip(QWidget* parent) : QWidget(parent), m_list(new QListWidget(this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 0, 12, 2);
    layout->addWidget(m_list);
    m_list->setAccessibleName(tr("Alarms of the selected runs"));
    m_list->setUniformItemSizes(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setTextElideMode(Qt::ElideRight);
    m_list->setContextMenuPolicy(Qt::ActionsContextMenu);
    addCommand(m_list, {"live.copyAlarm", tr("Copy the alarm"), tr("Live"), QKeySequence::Copy},
               [this] { copyCurrent(); });
    hide();
}

void AlarmStrip::setEntries(std::vector<Entry> entries) {
    const auto graver = [](const Entry& a, const Entry& b) {
        return std::pair(gravity(a.severity), a.step) > std::pair(gravity(b.severity), b.step);
    };
    std::stable_sort(entries.begin(), entries.end(), graver);
    if (entries == m_entries) return;
    m_entries = std::move(entries);
    m_list->clear();
    for (const Entry& entry : m_entries) {
        auto* item = new QListWidgetItem(
            tr("%1  ·  %2, step %3:  %4")
                .arg(severityText(entry.severity), QString::fromStdString(entry.run),
                     QString::number(entry.step), entry.text.section(QLatin1Char('\n'), 0, 0)),
            m_list);
        item->setToolTip(entry.text);
        item->setForeground(severityColor(entry.severity));
        item->setIcon(lineIcon(gravity(entry.severity) == 2   ? QStringLiteral("error")
                               : gravity(entry.severity) == 1 ? QStringLiteral("warning")
                                                              : QStringLiteral("info"),
                               severityColor(entry.severity)));
    }
    const int rows = std::min(kRowsShown, m_list->count());
    if (rows > 0) m_list->setFixedHeight(rows * m_list->sizeHintForRow(0) + 2 * m_list->frameWidth() + 2);
    setVisible(rows > 0);
}

/// Their colours belong to the theme.
void AlarmStrip::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) setEntries(std::exchange(m_entries, {}));
}

void AlarmStrip::copyCurrent() {
    const int row = std::max(0, m_list->currentRow());
    if (row < static_cast<int>(m_entries.size()))
        QApplication::clipboard()->setText(m_entries[static_cast<std::size_t>(row)].text);
}

}  // namespace retort
