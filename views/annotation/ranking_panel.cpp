#include "views/annotation/ranking_panel.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QListWidget>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "views/annotation/annotation_session.h"
#include "views/annotation/key_button.h"
#include "views/lab.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

constexpr int kTrace = Qt::UserRole, kTied = Qt::UserRole + 1;

QToolButton* makeButton(const QString& text, const QString& name, QWidget* parent) {
    auto* button = new QToolButton(parent);
    button->setText(text);
    button->setToolTip(name);
    button->setAccessibleName(name);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

}  // namespace

RankingPanel::RankingPanel(Lab& lab, AnnotationSession& session,
                           std::function<QAction*(AnnotationCommand)> commandOf, QWidget* parent)
    : QWidget(parent), m_lab(lab), m_session(session) {
    setObjectName(QStringLiteral("rankingPanel"));
    using C = AnnotationCommand;
    m_others = new QComboBox(this);
    m_others->setAccessibleName(tr("Sample to compare with"));
    m_others->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_this = new KeyButton(commandOf(C::PreferThis), faceText(annotationKey(C::PreferThis)), this);
    m_that = new KeyButton(commandOf(C::PreferOther), faceText(annotationKey(C::PreferOther)), this);
    m_tie = new KeyButton(commandOf(C::Tie), faceText(annotationKey(C::Tie)), this);
    m_ranking = new QListWidget(this);
    m_ranking->setAccessibleName(tr("Ranking of the group, best first"));
    m_ranking->setWordWrap(true);
    m_ranking->setResizeMode(QListView::Adjust);
    m_ranking->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_ranking->setDragDropMode(QAbstractItemView::InternalMove);
    m_up = makeButton(QStringLiteral("↑"), tr("Better  (Ctrl+Up)"), this);
    m_down = makeButton(QStringLiteral("↓"), tr("Worse  (Ctrl+Down)"), this);
    m_equal = makeButton(QStringLiteral("="), tr("As good as the one above  (Space)"), this);
    m_clear = makeButton(tr("Clear"), tr("Take the ranking back"), this);
    m_hint = new QLabel(this);
    m_hint->setWordWrap(true);
    auto* pair = new QHBoxLayout;
    for (KeyButton* button : {m_this, m_tie, m_that}) pair->addWidget(button);
    pair->addStretch();
    auto* order = new QHBoxLayout;
    for (QToolButton* button : {m_up, m_down, m_equal, m_clear}) order->addWidget(button);
    order->addStretch();
    auto* layout = new QVBoxLayout(this);
    auto* head = new QLabel(tr("This sample, or another of its group?"), this);
    head->setBuddy(m_others);
    layout->addWidget(head);
    layout->addWidget(m_others);
    layout->addLayout(pair);
    layout->addSpacing(6);
    layout->addWidget(new QLabel(tr("Ranking of the group, best first"), this));
    layout->addWidget(m_hint);
    layout->addWidget(m_ranking, 1);
    layout->addLayout(order);
    const auto key = [this](QKeySequence keys, auto act) {
        auto* action = new QAction(m_ranking);
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetShortcut);
        connect(action, &QAction::triggered, this, act);
        m_ranking->addAction(action);
    };
    key(Qt::CTRL | Qt::Key_Up, [this] { move(-1); });
    key(Qt::CTRL | Qt::Key_Down, [this] { move(1); });
    m_ranking->installEventFilter(this);  // Space alone is a command of the page; here it is the list's
    connect(m_up, &QToolButton::clicked, this, [this] { move(-1); });
    connect(m_down, &QToolButton::clicked, this, [this] { move(1); });
    connect(m_equal, &QToolButton::clicked, this, &RankingPanel::toggleTie);
    connect(m_clear, &QToolButton::clicked, this, [this] { m_session.setRanking({}); });
    connect(m_ranking->model(), &QAbstractItemModel::rowsMoved, this, [this] {
        readRanking();
        saveRanking();
    });
    connect(m_others, &QComboBox::currentIndexChanged, this, &RankingPanel::refresh);
    connect(&session, &AnnotationSession::labelsChanged, this, &RankingPanel::refresh);
    connect(&session, &AnnotationSession::readyChanged, this, &RankingPanel::refresh);
    refresh();
}

