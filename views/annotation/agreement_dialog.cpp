#include "views/annotation/agreement_dialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QLabel>
#include <QSignalBlocker>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "views/compare/table_panel.h"
#include "views/lab.h"
#include "views/models/format.h"
#include "views/models/value_table_model.h"

namespace retort {

namespace {

/// Undefined is neither 0 nor 1.
TableCell cellOf(double value) {
    return std::isfinite(value) ? numberCell(value)
                                : TableCell{AgreementDialog::tr("n/a"), {}, TableCell::Tone::Muted, {}};
}

TableCell intervalCell(const Interval& interval) {
    if (!std::isfinite(interval.low) || !std::isfinite(interval.high)) return {QStringLiteral("–")};
    return {QStringLiteral("%1 … %2").arg(formatNumber(interval.low), formatNumber(interval.high))};
}

TableCell countCell(std::int64_t count) {
    return {QString::number(count), static_cast<qlonglong>(count)};
}

}  // namespace

AgreementDialog::AgreementDialog(Lab& lab, const QString& annotator, RowId queue, QWidget* parent)
    : QDialog(parent), m_lab(lab), m_annotator(annotator.toStdString()), m_queue(queue) {
    setWindowTitle(tr("Progress and agreement"));
    setAttribute(Qt::WA_DeleteOnClose);
    m_queues = new QComboBox(this);
    m_queues->setAccessibleName(tr("Queue"));
    m_summary = new QLabel(this);
    m_summary->setWordWrap(true);
    m_progress = new TablePanel(lab, tr("Progress"), this);
    m_overall = new TablePanel(lab, tr("Agreement of all"), this);
    m_pairs = new TablePanel(lab, tr("Agreement of two"), this);
    m_differences = new TablePanel(lab, tr("Differences"), this);
    m_overall->setNote(
        tr("With the central 95 % of a bootstrap over steps (of scores: over items), as if those were "
           "independent. "
           "1: full agreement, 0: as by chance; n/a: not defined."));
    m_pairs->setNote(tr(
        "Kappa: Cohen's, plain and weighted by the squared distance. First error: same step, mean distance "
        "where both mark one, kappa on error or none."));
    auto* tabs = new QTabWidget(this);
    tabs->addTab(m_overall, tr("All"));
    tabs->addTab(m_pairs, tr("Pairs"));
    tabs->addTab(m_differences, tr("Differences"));
    tabs->addTab(m_progress, tr("Progress"));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_queues);
    layout->addWidget(m_summary);
    layout->addWidget(tabs, 1);
    layout->addWidget(buttons);
    resize(760, 520);
    connect(m_queues, &QComboBox::activated, this, [this] {
        m_queue = m_queues->currentData().toLongLong();
        read();
    });
    connect(m_differences, &TablePanel::activated, this, [this](int row) {
        if (row < 0 || row >= static_cast<int>(m_shown.size())) return;
        const auto& difference = m_shown[static_cast<std::size_t>(row)];
        Q_EMIT traceWanted(difference.trace, difference.begin);
    });
    read();
}

AgreementDialog::Found AgreementDialog::read(StoreReader& reader, RowId queue, const std::string& annotator) {
    Found found;
    found.queues = reader.annotationQueues();
    std::set<RowId> hidden;
    for (const QueueRow& row : found.queues) {
        if (!row.settings.blind) continue;
        for (const QueueItem& item : reader.queueItems(row.id, annotator))
            if (item.state == ItemState::Pending || item.state == ItemState::Draft) hidden.insert(item.trace);
    }
    auto traces = reader.annotatedTraces(queue);
    found.hidden = static_cast<std::int64_t>(
        std::erase_if(traces, [&](const auto& trace) { return hidden.contains(trace.trace); }));
    std::vector<JointlyAnnotated> joint;
    for (const auto& trace : traces) joint.push_back({trace.annotations, {}});
    found.agreement = agreementReport(joint);
    found.differences = labelDifferences(traces);
    constexpr std::size_t kMostDifferences = 2000;
    auto& differences = found.differences;
    if (differences.size() > kMostDifferences) differences.resize(kMostDifferences);
    std::map<RowId, std::string> heads;
    for (const auto& difference : differences) {
        auto& head = heads[difference.trace];
        if (head.empty())
            if (const auto trace = reader.trace(difference.trace)) head = trace->prompt.substr(0, 200);
        found.heads.push_back(head);
    }
    return found;
}

void AgreementDialog::read() {
    const quint64 question = ++m_question;
    m_summary->setText(tr("Computing…"));
    m_lab.read(
        this,
        [queue = m_queue, annotator = m_annotator](StoreReader& reader) {
            return read(reader, queue, annotator);
        },
        [this, question](const Found& found) {
            if (question == m_question) showFound(found);
        });
}

void AgreementDialog::showFound(const Found& found) {
    {
        const QSignalBlocker quiet(m_queues);
        m_queues->clear();
        m_queues->addItem(tr("Everything that was annotated"), 0);
        for (const QueueRow& row : found.queues)
            m_queues->addItem(toQString(row.settings.name), static_cast<qlonglong>(row.id));
        m_queues->setCurrentIndex(std::max(0, m_queues->findData(static_cast<qlonglong>(m_queue))));
    }
    const AgreementReport& agreement = found.agreement;
    QString text =
        agreement.traces == 0
            ? tr("No trace was finished by two people yet.")
            : tr("%n trace(s) finished by two or more", nullptr, static_cast<int>(agreement.traces)) +
                  QStringLiteral(", ") +
                  tr("%n step(s) rated by two or more.", nullptr, static_cast<int>(agreement.steps));
    if (found.hidden > 0)
        text += QLatin1Char(' ') + tr("%n item(s) are left out until you have judged them.", nullptr,
                                      static_cast<int>(found.hidden));
    m_summary->setText(text);
    showOverall(agreement);
    showPairs(agreement);
    showDifferences(found);
    showProgress(found.queues);
}

