#include "views/merge/conflict_view.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include "core/util/error.h"
#include "views/lab.h"
#include "views/merge/conflict_model.h"
#include "views/merge/table_export.h"
#include "views/models/row_delegate.h"
#include "views/session.h"

namespace retort {

ConflictView::ConflictView(QWidget* parent) : QWidget(parent) {
    m_start = new QPushButton(tr("&Compare task vectors"), this);
    m_start->setToolTip(tr("What each model learned since the base, against what the others learned"));
    connect(m_start, &QPushButton::clicked, this, &ConflictView::compute);
    m_progress = new QProgressBar(this);
    m_progress->setRange(0, 1000);
    m_progress->setTextVisible(false);
    m_progress->setMaximumHeight(14);
    m_progress->setAccessibleName(tr("Progress of the comparison"));
    m_cancel = new QPushButton(tr("Ca&ncel"), this);
    connect(m_cancel, &QPushButton::clicked, this, &ConflictView::cancel);
    m_pair = new QComboBox(this);
    m_pair->setAccessibleName(tr("Models"));
    m_pair->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    connect(m_pair, &QComboBox::currentIndexChanged, this, &ConflictView::showPair);
    m_measure = new QComboBox(this);
    m_measure->setObjectName(QStringLiteral("mergeConflictMeasure"));
    m_measure->setAccessibleName(tr("Measure"));
    m_measure->addItems(
        {tr("Cosine"), tr("Sign conflicts"), tr("Norm of the first"), tr("Norm of the second")});
    markRemembered(m_measure);
    connect(m_measure, &QComboBox::currentIndexChanged, this, &ConflictView::showPair);
    m_hint = new QLabel(this);
    m_hint->setWordWrap(true);
    m_hint->setAlignment(Qt::AlignCenter);
    m_hint->setContentsMargins(40, 0, 40, 0);
    m_map = new HeatMapView(this);
    m_model = new ConflictModel(this);
    m_table = new QTableView(this);
    m_table->setModel(m_model);
    m_table->setAccessibleName(tr("Conflicts by layer"));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setShowGrid(false);
    m_table->setAlternatingRowColors(true);
    m_table->setTabKeyNavigation(false);
    m_table->setItemDelegate(new RowDelegate(m_table));
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    m_table->horizontalHeader()->setHighlightSections(false);
    makeExportable(m_table, ConflictModel::NumberRole, QStringLiteral("conflicts.csv"));

    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->setObjectName(QStringLiteral("mergeConflictSplitter"));
    splitter->addWidget(m_map);
    splitter->addWidget(m_table);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({400, 150});
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(m_hint);
    m_stack->addWidget(splitter);
    auto* bar = new QHBoxLayout;
    bar->addWidget(m_start);
    bar->addWidget(m_pair);
    bar->addWidget(m_measure);
    bar->addWidget(m_progress, 1);
    bar->addWidget(m_cancel);
    bar->addStretch(0);
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(bar);
    layout->addWidget(m_stack, 1);
    showState();
}

ConflictView::~ConflictView() {
    m_thread = {};  // asks it to stop and joins
}

void ConflictView::setCompute(Compute compute) {
    cancel();
    m_compute = std::move(compute);
    showState();
}

void ConflictView::setRequest(ConflictRequest request, QStringList names, const QString& obstacle) {
    if (request.base != m_request.base || request.models != m_request.models) {
        cancel();
        m_pairs.clear();
        m_error.clear();
        m_pair->clear();
    }
    m_request = std::move(request);
    m_names = std::move(names);
    m_obstacle = obstacle;
    showState();
}

void ConflictView::compute() {
    if (!m_compute || !m_obstacle.isEmpty()) return;
    cancel();
    m_isComputing = true;
    m_error.clear();
    m_progress->setValue(0);
    const quint64 number = ++m_number;
    // Joins the one before, which was asked to stop.
    m_thread = std::jthread([this, number, request = m_request, compute = m_compute](std::stop_token stop) {
        const auto progress = [this, number](double share) {
            QMetaObject::invokeMethod(
                this,
                [this, number, share] {
                    if (number == m_number) m_progress->setValue(static_cast<int>(1000 * share));
                },
                Qt::QueuedConnection);
        };
        std::vector<PairConflicts> pairs;
        QString error;
        try {
            pairs = compute(request, progress, stop);
        } catch (const Error& caught) {
            error = errorText(caught);
        } catch (const std::exception& caught) {
            error = QString::fromUtf8(caught.what());
        }
        if (stop.stop_requested()) return;
        QMetaObject::invokeMethod(
            this,
            [this, number, pairs = std::move(pairs), error]() mutable {
                accept(number, std::move(pairs), error);
            },
            Qt::QueuedConnection);
    });
    showState();
}

void ConflictView::cancel() {
    ++m_number;
    m_thread.request_stop();
    m_isComputing = false;
    showState();
}

void ConflictView::accept(quint64 number, std::vector<PairConflicts> pairs, const QString& error) {
    if (number != m_number) return;
    m_isComputing = false;
    m_error = error;
    m_pairs = std::move(pairs);
    m_pair->clear();
    for (const PairConflicts& pair : m_pairs)
        m_pair->addItem(
            tr("%1 and %2")
                .arg(m_names.value(static_cast<int>(pair.a)), m_names.value(static_cast<int>(pair.b))));
    showState();
    showPair();
}

void ConflictView::showPair() {
    const int index = m_pair->currentIndex();
    if (index < 0 || index >= static_cast<int>(m_pairs.size())) return;
    const PairConflicts& pair = m_pairs[static_cast<std::size_t>(index)];
    const QString a = m_names.value(static_cast<int>(pair.a)), b = m_names.value(static_cast<int>(pair.b));
    m_map->setMap(conflictMap(pair.tensors, static_cast<ConflictMeasure>(m_measure->currentIndex()), a, b));
    m_model->setLayers(layersOf(pair.tensors), a, b);
    m_table->resizeColumnsToContents();
}

void ConflictView::showState() {
    const bool any = !m_pairs.empty();
    m_start->setEnabled(m_compute && m_obstacle.isEmpty() && !m_isComputing);
    m_start->setVisible(!m_isComputing);
    m_progress->setVisible(m_isComputing);
    m_cancel->setVisible(m_isComputing);
    m_pair->setVisible(any && !m_isComputing);
    m_measure->setVisible(any && !m_isComputing);
    m_stack->setCurrentIndex(any ? 1 : 0);
    m_hint->setText(!m_error.isEmpty()      ? m_error
                    : !m_compute            ? tr("This program was built without the comparison of weights.")
                    : !m_obstacle.isEmpty() ? m_obstacle
                    : m_isComputing         ? tr("Reading the weights…")
                                            : tr("Compares what each model has learned since the base: where "
                                                         "their task vectors point the same way, merging is safe; "
                                                         "where they are opposed, one costs the other."));
}

}  // namespace retort