bool RankingPanel::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() != QEvent::KeyPress || static_cast<QKeyEvent*>(event)->key() != Qt::Key_Space)
        return QWidget::eventFilter(watched, event);
    toggleTie();
    return true;
}

void RankingPanel::setGroup(std::vector<Sample> samples) {
    const bool same = samples.size() == m_samples.size() &&
                      std::equal(samples.begin(), samples.end(), m_samples.begin(),
                                 [](const Sample& a, const Sample& b) { return a.trace == b.trace; });
    m_samples = std::move(samples);
    if (!same) m_marks.clear();
    const QSignalBlocker quiet(m_others);
    m_others->clear();
    // The next one first, and round to the one before.
    const auto here = std::find_if(m_samples.begin(), m_samples.end(),
                                   [this](const Sample& each) { return each.trace == m_session.trace(); });
    const auto at = static_cast<std::size_t>(here - m_samples.begin());
    for (std::size_t i = 1; i <= m_samples.size(); ++i) {
        const Sample& sample = m_samples[(at + i) % m_samples.size()];
        if (sample.trace != m_session.trace())
            m_others->addItem(sample.text, static_cast<qlonglong>(sample.trace));
    }
    // What was said before can be shown only by marks.
    const bool said = !m_session.labels().value({AnnotationKind::Ranking, -1, -1}).is_null() ||
                      !m_session.labels().value({AnnotationKind::Preference, -1, -1}).is_null();
    if (said && m_marks.empty() && m_samples.size() > 1) withMarks([this] { refresh(); });
    refresh();
}

void RankingPanel::setOther(RowId trace) {
    const int index = m_others->findData(static_cast<qlonglong>(trace));
    if (index >= 0) m_others->setCurrentIndex(index);
}

RowId RankingPanel::other() const {
    return m_others->currentData().toLongLong();
}

void RankingPanel::withMarks(std::function<void()> then) {
    if (!m_marks.empty()) return then();
    std::vector<RowId> traces;
    for (const Sample& sample : m_samples) traces.push_back(sample.trace);
    m_lab.compute(
        this, [&writer = m_lab.writer(), traces] { return writer.mark(traces).get(); },
        [this, traces, then = std::move(then)](std::vector<RowId> marks) {
            const bool same = traces.size() == m_samples.size() &&
                              std::equal(traces.begin(), traces.end(), m_samples.begin(),
                                         [](RowId id, const Sample& each) { return id == each.trace; });
            if (!same) return;
            m_marks = std::move(marks);
            then();
        });
}

std::int64_t RankingPanel::markOf(RowId trace) const {
    for (std::size_t i = 0; i < m_marks.size(); ++i)
        if (m_samples[i].trace == trace) return m_marks[i];
    return 0;
}

RowId RankingPanel::traceOf(std::int64_t mark) const {
    for (std::size_t i = 0; i < m_marks.size(); ++i)
        if (m_marks[i] == mark) return m_samples[i].trace;
    return 0;
}

void RankingPanel::prefer(const std::string& choice) {
    if (other() == 0) return;
    withMarks([this, choice, than = other()] {
        if (const std::int64_t mark = markOf(than)) m_session.prefer(mark, choice);
    });
}

void RankingPanel::focusRanking() {
    m_ranking->setFocus(Qt::ShortcutFocusReason);
    if (m_ranking->currentRow() < 0) m_ranking->setCurrentRow(0);
}

void RankingPanel::move(int by) {
    const int row = m_ranking->currentRow(), to = row + by;
    if (row < 0 || to < 0 || to >= m_ranking->count()) return;
    QListWidgetItem* item = m_ranking->takeItem(row);
    item->setData(kTied, false);
    m_ranking->insertItem(to, item);
    m_ranking->setCurrentRow(to);
    readRanking();
    saveRanking();
}