void AgreementDialog::showOverall(const AgreementReport& agreement) {
    ValueTable table;
    table.headers = {tr("Statistic"), tr("Value"), tr("95 %"), tr("Items")};
    const auto add = [&](const QString& name, const Agreement& value) {
        table.rows.push_back(
            {{name}, cellOf(value.value), intervalCell(value.interval), countCell(value.items)});
    };
    add(tr("Share of agreeing pairs"), agreement.raw);
    add(tr("Fleiss's kappa, steps that all rated"), agreement.fleiss);
    add(tr("Krippendorff's alpha, nominal"), agreement.nominal);
    add(tr("Krippendorff's alpha, ordinal"), agreement.ordinal);
    add(tr("Krippendorff's alpha of \"has an error\", traces"), agreement.errorOrNone);
    const auto addScore = [&](const QString& name, const ScoreAgreement& score) {
        if (score.ordinal.items == 0) return;
        add(tr("%1: Krippendorff's alpha, ordinal").arg(name), score.ordinal);
        if (!score.first.empty())
            add(tr("%1: weighted kappa of %2 and %3")
                    .arg(name, toQString(score.first), toQString(score.second)),
                score.weighted);
    };
    addScore(tr("Correctness, 0 to 6"), agreement.correctness);
    addScore(tr("Helpfulness, 0 to 6"), agreement.helpfulness);
    if (agreement.scoredTwice > 0)
        table.rows.push_back({{tr("Correlation of correctness and helpfulness")},
                              cellOf(agreement.correctnessHelpfulness),
                              {QStringLiteral("–")},
                              countCell(agreement.scoredTwice)});
    m_overall->setTable(std::move(table));
}

void AgreementDialog::showPairs(const AgreementReport& agreement) {
    ValueTable table;
    table.headers = {
        tr("One"),      tr("Other"),         tr("Steps"), tr("Same, %"), tr("Kappa"),
        tr("95 %"),     tr("Weighted"),      tr("95 %"),  tr("Traces"),  tr("Same first error, %"),
        tr("Distance"), tr("Kappa of error")};
    for (const auto& pair : agreement.pairs)
        table.rows.push_back(
            {{toQString(pair.first)},
             {toQString(pair.second)},
             countCell(pair.kappa.items),
             std::isfinite(pair.raw.value) ? percentCell(pair.raw.value) : cellOf(pair.raw.value),
             cellOf(pair.kappa.value),
             intervalCell(pair.kappa.interval),
             cellOf(pair.weighted.value),
             intervalCell(pair.weighted.interval),
             countCell(pair.firstError.items),
             std::isfinite(pair.firstError.exact) ? percentCell(pair.firstError.exact)
                                                  : cellOf(pair.firstError.exact),
             cellOf(pair.firstError.meanDistance),
             cellOf(pair.firstError.errorKappa)});
    m_pairs->setTable(std::move(table));
}

void AgreementDialog::showDifferences(const Found& found) {
    ValueTable table;
    table.headers = {tr("Problem"), tr("What")};
    for (const std::string& annotator : found.agreement.annotators) table.headers << toQString(annotator);
    for (std::size_t i = 0; i < found.differences.size(); ++i) {
        const auto& difference = found.differences[i];
        std::vector<TableCell> row = {
            {toQString(found.heads[i]).simplified()},
            {difference.begin < 0 ? tr("first error") : tr("rating at byte %1").arg(difference.begin)}};
        for (const std::string& annotator : found.agreement.annotators) {
            const auto said = difference.said.find(annotator);
            row.push_back({said == difference.said.end() ? QStringLiteral("–") : toQString(said->second)});
        }
        table.rows.push_back(std::move(row));
    }
    m_shown = found.differences;
    m_differences->setNote(table.rows.empty() ? tr("Nobody differs.")
                                              : tr("Enter or double click opens the trace."));
    m_differences->setTable(std::move(table));
}

void AgreementDialog::showProgress(const std::vector<QueueRow>& queues) {
    ValueTable table;
    table.headers = {tr("Queue"),   tr("Annotator"),    tr("Done"),
                     tr("Skipped"), tr("Begun"),        tr("Items"),
                     tr("Time"),    tr("Time an item"), tr("Control items found")};
    for (const QueueRow& queue : queues) {
        if (m_queue != 0 && queue.id != m_queue) continue;
        for (const QueueRow::Progress& each : queue.progress) {
            const auto finished = each.done + each.skipped;
            const double average = finished > 0 ? each.seconds / static_cast<double>(finished) : 0;
            table.rows.push_back(
                {{toQString(queue.settings.name)},
                 {toQString(each.annotator)},
                 countCell(each.done),
                 countCell(each.skipped),
                 countCell(each.drafts),
                 countCell(queue.items),
                 {formatDuration(each.seconds), each.seconds},
                 finished > 0 ? TableCell{formatDuration(average), average} : TableCell{QStringLiteral("–")},
                 {each.controls > 0 ? tr("%1 of %2").arg(each.hits).arg(each.controls)
                                    : QStringLiteral("–")}});
        }
    }
    m_progress->setNote(table.rows.empty() ? tr("Nobody has begun.") : QString());
    m_progress->setTable(std::move(table));
}

}  // namespace retort
