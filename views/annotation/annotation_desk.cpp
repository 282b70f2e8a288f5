#include "views/annotation/annotation_desk.h"

#include <QAction>
#include <QApplication>
#include <QEvent>
#include <QGuiApplication>
#include <QInputDialog>
#include <QKeyEvent>
#include <QScrollArea>
#include <QTabWidget>
#include <QTextBrowser>
#include <QWindow>
#include <algorithm>
#include <utility>

#include "views/actions.h"
#include "views/annotation/agreement_dialog.h"
#include "views/annotation/annotated_view.h"
#include "views/annotation/annotation_bar.h"
#include "views/annotation/annotation_panel.h"
#include "views/annotation/export_dialog.h"
#include "views/annotation/history_panel.h"
#include "views/annotation/key_guard.h"
#include "views/annotation/queue_dialog.h"
#include "views/annotation/queue_pane.h"
#include "views/annotation/reason_dialog.h"
#include "views/lab.h"
#include "views/models/format.h"
#include "views/models/trace_segments.h"

namespace retort {

using C = AnnotationCommand;

AnnotationDesk::AnnotationDesk(Lab& lab, TraceView* view, QWidget* page, std::function<TraceFilter()> filter)
    : QObject(page),
      m_lab(lab),
      m_page(page),
      m_filter(std::move(filter)),
      m_session(new AnnotationSession(lab, this)),
      m_view(new AnnotatedView(view, this)),
      m_guard(new KeyGuard(page)) {
    makeCommands();
    const auto commandOf = [this](C command) { return m_commands.value(command); };
    m_bar = new AnnotationBar(*m_session, commandOf, page);
    auto* scroll = new QScrollArea(page);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_panel = new AnnotationPanel(
        *m_session, [this](int step) { return m_view->stepText(step); }, scroll);
    scroll->setWidget(m_panel);
    m_panelTab = scroll;
    m_ranking = new RankingPanel(lab, *m_session, commandOf, page);
    m_history = new HistoryPanel(lab, *m_session, page);
    m_guidelines = new QTextBrowser(page);
    m_guidelines->setOpenLinks(false);
    m_guidelines->setAccessibleName(tr("Guidelines"));
    m_queuePane = new QueuePane(lab, *m_session, page);
    m_guard->addFields(m_panel, [this] {
        m_panel->flush();
        m_view->focus();
    });
    connectSession();
    showGuidelines();
    watchFocus();
}

std::vector<std::pair<QWidget*, QString>> AnnotationDesk::tabs() const {
    return {{m_panelTab, tr("Annotate")},
            {m_ranking, tr("Rank")},
            {m_history, tr("History")},
            {m_guidelines, tr("Guidelines")}};
}

void AnnotationDesk::connectSession() {
    connect(m_session, &AnnotationSession::traceWanted, this, &AnnotationDesk::openWanted);
    connect(m_session, &AnnotationSession::nextWanted, this, &AnnotationDesk::nextWanted);
    connect(m_session, &AnnotationSession::annotatorNeeded, this, &AnnotationDesk::askAnnotator);
    connect(m_session, &AnnotationSession::failed, &m_lab, &Lab::failed);
    connect(m_session, &AnnotationSession::stepChanged, m_view, &AnnotatedView::setCurrentStep);
    connect(m_view, &AnnotatedView::stepChanged, this, [this](int step) {
        if (!m_switching) m_session->setStep(step);
    });
    connect(m_view, &AnnotatedView::spanSelected, this, [this](qint64 begin, qint64 end) {
        m_session->setSpan(begin < end ? std::optional(TextRange{begin, end}) : std::nullopt);
    });
    connect(m_view, &AnnotatedView::ratingClicked, this, [this](int step, int rating) {
        m_session->setStep(step);
        m_session->rate(m_session->labels().rating(step) == rating ? std::nullopt : std::optional(rating));
    });
    connect(m_view, &AnnotatedView::stepsChanged, this, [this] {
        if (m_session->trace() == 0 || m_switching) return;
        m_session->setTrace(m_session->trace(), m_view->steps());
    });
    const auto showLabels = [this] {
        m_view->setLanes(m_session->lanes());
        m_view->setNotes(m_session->labels().notes());
    };
    connect(m_session, &AnnotationSession::labelsChanged, this, showLabels);
    connect(m_session, &AnnotationSession::historyChanged, this, showLabels);
    connect(m_session, &AnnotationSession::concealedChanged, this, showLabels);
    // Not at once: an item that was just submitted makes room for the next one before its truth is shown.
    connect(m_session, &AnnotationSession::concealedChanged, this, &AnnotationDesk::checkConcealed,
            Qt::QueuedConnection);
    connect(m_session, &AnnotationSession::readyChanged, this, &AnnotationDesk::checkConcealed,
            Qt::QueuedConnection);
    connect(m_session, &AnnotationSession::queueChanged, this, [this] {
        showGuidelines();
        Q_EMIT truthHiddenChanged();
        checkConcealed();
        // Whoever opens a queue wants to judge: keys go to the text.
        const RowId open = m_session->queue() ? m_session->queue()->id : 0;
        if (std::exchange(m_openQueue, open) != open && open != 0) m_view->focus();
    });
    connect(m_guard, &KeyGuard::touched, this, [this] { m_session->time().touch(m_session->now()); });
    connect(m_guard, &KeyGuard::chordLeft, this, [this] { m_bar->showChord({}); });
    connect(m_queuePane, &QueuePane::newQueueWanted, this, &AnnotationDesk::askQueue);
    connect(m_queuePane, &QueuePane::settingsWanted, this, &AnnotationDesk::changeQueue);
    connect(m_queuePane, &QueuePane::annotatorWanted, this, &AnnotationDesk::askAnnotator);
    connect(m_queuePane, &QueuePane::exportWanted, this, [this](RowId queue) {
        (new ExportDialog(m_lab, m_session->annotator(), queue, m_page))->show();
    });
    connect(m_queuePane, &QueuePane::agreementWanted, this, &AnnotationDesk::showAgreement);
}

void AnnotationDesk::makeCommands() {
    for (const AnnotationKey& key : annotationKeys()) {
        QAction* action =
            addCommand(m_page,
                       {key.id, commandText(key), tr("Annotate"),
                        QKeySequence(QString::fromLatin1(key.keys), QKeySequence::PortableText)},
                       [this, command = key.command] { run(command); });
        action->setAutoRepeat(false);  // a held key judges nothing unseen
        m_commands.insert(key.command, action);
    }
    m_commands[C::AutoAdvance]->setCheckable(true);
    m_commands[C::AutoAdvance]->setChecked(true);
}

void AnnotationDesk::run(C command) {
    if (!m_page->isVisible()) return;  // the palette reaches everywhere; nobody judges what they do not see
    switch (command) {
        case C::Bad:
            return m_session->rate(-1);
        case C::Okay:
            return m_session->rate(0);
        case C::Great:
            return m_session->rate(1);
        case C::ClearRating:
            return m_session->rate(std::nullopt);
        case C::FirstError:
            return m_session->markFirstError();
        case C::NoError:
            return m_session->markNoError();
        case C::ErrorType:
            return beginChord();
        case C::Unsure:
            return m_session->toggleUnsure();
        case C::Note:
            showTab(m_panelTab);
            return m_panel->editNote();
        case C::Correct:
            showTab(m_panelTab);
            return m_panel->editCorrection();
        case C::PreferThis:
            return m_ranking->prefer("this");
        case C::PreferOther:
            return m_ranking->prefer("other");
        case C::Tie:
            return m_ranking->prefer("tie");
        case C::Rank:
            showTab(m_ranking);
            return m_ranking->focusRanking();
        case C::Skip:
        case C::BadProblem:
        case C::GiveUp:
            return askReason(command);
        case C::Submit:
            m_panel->flush();
            if (m_panel->isAncestorOf(QApplication::focusWidget())) m_view->focus();
            m_session->submit();
            return;
        case C::Undo:
            m_panel->flush();
            return m_session->undo();
        case C::Redo:
            return m_session->redo();
        case C::Save:
            m_panel->flush();
            return m_bar->showRefusal(tr("Everything is saved as you go."));
        case C::AutoAdvance:
            return m_session->setAdvances(m_commands[C::AutoAdvance]->isChecked());
        case C::NextItem:
        case C::PreviousItem:
            m_panel->flush();
            return m_session->openItem(m_session->itemIndex() + (command == C::NextItem ? 1 : -1));
        case C::ShowQueue:
            m_queueShown = !m_queueShown;
            Q_EMIT queueWanted(m_queueShown);
            return;
        case C::ShowGuidelines:
            return showTab(m_guidelines);
    }
}

void AnnotationDesk::beginChord() {
    QStringList letters;
    for (const ErrorType& type : errorTaxonomy())
        letters << QStringLiteral("%1\u00a0%2")
                       .arg(QChar::fromLatin1(type.key))
                       .arg(toQString(type.text)
                                .section(QLatin1Char(':'), 0, 0)
                                .toLower()
                                .replace(QLatin1Char(' '), QChar(QChar::Nbsp)));
    m_bar->showChord(tr("Kind of error:  %1  ·  Esc: none").arg(letters.join(QStringLiteral("  ·  "))));
    m_guard->beginChord([this](const QKeyEvent& key) {
        m_guard->endChord();
        m_bar->showChord({});
        if (key.key() == Qt::Key_Escape) return;
        const QString letter = key.text().toLower();
        for (const ErrorType& type : errorTaxonomy())
            if (letter == QChar::fromLatin1(type.key)) return m_session->toggleErrorType(type.id);
        m_bar->showRefusal(tr("No kind of error has this letter."));
    });
}

void AnnotationDesk::askReason(C command) {
    if (!m_session->isReady()) return;
    const QString title = commandText(m_commands[command]).section(QLatin1Char(','), 0, 0);
    const char* outcome = command == C::Skip         ? "skipped"
                          : command == C::BadProblem ? "bad_problem"
                                                     : "give_up";
    m_panel->flush();
    auto* dialog =
        new ReasonDialog(title, command == C::Skip ? tr("Why is it skipped? (may stay empty)") : tr("Why?"),
                         command != C::Skip, m_page);
    connect(dialog, &QDialog::accepted, this,
            [this, dialog, outcome] { m_session->finish(outcome, dialog->reason()); });
    dialog->open();
}

void AnnotationDesk::askAnnotator() {
    m_lab.read(
        this, [](StoreReader& reader) { return reader.annotators(); },
        [this](const std::vector<std::string>& known) {
            if (m_page->findChild<QInputDialog*>()) return;
            QStringList names;
            const QString mine =
                m_session->annotator().isEmpty() ? AnnotationSession::systemUser() : m_session->annotator();
            names << mine;
            for (const std::string& name : known)
                if (!names.contains(toQString(name))) names << toQString(name);
            auto* dialog = new QInputDialog(m_page);
            dialog->setAttribute(Qt::WA_DeleteOnClose);
            dialog->setWindowTitle(tr("Who annotates?"));
            dialog->setLabelText(tr("Your labels are kept under this name, apart from everybody else's."));
            dialog->setComboBoxItems(names);
            dialog->setComboBoxEditable(true);
            dialog->setTextValue(mine);
            connect(dialog, &QInputDialog::textValueSelected, m_session, &AnnotationSession::setAnnotator);
            dialog->open();
        });
}

void AnnotationDesk::askQueue() {
    auto* dialog = new QueueDialog(m_lab, m_filter(), m_page);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QueueDialog::made, m_queuePane, &QueuePane::openQueue);
    dialog->open();
}

