#include "views/runs/checkpoint_panel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

#include "core/runlog/run_directory.h"
#include "training/backends/remote/remote_launch.h"
#include "views/lab.h"
#include "views/models/format.h"

namespace retort {

CheckpointPanel::CheckpointPanel(Lab& lab, QTableWidget* table, QWidget* parent)
    : QWidget(parent),
      m_lab(lab),
      m_table(table),
      m_note(new QLabel(this)),
      m_fetch(new QPushButton(tr("&Fetch"), this)),
      m_start(new QPushButton(tr("&Design a run from it"), this)) {
    m_note->setWordWrap(true);
    m_note->setTextFormat(Qt::PlainText);
    m_note->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_note->setAccessibleName(tr("Fetching"));
    m_note->hide();
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(m_fetch);
    buttons->addWidget(m_start);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_note);
    layout->addLayout(buttons);
    connect(m_table, &QTableWidget::itemSelectionChanged, this, &CheckpointPanel::showState);
    connect(m_table, &QTableWidget::cellActivated, this, &CheckpointPanel::startFromSelected);
    connect(m_start, &QPushButton::clicked, this, &CheckpointPanel::startFromSelected);
    connect(m_fetch, &QPushButton::clicked, this, &CheckpointPanel::fetchOrCancel);
    showState();
}

CheckpointPanel::~CheckpointPanel() {
    if (m_isCancelled) *m_isCancelled = true;
    m_thread.waitForDone();
}

void CheckpointPanel::showContent(const Content& content) {
    if (content.run != m_content.run && m_fetchedRun == 0) m_note->hide();
    m_content = content;
    const int count = static_cast<int>(content.checkpoints.size());
    m_table->setRowCount(count);
    for (int row = 0; row < count; ++row) {
        const CheckpointRow& each = content.checkpoints[static_cast<std::size_t>(count - 1 - row)];
        const QString cells[] = {QString::number(each.step),
                                 each.exists ? formatTime(each.t) : content.absent, toQString(each.path)};
        for (int column = 0; column < 3; ++column) {
            auto* item = new QTableWidgetItem(cells[column]);
            item->setToolTip(cells[column]);
            m_table->setItem(row, column, item);
        }
    }
    showState();
}

const CheckpointRow* CheckpointPanel::selected() const {
    const int row = m_table->currentRow(), count = static_cast<int>(m_content.checkpoints.size());
    if (row < 0 || row >= count || m_table->selectedItems().isEmpty()) return nullptr;
    return &m_content.checkpoints[static_cast<std::size_t>(count - 1 - row)];
}

void CheckpointPanel::showState() {
    const CheckpointRow* chosen = selected();
    m_start->setEnabled(chosen && chosen->exists);
    const bool isFetching = m_fetchedRun != 0;
    m_fetch->setVisible(isFetching || !m_content.machine.empty());
    m_fetch->setText(isFetching ? tr("Stop &fetching") : tr("&Fetch"));
    m_fetch->setEnabled(isFetching || (chosen && !chosen->exists));
}

void CheckpointPanel::startFromSelected() {
    const CheckpointRow* chosen = selected();
    if (chosen && chosen->exists) Q_EMIT startFromRequested(toQString(chosen->path));
}

void CheckpointPanel::fetchOrCancel() {
    if (m_fetchedRun != 0) {
        *m_isCancelled = true;
        m_note->setText(tr("Stopping…"));
        return;
    }
    const CheckpointRow* chosen = selected();
    if (!chosen || chosen->exists || m_content.machine.empty()) return;
    m_fetchedRun = m_content.run;
    m_isCancelled = std::make_shared<std::atomic<bool>>(false);
    m_note->setText(tr("Asking %1…").arg(toQString(m_content.machine)));
    m_note->show();
    showState();
    m_thread.start([this, store = m_lab.storeFile(), name = m_content.machine, step = chosen->step,
                    directory = m_content.directory, isCancelled = m_isCancelled] {
        const auto say = [this](const QString& text) {
            QMetaObject::invokeMethod(this, [this, text] {
                if (m_fetchedRun != 0 && !m_isCancelled->load()) m_note->setText(text);
            });
        };
        QString problem;
        try {
            const Machine machine = StoreReader(store).machine(name);
            const auto shell = Shell::ssh(machine);
            WorkPlace place = openWorkPlace(*shell, machine, [isCancelled] { return isCancelled->load(); });
            place.say = [say](const std::string& text) { say(toQString(text)); };
            fetchCheckpoint(place, RunDirectory::open(directory), step);
        } catch (const Error& error) {
            problem = errorText(error);
        } catch (const std::exception& error) {
            problem = QString::fromUtf8(error.what());
        }
        QMetaObject::invokeMethod(this, [this, problem, step, isCancelled] {
            m_fetchedRun = 0;
            m_note->setText(isCancelled->load() ? tr("Stopped. What is here already stays for another time.")
                            : problem.isEmpty() ? tr("The checkpoint of step %1 is here.").arg(step)
                                                : problem);
            showState();
            Q_EMIT fetched();
        });
    });
}

}  // namespace retort
