#include "views/models/priority_text.h"

#include <QCoreApplication>

namespace retort {
namespace {

struct PriorityText {
    Q_DECLARE_TR_FUNCTIONS(PriorityText)
};

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

QString priorityText(const RunPriority& priority, bool isGoing) {
    const auto& [state, asked] = priority;
    const bool isAnswered = isGoing && state && (!asked || state->asked == asked);
    if (!isAnswered) return asked ? PriorityText::tr("nice %1 is asked for").arg(*asked) : QString();
    const QString nice = PriorityText::tr("nice %1").arg(state->nice);
    return state->problem.empty() ? nice
                                  : nice + QStringLiteral(": ") + QString::fromUtf8(state->problem.c_str());
}

}  // namespace retort