void AnnotationDesk::changeQueue(const QueueRow& queue) {
    auto* dialog = new QueueDialog(m_lab, queue, m_page);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void AnnotationDesk::showAgreement(RowId queue) {
    auto* dialog = new AgreementDialog(m_lab, m_session->annotator(), queue, m_page);
    connect(dialog, &AgreementDialog::traceWanted, this, [this](RowId trace, qint64 byte) {
        m_session->openThen(trace, [this, byte] {
            for (int step = 0; byte >= 0 && step < m_session->labels().stepCount(); ++step)
                if (m_session->labels().at(step).begin == byte) m_session->setStep(step);
        });
    });
    dialog->show();
}

void AnnotationDesk::showTab(QWidget* tab) {
    for (QWidget* at = tab; at && at != m_page; at = at->parentWidget())
        if (auto* tabs =
                qobject_cast<QTabWidget*>(at->parentWidget() ? at->parentWidget()->parentWidget() : nullptr))
            tabs->setCurrentWidget(at);
}

void AnnotationDesk::showGuidelines() {
    const auto& queue = m_session->queue();
    const QString own = queue ? toQString(queue->settings.guidelines) : QString();
    const QString wanted = own.isEmpty() ? ratingRules() : own;
    if (m_guidelines->property("markdown").toString() == wanted) return;  // where it is being read, it stays
    m_guidelines->setProperty("markdown", wanted);
    m_guidelines->setMarkdown(wanted);
}

// --- the trace ---

Trace AnnotationDesk::prepare(RowId id, Trace trace) {
    m_panel->flush();
    m_switching = true;
    m_shownConcealed = m_session->concealedOf(id);
    m_view->setBlind(m_shownConcealed.gold);
    return m_shownConcealed.gold ? concealedTrace(std::move(trace)) : trace;
}

void AnnotationDesk::showTrace(RowId id, const std::vector<std::pair<RowId, Trace>>& group) {
    m_switching = false;
    m_session->setTrace(id, m_view->steps());
    m_session->setStep(m_view->currentStep());
    std::vector<RankingPanel::Sample> samples;
    constexpr std::size_t kHead = 160;
    for (const auto& [sample, trace] : group) {
        const std::string_view text = trace.completion;
        samples.push_back(
            {sample,
             tr("sample %1: %2").arg(trace.sample + 1).arg(toQString(text.substr(0, kHead)).simplified())});
    }
    m_ranking->setGroup(std::move(samples));
    Q_EMIT truthHiddenChanged();
}

bool AnnotationDesk::hidesTruth() const {
    return m_session->concealed().gold || m_session->concealed().labels;
}

void AnnotationDesk::checkConcealed() {
    if (m_session->isReady() && m_session->trace() != 0 && m_session->concealed() != m_shownConcealed)
        Q_EMIT openWanted(m_session->trace());
}

// --- time ---

void AnnotationDesk::watchFocus() {
    m_page->installEventFilter(this);
    connect(qApp, &QGuiApplication::focusWindowChanged, this, [this](const QWindow* window) {
        const bool here = window && m_page->isVisible() && m_page->window()->windowHandle() == window;
        m_session->time().setFocused(here, m_session->now());
    });
}

bool AnnotationDesk::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Show || event->type() == QEvent::Hide)
        m_session->time().setFocused(event->type() == QEvent::Show && m_page->isActiveWindow(),
                                     m_session->now());
    return QObject::eventFilter(watched, event);
}

}  // namespace retort
