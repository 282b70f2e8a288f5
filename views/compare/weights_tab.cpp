#include "views/compare/weights_tab.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>

#include "core/weights/tokenizer_difference.h"
#include "views/compare/comparison_tables.h"
#include "views/compare/layer_map.h"
#include "views/compare/table_panel.h"
#include "views/lab.h"
#include "views/models/format.h"

namespace retort {

namespace {

constexpr int kMostFields = 6;

QStringList tensorNotes(const CheckpointDifference& difference) {
    QStringList notes;
    const auto listed = [](const std::vector<std::string>& names) {
        QStringList first;
        for (const std::string& name : names) {
            if (first.size() == 3) break;
            first << toQString(name);
        }
        return first.join(QStringLiteral(", ")) + (names.size() > 3 ? QStringLiteral(" …") : QString());
    };
    const auto count = [](const auto& list) { return static_cast<int>(list.size()); };
    if (!difference.onlyA.empty())
        notes << WeightsTab::tr("%n tensor(s) only in A: ", nullptr, count(difference.onlyA)) +
                     listed(difference.onlyA);
    if (!difference.onlyB.empty())
        notes << WeightsTab::tr("%n tensor(s) only in B: ", nullptr, count(difference.onlyB)) +
                     listed(difference.onlyB);
    if (!difference.otherShapes.empty())
        notes << WeightsTab::tr("%n tensor(s) of another shape are not compared", nullptr,
                                count(difference.otherShapes));
    if (!difference.notCompared.empty())
        notes << WeightsTab::tr("%n tensor(s) are not compared: ", nullptr, count(difference.notCompared)) +
                     listed(difference.notCompared);
    if (difference.alignedByToken)
        notes << WeightsTab::tr(
            "The tokenizers number their tokens differently: rows of the embeddings are paired by token");
    return notes;
}

/// What differs beside the weights. Off the GUI thread: it reads files.
QStringList aboutModels(const std::filesystem::path& a, const std::filesystem::path& b) {
    QStringList about;
    const auto fields = compareConfigs(a, b);
    for (const FieldDifference& field : fields) {
        if (about.size() == kMostFields) break;
        const auto shown = [](const std::string& text) {
            return text.empty() ? QStringLiteral("–") : toQString(text).left(40);
        };
        about << QStringLiteral("%1: %2 → %3").arg(toQString(field.field), shown(field.a), shown(field.b));
    }
    if (static_cast<int>(fields.size()) > kMostFields)
        about << WeightsTab::tr("%n more field(s) of config.json differ", nullptr,
                                static_cast<int>(fields.size()) - kMostFields);
    if (fields.empty()) about << WeightsTab::tr("Same architecture");
    if (const auto tokens = compareTokenizers(a, b)) {
        if (tokens->sameHash && tokens->isSameNumbering())
            about << WeightsTab::tr("same tokenizer");
        else
            about << WeightsTab::tr(
                         "tokenizers differ: %1 tokens removed, %2 added, %3 renumbered; token by token "
                         "values cannot be set against each other")
                         .arg(tokens->removed.size())
                         .arg(tokens->added.size())
                         .arg(tokens->reindexed.size());
        for (const FieldDifference& field : tokens->special)
            about << WeightsTab::tr("%1 token: %2 → %3")
                         .arg(toQString(field.field), toQString(field.a), toQString(field.b));
    }
    if (chatTemplateHash(a) != chatTemplateHash(b)) about << WeightsTab::tr("chat templates differ");
    return about;
}

}  // namespace

WeightsTab::WeightsTab(Lab& lab, QWidget* parent)
    : QWidget(parent),
      m_lab(lab),
      m_summary(new QLabel(this)),
      m_table(new TablePanel(lab, tr("Tensors"), this)),
      m_map(new LayerMap(this)) {
    m_summary->setWordWrap(true);
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_summary->setAccessibleName(tr("About the weights"));
    auto* splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setObjectName(QStringLiteral("compareWeightsSplitter"));
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_table);
    splitter->addWidget(m_map);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(makeBar());
    layout->addWidget(m_summary);
    layout->addWidget(splitter, 1);
    m_pace.setInterval(80);
    connect(&m_pace, &QTimer::timeout, this, &WeightsTab::showProgress);
    setCheckpoints({}, 0, 0);
}

WeightsTab::~WeightsTab() {
    cancel();
}

