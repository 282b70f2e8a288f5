#include "views/runs/adopting/adopt_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QProgressBar>
#include <QPushButton>
#include <QStackedWidget>
#include <QTableView>
#include <QUrl>
#include <QVBoxLayout>

#include "views/compare/table_panel.h"
#include "views/lab_adopted.h"
#include "views/models/format.h"
#include "views/models/row_delegate.h"
#include "views/runs/adopting/mapping_panel.h"
#include "views/widgets/empty_state.h"

namespace retort {

QStringList droppedPaths(const QMimeData* data) {
    QStringList paths;
    for (const QUrl& url : data->urls())
        if (url.isLocalFile()) paths << url.toLocalFile();
    return paths;
}

AdoptDialog::AdoptDialog(Lab& lab, QWidget* parent)
    : QDialog(parent), m_lab(lab), m_job(new AdoptJob(lab, this)), m_model(new FoundRunModel(this)) {
    setWindowTitle(tr("Adopt runs"));
    setAttribute(Qt::WA_DeleteOnClose);
    setAcceptDrops(true);
    resize(980, 620);
    makePlace();
    makeTable();
    makeChoices();
    makeLayout();
    connectJob();
    m_problemTable.headers = {tr("Run"), tr("What is wrong, and where")};
    loadMachines();
    showMapping();
    showState();
    m_folder->setFocus();
}

void AdoptDialog::makePlace() {
    m_machine = new QComboBox(this);
    m_machine->setAccessibleName(tr("Machine"));
    m_machine->addItem(tr("This machine"));
    m_folder = new QLineEdit(this);
    m_folder->setAccessibleName(tr("Folder or file"));
    m_folder->setPlaceholderText(QStringLiteral("~/outputs"));
    m_browse = new QPushButton(tr("&Browse…"), this);
    m_look = new QPushButton(tr("&Look"), this);
    m_browse->setAutoDefault(false);
    connect(m_machine, &QComboBox::currentIndexChanged, this, &AdoptDialog::showState);
    connect(m_folder, &QLineEdit::textChanged, this, &AdoptDialog::showState);
    connect(m_browse, &QPushButton::clicked, this, &AdoptDialog::chooseFolder);
    connect(m_look, &QPushButton::clicked, this,
            [this] { m_job->isRunning() ? m_job->cancel() : startLooking(); });
}

void AdoptDialog::makeTable() {
    m_table = new QTableView(this);
    m_table->setModel(m_model);
    m_table->setAccessibleName(tr("Runs that were found"));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setEditTriggers(QAbstractItemView::EditKeyPressed | QAbstractItemView::DoubleClicked);
    m_table->setItemDelegate(new RowDelegate(m_table));
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setTextElideMode(Qt::ElideMiddle);  // names and paths of a sweep begin alike
    m_table->setTabKeyNavigation(false);
    m_table->setAlternatingRowColors(true);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(m_table->fontMetrics().height() + 10);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->installEventFilter(this);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &AdoptDialog::showMapping);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &AdoptDialog::showState);
    connect(m_model, &FoundRunModel::checksChanged, this, &AdoptDialog::showState);
    m_empty = new EmptyState(QStringLiteral("runs"), tr("Which folder?"),
                             tr("Its name above, or drop it here. Runs of TensorBoard, W&B, SwanLab, "
                                "trackio, MLflow, verl and DVCLive, "
                                "the outputs of transformers' Trainer and TRL, tables and JSON lines are "
                                "recognised in it and below; "
                                "they are read as they lie there, and nothing of theirs is changed."),
                             this);
    m_mapping = new MappingPanel(m_lab, this);
    connect(m_mapping, &MappingPanel::chosen, this,
            [this](const std::filesystem::path& table, const ColumnMapping& mapping) {
                m_job->map(table, mapping, m_findings.far.has_value());
                showState();
            });
}

void AdoptDialog::makeChoices() {
    const auto small = [this](const QString& text, auto act) {
        auto* button = new QPushButton(text, this);
        button->setAutoDefault(false);
        connect(button, &QPushButton::clicked, this, act);
        return button;
    };
    m_all = small(tr("Mark &all"), [this] { m_model->checkAll(true); });
    m_none = small(tr("Mark &none"), [this] { m_model->checkAll(false); });
    m_tags = new QLineEdit(this);
    m_tags->setPlaceholderText(tr("Tags, separated by commas"));
    m_tags->setAccessibleName(tr("Tags of the adopted runs"));
    m_follow = new QCheckBox(tr("&Keep following those that are live"), this);
    m_follow->setToolTip(tr("What their programs write is read as it comes, while a window is open"));
    m_follow->setChecked(true);
    m_progress = new QProgressBar(this);
    m_status = new QLabel(this);
    m_status->setWordWrap(true);
    m_status->setTextFormat(Qt::PlainText);
    m_status->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_status->setAccessibleName(tr("What was found, and what became of it"));
    m_problems = new TablePanel(m_lab, tr("What could not be read"), this);
    m_problems->view()->horizontalHeader()->setStretchLastSection(true);
    m_skip = small(tr("Stop the &chosen runs"), [this] {
        for (const QModelIndex& index : m_table->selectionModel()->selectedRows())
            m_job->cancelRow(index.row());
    });
    m_skip->setToolTip(
        tr("Of the runs that are selected no more is read; adopting them again goes on there"));
    m_adopt = new QPushButton(this);
    connect(m_adopt, &QPushButton::clicked, this,
            [this] { m_isAdopting ? m_job->cancel() : startAdopting(); });
    m_close = small(tr("Close"), [this] { reject(); });
}

