#include "views/annotation/history_panel.h"

#include <QVBoxLayout>

#include "views/annotation/annotation_session.h"
#include "views/compare/table_panel.h"
#include "views/models/format.h"

namespace retort {

namespace {

QString valueText(const Json& value) {
    if (value.is_null()) return QStringLiteral("–");
    if (value.is_string()) return toQString(value.get<std::string>());
    return toQString(value.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace

QString annotationKindText(int kind) {
    switch (static_cast<AnnotationKind>(kind)) {
        case AnnotationKind::StepRating:
            return HistoryPanel::tr("rating");
        case AnnotationKind::StepUnsure:
            return HistoryPanel::tr("unsure");
        case AnnotationKind::FirstError:
            return HistoryPanel::tr("first error");
        case AnnotationKind::ErrorTypes:
            return HistoryPanel::tr("kinds of error");
        case AnnotationKind::Note:
            return HistoryPanel::tr("note");
        case AnnotationKind::Correction:
            return HistoryPanel::tr("correction");
        case AnnotationKind::Correctness:
            return HistoryPanel::tr("correctness");
        case AnnotationKind::Helpfulness:
            return HistoryPanel::tr("helpfulness");
        case AnnotationKind::Preference:
            return HistoryPanel::tr("preference");
        case AnnotationKind::Ranking:
            return HistoryPanel::tr("ranking");
        case AnnotationKind::Outcome:
            return HistoryPanel::tr("outcome");
    }
    return {};
}

HistoryPanel::HistoryPanel(Lab& lab, AnnotationSession& session, QWidget* parent)
    : QWidget(parent), m_session(session), m_table(new TablePanel(lab, tr("History"), this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(4, 4, 4, 4);
    layout->addWidget(m_table);
    connect(&session, &AnnotationSession::historyChanged, this, &HistoryPanel::refresh);
    connect(&session, &AnnotationSession::concealedChanged, this, &HistoryPanel::refresh);
    connect(&session, &AnnotationSession::labelsChanged, this, [this] {
        if (m_session.events().empty()) refresh();
    });
}

void HistoryPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    refresh();
}

void HistoryPanel::refresh() {
    if (!isVisible()) return;  // hundreds of events take a while; nobody looks
    ValueTable table;
    table.headers = {tr("When"), tr("Who"), tr("What"),    tr("Where"), tr("Old"),
                     tr("New"),  tr("Why"), tr("Seconds"), tr("Undoes")};
    table.headerTips = {{},
                        {},
                        {},
                        {},
                        {},
                        {},
                        {},
                        tr("Focused time since the event before"),
                        tr("The event that this one takes back")};
    const bool onlyMine = m_session.concealed().labels;
    const auto& events = m_session.events();
    for (auto event = events.rbegin(); event != events.rend(); ++event) {
        if (onlyMine && event->annotator != m_session.annotator().toStdString()) continue;
        const auto tone = event->undoes != 0 ? TableCell::Tone::Muted : TableCell::Tone::None;
        table.rows.push_back(
            {{formatTime(event->t), event->t, tone},
             {toQString(event->annotator), {}, tone},
             {annotationKindText(static_cast<int>(event->target.kind)), {}, tone},
             {m_session.placeName({event->target.begin, event->target.end}), {}, tone},
             {valueText(event->oldValue), {}, tone},
             {valueText(event->newValue), {}, tone},
             {toQString(event->reason), {}, tone},
             numberCell(event->seconds, tone),
             {event->undoes == 0 ? QString() : tr("undo of %1").arg(event->undoes), {}, tone}});
    }
    m_table->setNote(table.rows.empty()
                         ? tr("Nothing was said of this trace yet.")
                         : tr("%n event(s), newest first", nullptr, static_cast<int>(table.rows.size())));
    m_table->setTable(std::move(table));
}

}  // namespace retort
