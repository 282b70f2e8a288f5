#include "views/traces/judging/prm_dataset_dialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QVBoxLayout>

#include "views/lab.h"
#include "views/models/format.h"
#include "views/traces/branching/checkpoint_box.h"
#include "views/traces/judging/lane_box.h"

namespace retort {

namespace {
constexpr std::int64_t kMostTraces = 20000;
}

PrmDatasetDialog::PrmDatasetDialog(Lab& lab, TraceTargets targets, QWidget* parent)
    : QDialog(parent),
      m_lab(lab),
      m_targets(std::move(targets)),
      m_lane(new LaneBox(this)),
      m_threshold(new QDoubleSpinBox(this)),
      m_neutral(new QComboBox(this)),
      m_file(new QLineEdit(this)),
      m_summary(new QLabel(this)) {
    setWindowTitle(tr("Make a PRM dataset"));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(560, 0);
    m_threshold->setRange(0, 1);
    m_threshold->setSingleStep(0.05);
    m_threshold->setValue(0.5);
    m_neutral->addItem(tr("right"), int(NeutralMeaning::Correct));
    m_neutral->addItem(tr("wrong (TRL's own converter)"), int(NeutralMeaning::Wrong));
    m_neutral->addItem(tr("unlabelled: the solution ends before it"), int(NeutralMeaning::Unlabelled));
    m_file->setText(toQString((lab.storeFile().parent_path() / "prm-dataset.jsonl").string()));
    auto* browse = new QPushButton(tr("Br&owse…"), this);
    connect(browse, &QPushButton::clicked, this, [this] {
        const QString chosen = QFileDialog::getSaveFileName(this, tr("Save the dataset"), m_file->text(),
                                                            tr("JSON lines (*.jsonl)"), nullptr,
                                                            QFileDialog::DontConfirmOverwrite);
        if (!chosen.isEmpty()) m_file->setText(chosen);
    });
    m_summary->setWordWrap(true);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_save = buttons->addButton(tr("&Save and design a run"), QDialogButtonBox::AcceptRole);
    connect(m_save, &QPushButton::clicked, this, &PrmDatasetDialog::save);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* line = new QHBoxLayout;
    line->addWidget(m_file, 1);
    line->addWidget(browse);
    auto* form = new QFormLayout;
    const auto row = [form](const QString& text, QWidget* field) {
        form->addRow(text, field);
        field->setAccessibleName(QString(text).remove(QLatin1Char('&')));
    };
    row(tr("&Labels of"), m_lane);
    row(tr("A value is &right from"), m_threshold);
    row(tr("A &neutral step is"), m_neutral);
    auto* fileLabel = new QLabel(tr("&File"), this);  // a row's layout has no field that the label could know
    fileLabel->setBuddy(m_file);
    form->addRow(fileLabel, line);
    m_file->setAccessibleName(tr("File"));
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(form);
    layout->addWidget(m_summary);
    layout->addStretch(1);
    layout->addWidget(buttons);
    connect(m_lane, &QComboBox::currentIndexChanged, this, &PrmDatasetDialog::showLabels);
    connect(m_threshold, &QDoubleSpinBox::valueChanged, this, &PrmDatasetDialog::showLabels);
    connect(m_neutral, &QComboBox::currentIndexChanged, this, &PrmDatasetDialog::showLabels);
    read();
    showLabels();
}

void PrmDatasetDialog::read() {
    struct Read {
        std::vector<Trace> traces;
        std::string config, checkpoint;
    };
    m_lab.read(
        this,
        [targets = m_targets](StoreReader& reader) {
            Read read;
            for (TargetTrace& each : readTargets(reader, targets, TargetScope::List, kMostTraces)) {
                each.trace.tokens = {};
                if (read.config.empty())
                    if (const auto run = reader.run(each.run)) {
                        read.config = run->config;
                        const auto all = readCheckpoints(reader);
                        const int last = checkpointNear(all, each.run, run->step);
                        if (last >= 0 && all[std::size_t(last)].run == each.run)
                            read.checkpoint = all[std::size_t(last)].path;
                    }
                if (!each.trace.lanes.empty()) read.traces.push_back(std::move(each.trace));
            }
            return read;
        },
        [this](Read read) {
            m_isRead = true;
            m_traces = std::move(read.traces);
            m_config = std::move(read.config);
            m_checkpoint = std::move(read.checkpoint);
            m_lane->setLanes(lanesIn(m_traces));
            showLabels();
        });
}

StepLabels PrmDatasetDialog::labels() const {
    const KnownLane* lane = m_lane->lane();
    return {lane ? lane->kind : LaneKind::Human, lane ? lane->name : std::string(), m_threshold->value(),
            static_cast<NeutralMeaning>(m_neutral->currentData().toInt())};
}

void PrmDatasetDialog::showLabels() {
    const LabelCounts counts = m_lane->lane() ? countLabels(m_traces, labels()) : LabelCounts{};
    m_save->setEnabled(counts.traces > 0);
    if (!m_isRead)
        m_summary->setText(tr("Reading the traces…"));
    else if (!m_lane->lane())
        m_summary->setText(
            tr("Nobody has judged the traces of the list yet: annotate them, or judge them with a model."));
    else
        m_summary->setText(tr("%n trace(s)", nullptr, static_cast<int>(counts.traces)) +
                           QStringLiteral(", ") +
                           tr("%1 steps right, %2 wrong").arg(counts.right).arg(counts.wrong));
}

void PrmDatasetDialog::save() {
    const std::filesystem::path file = m_file->text().toStdString();
    bool overwrite = false;
    if (std::error_code code; std::filesystem::exists(file, code)) {
        const auto answer =
            QMessageBox::question(this, windowTitle(), tr("%1 exists. Replace it?").arg(m_file->text()));
        if (answer != QMessageBox::Yes) return;
        overwrite = true;
    }
    m_save->setEnabled(false);
    m_lab.compute(
        this,
        [file, traces = m_traces, labels = labels(), overwrite] {
            std::filesystem::create_directories(std::filesystem::absolute(file).parent_path());
            writePrmDataset(file, traces, labels, overwrite);
            return stepSeparatorOf(traces, labels);
        },
        [this, file](const std::string& separator) {
            Q_EMIT designRequested(
                toQString(prmRunYaml(m_config, std::filesystem::absolute(file), m_checkpoint, separator)));
            accept();
        });
}

}  // namespace retort