void RankingPanel::toggleTie() {
    QListWidgetItem* item = m_ranking->currentItem();
    if (!item || m_ranking->currentRow() == 0) return;
    item->setData(kTied, !item->data(kTied).toBool());
    readRanking();
    saveRanking();
}

// The ranks as the list shows them.
void RankingPanel::readRanking() {
    m_ranks.clear();
    for (int row = 0; row < m_ranking->count(); ++row) {
        const QListWidgetItem* item = m_ranking->item(row);
        if (m_ranks.empty() || !item->data(kTied).toBool()) m_ranks.emplace_back();
        m_ranks.back().push_back(item->data(kTrace).toLongLong());
    }
}

void RankingPanel::saveRanking() {
    withMarks([this] {
        std::vector<std::vector<std::int64_t>> marks;
        for (const auto& rank : m_ranks) {
            marks.emplace_back();
            for (const RowId trace : rank) marks.back().push_back(markOf(trace));
            std::sort(marks.back().begin(), marks.back().end());  // as the store keeps them
        }
        m_session.setRanking(marks);
    });
}

void RankingPanel::fillRanking() {
    const RowId current = m_ranking->currentItem() ? m_ranking->currentItem()->data(kTrace).toLongLong() : 0;
    m_ranking->clear();
    int place = 1;
    for (const auto& rank : m_ranks) {
        for (std::size_t i = 0; i < rank.size(); ++i) {
            const auto sample = std::find_if(m_samples.begin(), m_samples.end(),
                                             [&](const Sample& each) { return each.trace == rank[i]; });
            if (sample == m_samples.end()) continue;
            const QString sign = i > 0 ? QStringLiteral("   =") : QStringLiteral("%1.").arg(place);
            auto* item = new QListWidgetItem(sign + QLatin1Char(' ') + sample->text, m_ranking);
            item->setData(kTrace, static_cast<qlonglong>(rank[i]));
            item->setData(kTied, i > 0);
            if (rank[i] == m_session.trace()) {
                QFont bold = font();
                bold.setBold(true);
                item->setFont(bold);
            }
            if (rank[i] == current) m_ranking->setCurrentItem(item);
        }
        place += static_cast<int>(rank.size());
    }
}

void RankingPanel::refresh() {
    const Json preference = m_session.labels().value({AnnotationKind::Preference, -1, -1});
    const std::int64_t mark = markOf(other());
    const bool about =
        preference.is_object() && mark != 0 && preference.value("other", std::int64_t(0)) == mark;
    const std::string choice = about ? preference.value("choice", std::string()) : std::string();
    m_this->setOn(choice == "this");
    m_that->setOn(choice == "other");
    m_tie->setOn(choice == "tie");
    const bool can = m_others->count() > 0;
    for (QWidget* widget : std::initializer_list<QWidget*>{m_others, m_this, m_that, m_tie, m_ranking, m_up,
                                                           m_down, m_equal, m_clear})
        widget->setEnabled(can);

    const Json ranking = m_session.labels().value({AnnotationKind::Ranking, -1, -1});
    std::vector<std::vector<RowId>> ranks;
    for (const Json& rank : ranking) {
        ranks.emplace_back();
        for (const Json& each : rank)
            if (const RowId trace = traceOf(each.get<std::int64_t>())) ranks.back().push_back(trace);
        if (ranks.back().empty()) ranks.pop_back();
    }
    const bool isRanked = !ranks.empty();
    if (!isRanked)
        for (const Sample& sample : m_samples) ranks.push_back({sample.trace});
    m_ranks = std::move(ranks);
    m_hint->setText(!can       ? tr("Its group has no other sample.")
                    : isRanked ? QString()
                               : tr("Not ranked yet: drag, or move with Ctrl+Up and Ctrl+Down; Space ties."));
    m_hint->setVisible(!m_hint->text().isEmpty());
    fillRanking();
}

}  // namespace retort
