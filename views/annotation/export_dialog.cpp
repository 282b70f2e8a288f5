#include "views/annotation/export_dialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include "views/lab.h"
#include "views/models/format.h"

namespace retort {

namespace {

struct Choice {
    TraceExportFormat format;
    bool corrections, asksNeutral;
    const char* text;
    const char* suffix;
};

constexpr Choice kChoices[] = {
    {TraceExportFormat::Prm800k, false, false,
     QT_TRANSLATE_NOOP("retort::ExportDialog", "PRM800K (JSON lines)"), "jsonl"},
    {TraceExportFormat::ProcessBench, false, true,
     QT_TRANSLATE_NOOP("retort::ExportDialog", "ProcessBench (JSON)"), "json"},
    {TraceExportFormat::TrlStepwise, false, true,
     QT_TRANSLATE_NOOP("retort::ExportDialog", "TRL, stepwise supervision (JSON lines)"), "jsonl"},
    {TraceExportFormat::TrlPreference, false, false,
     QT_TRANSLATE_NOOP("retort::ExportDialog", "TRL, preferred samples (JSON lines)"), "jsonl"},
    {TraceExportFormat::TrlPreference, true, false,
     QT_TRANSLATE_NOOP("retort::ExportDialog", "TRL, corrected steps as preferences (JSON lines)"), "jsonl"},
    {TraceExportFormat::Csv, false, false, QT_TRANSLATE_NOOP("retort::ExportDialog", "A table (CSV)"), "csv"},
    {TraceExportFormat::Jsonl, false, false,
     QT_TRANSLATE_NOOP("retort::ExportDialog", "Everything (JSON lines)"), "jsonl"}};

const Choice& choiceAt(const QComboBox* box) {
    return kChoices[std::max(0, box->currentIndex())];
}

}  // namespace

ExportDialog::ExportDialog(Lab& lab, const QString& annotator, RowId queue, QWidget* parent)
    : QDialog(parent), m_lab(lab), m_queue(queue) {
    setWindowTitle(tr("Export labels"));
    setAttribute(Qt::WA_DeleteOnClose);
    m_who = new QComboBox(this);
    if (!annotator.isEmpty()) m_who->addItem(annotator);
    m_what = new QComboBox(this);
    if (queue != 0) m_what->addItem(tr("The finished items of this queue"), static_cast<qlonglong>(queue));
    m_what->addItem(tr("Everything that they annotated"), 0);
    m_format = new QComboBox(this);
    for (const Choice& choice : kChoices) m_format->addItem(tr(choice.text));
    m_neutralHead = new QLabel(tr("A step that is &okay (0) counts as"), this);
    m_neutral = new QComboBox(this);
    m_neutral->addItem(tr("right (it is no error)"), static_cast<int>(NeutralMeaning::Correct));
    m_neutral->addItem(tr("wrong (as TRL's own converter has it)"), static_cast<int>(NeutralMeaning::Wrong));
    m_neutral->addItem(tr("not labelled"), static_cast<int>(NeutralMeaning::Unlabelled));
    m_neutralHead->setBuddy(m_neutral);
    m_result = new QLabel(this);
    m_result->setWordWrap(true);
    m_result->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* form = new QFormLayout;
    form->addRow(tr("Labels of"), m_who);
    form->addRow(tr("&Which"), m_what);
    form->addRow(tr("&Format"), m_format);
    form->addRow(m_neutralHead, m_neutral);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    m_export = buttons->addButton(tr("Export…"), QDialogButtonBox::ActionRole);
    m_export->setDefault(true);
    connect(m_export, &QPushButton::clicked, this, &ExportDialog::chooseFile);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_format, &QComboBox::currentIndexChanged, this, &ExportDialog::showQuestions);
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(form);
    layout->addWidget(m_result);
    layout->addWidget(buttons);
    resize(480, sizeHint().height());
    showQuestions();
    lab.read(
        this, [](StoreReader& reader) { return reader.annotators(); },
        [this](const std::vector<std::string>& names) {
            for (const std::string& name : names)
                if (m_who->findText(toQString(name)) < 0) m_who->addItem(toQString(name));
            m_export->setEnabled(m_who->count() > 0);
        });
    m_export->setEnabled(m_who->count() > 0);
}

QString ExportDialog::result() const {
    return m_result->text();
}

QString ExportDialog::suffix() const {
    return QString::fromLatin1(choiceAt(m_format).suffix);
}

void ExportDialog::showQuestions() {
    const bool asks = choiceAt(m_format).asksNeutral;
    m_neutralHead->setVisible(asks);
    m_neutral->setVisible(asks);
}

void ExportDialog::chooseFile() {
    const QString file =
        QFileDialog::getSaveFileName(this, tr("Export labels"), QStringLiteral("labels.") + suffix(),
                                     QStringLiteral("*.%1").arg(suffix()));
    if (!file.isEmpty()) exportTo(file);
}

void ExportDialog::exportTo(const QString& file) {
    const Choice& choice = choiceAt(m_format);
    LabelExport wanted;
    wanted.file = file.toStdString();
    wanted.annotator = m_who->currentText().toStdString();
    wanted.queue = m_what->currentData().toLongLong();
    wanted.format = choice.format;
    wanted.corrections = choice.corrections;
    wanted.neutral = static_cast<NeutralMeaning>(m_neutral->currentData().toInt());
    m_export->setEnabled(false);
    m_result->setText(tr("Exporting…"));
    m_lab.read(
        this,
        [wanted](StoreReader& reader) {
            try {
                const TraceExportReport report = exportLabels(reader, wanted);
                QString text = tr("%n record(s) written to %1", nullptr, static_cast<int>(report.written))
                                   .arg(toQString(wanted.file));
                for (const auto& [why, count] : report.why)
                    text += QLatin1Char('\n') + tr("left out, %1: %2").arg(toQString(why)).arg(count);
                return text;
            } catch (const Error& error) {
                return errorText(error);
            }
        },
        [this](const QString& text) {
            m_export->setEnabled(true);
            m_result->setText(text);
        });
}

}  // namespace retort
