#include "views/models/priority_text.h"

#include <QCoreApplication>

namespace retort {
namespace {

struct PriorityText {
    Q_DECLARE_TR_FUNCTIONS(PriorityText)
};

/// Whether the trainer has said something to what was asked last.
bool isAnswered(const RunPriority& priority, bool isGoing) {
    return isGoing && priority.state && (!priority.asked || priority.state->asked == priority.asked);
}

}  // namespace

QString priorityName(int nice) {
    switch (nice) {
        case normalNice:
            return PriorityText::tr("Normal");
        case lowNice:
            return PriorityText::tr("Low");
        case lowestNice:
            return PriorityText::tr("Lowest");
        default:
            return PriorityText::tr("Nice %1").arg(nice);
    }
}

std::optional<int> niceOf(const RunPriority& priority, bool isGoing) {
    return isAnswered(priority, isGoing) ? priority.state->nice : priority.asked;
}

QString priorityText(const RunPriority& priority, bool isGoing) {
    const auto& [state, asked] = priority;
    if (!isAnswered(priority, isGoing))
        return asked ? PriorityText::tr("nice %1 is asked for").arg(*asked) : QString();
    const QString nice = PriorityText::tr("nice %1").arg(state->nice);
    return state->problem.empty() ? nice
                                  : nice + QStringLiteral(": ") + QString::fromUtf8(state->problem.c_str());
}

}  // namespace retort
