#include "views/traces/importing/import_dialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMimeData>
#include <QProgressBar>
#include <QPushButton>
#include <QUrl>
#include <QVBoxLayout>

#include "core/util/error.h"
#include "views/compare/table_panel.h"
#include "views/lab.h"
#include "views/models/format.h"
#include "views/models/value_table_model.h"
#include "views/traces/importing/import_job.h"

namespace retort {

namespace {

QStringList localFiles(const QMimeData* data) {
    QStringList files;
    for (const QUrl& url : data->urls())
        if (url.isLocalFile() && QFileInfo(url.toLocalFile()).isFile()) files << url.toLocalFile();
    return files;
}

QString outcomeOf(const ImportedFile& file) {
    const QString name = toQString(file.file.filename().string());
    if (file.known) return ImportDialog::tr("%1: imported before").arg(name);
    const TraceImportReport& report = file.report;
    QStringList parts{ImportDialog::tr("%n trace(s)", nullptr, static_cast<int>(report.traces)),
                      toQString(std::string(retort::name(report.format)))};
    if (file.from.byte > 0) parts << ImportDialog::tr("what was appended since");
    if (report.duplicates > 0)
        parts << ImportDialog::tr("%n duplicate(s) passed over", nullptr,
                                  static_cast<int>(report.duplicates));
    if (report.sameId > 0)
        parts << ImportDialog::tr("%n with the id of another one", nullptr, static_cast<int>(report.sameId));
    if (report.skipped > 0)
        parts << ImportDialog::tr("%n left out", nullptr, static_cast<int>(report.skipped));
    if (report.bad > 0) parts << ImportDialog::tr("%n wrong", nullptr, static_cast<int>(report.bad));
    for (const std::string& note : report.notes) parts << toQString(note);
    return name + QStringLiteral(": ") + parts.join(QStringLiteral(", "));
}

}  // namespace

ImportDialog::ImportDialog(Lab& lab, const QStringList& files, QWidget* parent)
    : QDialog(parent), m_lab(lab), m_job(new ImportJob(lab, this)) {
    setWindowTitle(tr("Import traces"));
    setAttribute(Qt::WA_DeleteOnClose);
    setAcceptDrops(true);
    resize(680, 460);
    m_files = new QListWidget(this);
    m_files->setAccessibleName(tr("Files"));
    m_files->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_add = new QPushButton(tr("&Add files…"), this);
    m_remove = new QPushButton(tr("Re&move"), this);
    makeForm();
    m_progress = new QProgressBar(this);
    m_progress->setRange(0, 1000);
    m_status = new QLabel(this);
    m_status->setWordWrap(true);
    m_status->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_problems = new TablePanel(lab, tr("Records that are wrong"), this);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    m_import = buttons->addButton(tr("&Import"), QDialogButtonBox::ActionRole);
    m_import->setDefault(true);

    auto* side = new QVBoxLayout;
    side->addWidget(m_add);
    side->addWidget(m_remove);
    side->addStretch(1);
    auto* above = new QHBoxLayout;
    above->addWidget(m_files, 1);
    above->addLayout(side);
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(above, 1);
    layout->addLayout(m_form);
    layout->addWidget(m_progress);
    layout->addWidget(m_status);
    layout->addWidget(m_problems, 2);
    layout->addWidget(buttons);

    connect(m_add, &QPushButton::clicked, this, &ImportDialog::chooseFiles);
    connect(m_remove, &QPushButton::clicked, this, &ImportDialog::removeChosen);
    connect(m_import, &QPushButton::clicked, this,
            [this] { m_job->isRunning() ? m_job->cancel() : start(); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_files, &QListWidget::itemSelectionChanged, this, &ImportDialog::showState);
    connect(m_format, &QComboBox::currentIndexChanged, this, &ImportDialog::showState);
    connect(m_job, &ImportJob::ended, this, &ImportDialog::onEnded);
    connect(m_job, &ImportJob::progressed, this, [this](const QString& file, double share, qint64 traces) {
        m_progress->setValue(static_cast<int>(1000 * share));
        m_status->setText(tr("%1: %n trace(s)", nullptr, static_cast<int>(traces)).arg(file));
    });
    m_progress->hide();
    m_problems->hide();
    addFiles(files);
    showState();
}

void ImportDialog::makeForm() {
    m_format = new QComboBox(this);
    m_format->addItem(tr("By the first record"), QString());
    for (const std::string& each : traceFormatNames()) m_format->addItem(toQString(each), toQString(each));
    m_name = new QLineEdit(this);
    m_name->setPlaceholderText(tr("after the first file"));
    m_members = new QLineEdit(this);
    m_members->setPlaceholderText(QStringLiteral("prompt=question completion=choices.0.text"));
    m_members->setToolTip(tr(
        "Which members of a record hold prompt, completion, answer, id, reward, correct, step and tokens."));
    m_form = new QFormLayout;
    m_form->addRow(tr("&Format"), m_format);
    m_form->addRow(tr("Mem&bers"), m_members);
    m_form->addRow(tr("&Name of the run"), m_name);
}

void ImportDialog::addFiles(const QStringList& files) {
    for (const QString& file : files)
        if (m_files->findItems(file, Qt::MatchExactly).isEmpty()) m_files->addItem(file);
    showState();
}

void ImportDialog::chooseFiles() {
    addFiles(QFileDialog::getOpenFileNames(this, tr("Files of traces"), QString(),
                                           tr("Traces (*.jsonl *.json *.parquet *.eval *.ndjson)") +
                                               QStringLiteral(";;") + tr("All files (*)")));
}

void ImportDialog::removeChosen() {
    qDeleteAll(m_files->selectedItems());
    showState();
}

void ImportDialog::start() {
    TraceRunSettings settings;
    for (int row = 0; row < m_files->count(); ++row)
        settings.files.emplace_back(m_files->item(row)->text().toStdString());
    settings.name = m_name->text().trimmed().toStdString();
    settings.options.format = traceFormatNamed(m_format->currentData().toString().toStdString());
    try {
        std::vector<std::string> pairs;
        for (const QString& pair : m_members->text().split(QLatin1Char(' '), Qt::SkipEmptyParts))
            pairs.push_back(pair.toStdString());
        settings.options.fields = fieldNamesOf(pairs);
    } catch (const Error& error) {
        m_status->setText(errorText(error));
        return m_members->setFocus();
    }
    m_problems->hide();
    m_status->setText(tr("Reading…"));
    m_progress->setValue(0);
    m_job->start(std::move(settings));
    showState();
}

void ImportDialog::showState() {
    const bool busy = m_job->isRunning();
    m_import->setText(busy ? tr("&Stop") : tr("&Import"));
    m_import->setEnabled(busy || m_files->count() > 0);
    m_progress->setVisible(busy);
    for (QWidget* field : std::initializer_list<QWidget*>{m_files, m_add, m_format, m_name, m_members})
        field->setEnabled(!busy);
    m_remove->setEnabled(!busy && !m_files->selectedItems().isEmpty());
    const bool plain = m_format->currentData().toString() == QLatin1String("plain");
    m_members->setVisible(plain);
    m_form->labelForField(m_members)->setVisible(plain);
}

void ImportDialog::onEnded(RowId run, const std::vector<ImportedFile>& files, const QString& error) {
    QStringList lines;
    for (const ImportedFile& file : files) lines << outcomeOf(file);
    if (!error.isEmpty()) lines << error;
    if (lines.isEmpty()) lines << tr("Stopped: nothing was imported.");
    m_status->setText(lines.join(QLatin1Char('\n')));
    showProblems(files);
    showState();
    if (run != 0) Q_EMIT imported(run);
}

void ImportDialog::showProblems(const std::vector<ImportedFile>& files) {
    ValueTable table;
    table.headers = {tr("File"), tr("Line"), tr("Field"), tr("What is wrong")};
    for (const ImportedFile& file : files)
        for (const TraceImportProblem& each : file.report.problems)
            table.rows.push_back({{toQString(each.file)},
                                  {each.line > 0 ? QString::number(each.line) : QStringLiteral("–"),
                                   static_cast<qlonglong>(each.line)},
                                  {toQString(each.field)},
                                  {toQString(each.reason)}});
    m_problems->setVisible(!table.rows.empty());
    m_problems->setTable(std::move(table));
}

void ImportDialog::dragEnterEvent(QDragEnterEvent* event) {
    if (!m_job->isRunning() && !localFiles(event->mimeData()).isEmpty()) event->acceptProposedAction();
}

void ImportDialog::dropEvent(QDropEvent* event) {
    addFiles(localFiles(event->mimeData()));
    event->acceptProposedAction();
}

/// While files are read it ends that first.
void ImportDialog::reject() {
    m_job->cancel();
    QDialog::reject();
}

}  // namespace retort