void AdoptDialog::makeLayout() {
    auto* place = new QHBoxLayout;
    place->addWidget(m_machine);
    place->addWidget(m_folder, 1);
    place->addWidget(m_browse);
    place->addWidget(m_look);
    auto* choices = new QHBoxLayout;
    choices->addWidget(m_all);
    choices->addWidget(m_none);
    choices->addWidget(m_tags, 1);
    choices->addWidget(m_follow);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_progress, 1);
    buttons->addStretch();
    buttons->addWidget(m_skip);
    buttons->addWidget(m_adopt);
    buttons->addWidget(m_close);
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(place);
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(m_table);
    m_stack->addWidget(m_empty);
    layout->addWidget(m_stack, 3);
    layout->addWidget(m_mapping, 2);
    layout->addLayout(choices);
    layout->addWidget(m_status);
    layout->addWidget(m_problems, 1);
    layout->addLayout(buttons);
    m_problems->hide();
}

void AdoptDialog::connectJob() {
    connect(m_job, &AdoptJob::looked, this, &AdoptDialog::onLooked);
    connect(m_job, &AdoptJob::mapped, this, &AdoptDialog::onMapped);
    connect(m_job, &AdoptJob::runAdopted, this, &AdoptDialog::onRunAdopted);
    connect(m_job, &AdoptJob::adopted, this, &AdoptDialog::onAdopted);
    connect(m_job, &AdoptJob::progressed, this, [this](const QString& text, double share) {
        m_progress->setRange(0, share < 0 ? 0 : 1000);
        if (share >= 0) m_progress->setValue(static_cast<int>(1000 * share));
        m_status->setText(text);
    });
    connect(m_job, &AdoptJob::runProgressed, this, [this](int row, double share, qint64 points) {
        m_model->setStage(
            row, FoundRunModel::Stage::Reading,
            tr("%1 % · %n point(s)", nullptr, static_cast<int>(points)).arg(static_cast<int>(100 * share)));
        m_progress->setRange(0, 1000);
        const auto at = std::find(m_ordered.begin(), m_ordered.end(), row) - m_ordered.begin();
        m_progress->setValue(static_cast<int>(1000 * (double(at) + share) / double(m_ordered.size())));
    });
}

void AdoptDialog::showMapping() {
    const FoundCandidate* current = m_model->candidate(m_table->currentIndex().row());
    const bool isTable = current && !current->table.empty();
    m_mapping->setVisible(isTable);
    if (isTable) m_mapping->showTable(current->table, current->mapping, current->known.has_value());
}

void AdoptDialog::showState() {
    const bool busy = m_job->isRunning();
    const int marked = static_cast<int>(m_model->checkedRows().size());
    m_look->setText(busy && !m_isAdopting ? tr("&Stop") : tr("&Look"));
    m_look->setEnabled(busy ? !m_isAdopting : !m_folder->text().trimmed().isEmpty());
    m_adopt->setText(m_isAdopting ? tr("&Stop")
                     : marked > 0 ? tr("A&dopt %n run(s)", nullptr, marked)
                                  : tr("A&dopt"));
    m_adopt->setEnabled(m_isAdopting || (!busy && marked > 0));
    m_skip->setVisible(m_isAdopting && m_ordered.size() > 1);
    m_progress->setVisible(busy);
    const bool isLocal = m_machine->currentIndex() <= 0;
    m_browse->setVisible(isLocal);
    for (QWidget* each : std::initializer_list<QWidget*>{m_machine, m_folder, m_browse, m_mapping, m_all,
                                                         m_none, m_tags, m_follow})
        each->setEnabled(!busy);
    const bool hasRows = m_model->rowCount() > 0;
    m_stack->setCurrentWidget(hasRows ? static_cast<QWidget*>(m_table) : m_empty);
    for (QWidget* each : std::initializer_list<QWidget*>{m_all, m_none, m_tags, m_follow})
        each->setVisible(hasRows);
    (hasRows && m_hasLooked ? m_adopt : m_look)->setDefault(true);
}

/// Space marks all that are selected, not the current one alone.
bool AdoptDialog::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_table && event->type() == QEvent::KeyPress &&
        static_cast<QKeyEvent*>(event)->key() == Qt::Key_Space) {
        toggleSelected();
        return true;
    }
    return QDialog::eventFilter(watched, event);
}

void AdoptDialog::toggleSelected() {
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    const bool all = std::all_of(rows.begin(), rows.end(), [this](const QModelIndex& each) {
        return m_model->isChecked(each.row()) || !m_model->isCheckable(each.row());
    });
    for (const QModelIndex& each : rows) m_model->setChecked(each.row(), !all);
}

void AdoptDialog::dragEnterEvent(QDragEnterEvent* event) {
    if (!m_job->isRunning() && !droppedPaths(event->mimeData()).isEmpty()) event->acceptProposedAction();
}

void AdoptDialog::dropEvent(QDropEvent* event) {
    const QStringList paths = droppedPaths(event->mimeData());
    if (paths.isEmpty()) return;
    event->acceptProposedAction();
    look(paths.first());
}

/// What is read ends first, out of sight: the store may have much to take in. What was adopted stays.
void AdoptDialog::reject() {
    if (!m_job->isRunning()) return QDialog::reject();
    m_job->cancel();
    connect(m_job, &AdoptJob::idle, this, &QObject::deleteLater);
    hide();
}

}  // namespace retort
