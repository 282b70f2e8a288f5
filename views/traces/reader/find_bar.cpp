#include "views/traces/reader/find_bar.h"

#include <QAction>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPromise>
#include <QThreadPool>
#include <QToolButton>
#include <algorithm>

#include "views/traces/reader/trace_canvas.h"

namespace retort {

namespace {

// Longer texts are searched on another thread: 1 MB takes about 2 ms.
constexpr std::size_t searchedAtOnce = 2'000'000;

}  // namespace

FindBar::FindBar(TraceCanvas& canvas, QWidget* parent) : QWidget(parent), m_canvas(canvas) {
    m_text = new QLineEdit(this);
    m_text->setPlaceholderText(tr("Find in this trace"));
    m_text->setToolTip(tr("Enter: next, Shift+Enter: previous, Esc: close"));
    m_text->setAccessibleName(tr("Find in this trace"));
    m_text->installEventFilter(this);
    m_count = new QLabel(this);
    m_count->setMinimumWidth(fontMetrics().horizontalAdvance(QStringLiteral("000 of 0000")));
    m_count->setAccessibleName(tr("Hits"));
    const auto button = [this](const QString& text, const QString& name) {
        auto* made = new QToolButton(this);
        made->setText(text);
        made->setToolTip(name);
        made->setAccessibleName(name);
        made->setAutoRaise(true);
        return made;
    };
    m_case = button(QStringLiteral("Aa"), tr("Upper and lower case matter"));
    m_case->setCheckable(true);
    auto* previous = button(QStringLiteral("▲"), tr("Previous hit (Shift+Enter)"));
    auto* next = button(QStringLiteral("▼"), tr("Next hit (Enter)"));
    auto* close = button(QStringLiteral("✕"), tr("Close (Esc)"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_count);
    for (QToolButton* one : {m_case, previous, next, close}) layout->addWidget(one);
    connect(m_text, &QLineEdit::textChanged, this, &FindBar::search);
    connect(m_case, &QToolButton::toggled, this, &FindBar::search);
    connect(previous, &QToolButton::clicked, this, &FindBar::previous);
    connect(next, &QToolButton::clicked, this, &FindBar::next);
    connect(close, &QToolButton::clicked, this, &FindBar::close);
    connect(&m_watcher, &QFutureWatcher<TextHits>::finished, this, [this] {
        if (m_watcher.future().resultCount() > 0) show(m_watcher.result());
    });
    connect(&canvas, &TraceCanvas::hitWanted, this, &FindBar::go);
    auto* escape = new QAction(this);
    escape->setShortcut(Qt::Key_Escape);
    escape->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    addAction(escape);
    connect(escape, &QAction::triggered, this, &FindBar::close);
    hide();
}

FindBar::~FindBar() {
    m_stop.request_stop();
    m_watcher.waitForFinished();
}

bool FindBar::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_text && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) {
            go(key->modifiers() & Qt::ShiftModifier ? -1 : 1);
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void FindBar::open() {
    const bool reopened = isHidden();
    QWidget::show();
    const QString selected = m_canvas.selectedText();
    if (!selected.isEmpty() && selected.size() < 200 && !selected.contains(QLatin1Char('\n')))
        m_text->setText(selected);
    else if (reopened)
        search();
    m_text->setFocus(Qt::ShortcutFocusReason);
    m_text->selectAll();
}

void FindBar::close() {
    hide();
    m_stop.request_stop();
    m_hits.clear();
    m_at = -1;
    m_canvas.setHits({}, -1);
    m_canvas.setFocus();
}

void FindBar::searchAgain() {
    if (!isHidden()) search();
}

void FindBar::search() {
    m_stop.request_stop();
    m_stop = {};
    m_watcher.setFuture(QFuture<TextHits>());
    const std::string needle = m_text->text().toStdString();
    const bool matters = m_case->isChecked();
    const std::string& text = m_canvas.trace().completion;
    if (text.size() <= searchedAtOnce) return show(findAll(text, needle, matters));
    m_count->setText(tr("searching…"));
    // The trace is kept alive by its owner, and this object waits for the search before either is gone.
    auto promise = std::make_shared<QPromise<TextHits>>();
    m_watcher.setFuture(promise->future());
    promise->start();
    QThreadPool::globalInstance()->start(
        [promise, trace = m_canvas.sharedTrace(), needle, matters, stop = m_stop.get_token()] {
            promise->addResult(findAll(trace->completion, needle, matters, 20'000, stop));
            promise->finish();
        });
}

void FindBar::show(TextHits hits) {
    m_hits.assign(hits.ranges.begin(), hits.ranges.end());
    m_complete = hits.complete;
    // From where one reads on.
    const qint64 from = m_canvas.selection().first;
    const auto here = std::lower_bound(m_hits.begin(), m_hits.end(), from,
                                       [](const auto& range, qint64 at) { return range.first < at; });
    m_at = m_hits.empty() ? -1 : here == m_hits.end() ? 0 : static_cast<int>(here - m_hits.begin());
    m_canvas.setHits(m_hits, m_at);
    if (m_at >= 0) m_canvas.reveal(m_hits[static_cast<std::size_t>(m_at)].first, true);
    sayCount();
}

void FindBar::go(int by) {
    if (m_hits.empty()) return;
    const int count = static_cast<int>(m_hits.size());
    m_at = (m_at + by + count) % count;
    const qint64 at = m_hits[static_cast<std::size_t>(m_at)].first;
    m_canvas.setHits(m_hits, m_at);
    m_canvas.select(at, at);
    sayCount();
}

void FindBar::sayCount() {
    if (m_text->text().isEmpty())
        m_count->clear();
    else if (m_hits.empty())
        m_count->setText(tr("not found"));
    else
        m_count->setText(
            (m_complete ? tr("%1 of %2") : tr("%1 of more than %2")).arg(m_at + 1).arg(m_hits.size()));
}

}  // namespace retort