QWidget* WeightsTab::makeBar() {
    auto* bar = new QWidget(this);
    auto* line = new QHBoxLayout(bar);
    line->setContentsMargins(0, 0, 0, 0);
    const auto choice = [&](const QString& text) {
        auto* box = new QComboBox(bar);
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(8);
        auto* label = new QLabel(text, bar);
        label->setBuddy(box);
        box->setAccessibleName(QString(text).remove(QLatin1Char('&')));
        line->addWidget(label);
        line->addWidget(box, 1);
        return box;
    };
    m_first = choice(tr("A"));
    m_second = choice(tr("B"));
    m_base = choice(tr("Base"));
    m_base->setToolTip(
        tr("The checkpoint that both came from: adds the cosine of their moves and their sign conflicts"));
    m_spectra = new QCheckBox(tr("S&pectra"), bar);
    m_spectra->setToolTip(tr("Singular values of the differences; takes much longer"));
    m_run = new QPushButton(tr("Compare &weights"), bar);
    m_progress = new QProgressBar(bar);
    m_progress->setFixedWidth(120);
    m_progress->setAccessibleName(tr("Progress"));
    m_progress->hide();
    m_measure = new QComboBox(bar);
    m_measure->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_measure->setMinimumContentsLength(8);
    m_measure->addItems(
        {tr("Map: relative L2"), tr("Map: cosine"), tr("Map: changed"), tr("Map: sign conflicts")});
    m_measure->setAccessibleName(tr("What the map shows"));
    QToolButton* more = exportButton(tr("Layer map"), bar);
    auto* menu = new QMenu(more);
    menu->addAction(tr("Copy the values"), this,
                    [this] { QGuiApplication::clipboard()->setText(m_map->asText(QLatin1Char('\t'))); });
    menu->addAction(tr("Save the values as CSV…"), this, [this] {
        saveText(m_lab, this, QStringLiteral("layer-map.csv"), tr("CSV files (*.csv)"),
                 m_map->asText(QLatin1Char(',')));
    });
    menu->addAction(tr("Copy picture"), this,
                    [this] { QGuiApplication::clipboard()->setImage(m_map->image()); });
    menu->addAction(tr("Save as PNG…"), this, [this] {
        const QString file = QFileDialog::getSaveFileName(this, tr("Save"), QStringLiteral("layer-map.png"));
        if (!file.isEmpty() && !m_map->image().save(file))
            m_lab.report(Error("cannot write the picture", file.toStdString()));
    });
    more->setMenu(menu);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_spectra, m_run, m_progress, m_measure, more})
        line->addWidget(widget);
    connect(m_run, &QPushButton::clicked, this, [this] { isComputing() ? cancel() : compute(); });
    connect(m_measure, &QComboBox::currentIndexChanged, this,
            [this](int index) { m_map->setMeasure(static_cast<LayerMap::Measure>(index)); });
    return bar;
}

void WeightsTab::setCheckpoints(const std::vector<ComparedCheckpoint>& checkpoints, std::size_t first,
                                std::size_t second) {
    m_checkpoints.clear();
    const auto indexIn = [&](std::size_t wanted) {
        for (std::size_t i = 0; i < m_checkpoints.size(); ++i)
            if (wanted < checkpoints.size() && m_checkpoints[i].folder == checkpoints[wanted].folder)
                return int(i);
        return -1;
    };
    for (const ComparedCheckpoint& each : checkpoints)
        if (!each.folder.empty()) m_checkpoints.push_back(each);
    for (QComboBox* box : {m_first, m_second, m_base}) box->clear();
    m_base->addItem(tr("none"));
    for (const ComparedCheckpoint& each : m_checkpoints)
        for (QComboBox* box : {m_first, m_second, m_base}) box->addItem(toQString(each.name));
    m_first->setCurrentIndex(std::max(indexIn(first), 0));
    m_second->setCurrentIndex(std::max(indexIn(second), 0));
    const bool enough = m_checkpoints.size() >= 2;
    if (!isComputing()) m_run->setEnabled(enough);
    if (m_table->model()->rowCount() == 0 && !isComputing())
        m_summary->setText(
            enough
                ? tr("Reads both checkpoints' weights from the disk and compares them tensor by tensor.")
                : tr("Weights can be compared where at least two of the checkpoints are still on the disk."));
}

void WeightsTab::compute() {
    const int first = m_first->currentIndex(), second = m_second->currentIndex();
    if (first < 0 || second < 0) return;
    cancel();
    m_job = std::make_shared<Job>();
    WeightOptions options;
    options.spectra = m_spectra->isChecked();
    if (m_base->currentIndex() > 0)
        options.base = m_checkpoints[static_cast<std::size_t>(m_base->currentIndex() - 1)].folder;
    options.progress = [job = m_job](std::int64_t done, std::int64_t total) {
        job->done = done;
        job->total = total;
    };
    struct Done {
        CheckpointDifference difference;
        QStringList about;
        QString error;
    };
    m_run->setText(tr("&Cancel"));
    m_progress->setRange(0, 0);
    m_progress->show();
    m_pace.start();
    m_lab.compute(
        this,
        [a = m_checkpoints[static_cast<std::size_t>(first)].folder,
         b = m_checkpoints[static_cast<std::size_t>(second)].folder, options, job = m_job] {
            Done done;
            try {
                done.about = aboutModels(a, b);
                done.difference = compareCheckpoints(a, b, options, job->stop.get_token());
            } catch (const Error& error) {
                done.error = errorText(error);
            }
            return done;
        },
        [this, job = m_job](const Done& done) {
            if (job != m_job) return;
            m_job.reset();
            showProgress();
            if (done.error.isEmpty())
                finished(done.difference, done.about);
            else
                m_summary->setText(done.error);
        });
}

void WeightsTab::cancel() {
    if (!m_job) return;
    m_job->stop.request_stop();
    m_job.reset();
    showProgress();
    m_summary->setText(tr("Cancelled."));
}

void WeightsTab::showProgress() {
    if (m_job) {
        const std::int64_t total = m_job->total;
        m_progress->setRange(0, total > 0 ? 1000 : 0);
        if (total > 0) m_progress->setValue(static_cast<int>(1000 * m_job->done / total));
        return;
    }
    m_pace.stop();
    m_progress->hide();
    m_run->setText(tr("Compare &weights"));
    m_run->setEnabled(m_checkpoints.size() >= 2);
}

void WeightsTab::finished(const CheckpointDifference& difference, const QStringList& about) {
    m_table->setTable(weightTable(difference));
    m_map->setDifference(difference);
    QStringList lines{about.join(QStringLiteral(" · "))};
    if (!difference.tensors.empty())
        lines << tr("%n tensor(s): cosine %1, relative L2 %2, %3 % of the elements changed", nullptr,
                    static_cast<int>(difference.tensors.size()))
                     .arg(formatNumber(difference.cosine()), formatNumber(difference.relativeL2()),
                          formatNumber(100 * difference.changed()));
    lines << tensorNotes(difference);
    m_summary->setText(lines.join(QLatin1Char('\n')));
}

}  // namespace retort
