#include "views/models/alarm_text.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include "views/models/format.h"

namespace retort {

namespace {

struct Said {
    const char* rule;  ///< of core/analysis/alarms.cpp; tests/views/tst_alarm_text.cpp compares the two
    const char* text;
};

constexpr Said kTexts[] = {
    {"non_finite", QT_TRANSLATE_NOOP("retort::Alarm", "%1 is not a number")},
    {"non_finite", QT_TRANSLATE_NOOP("retort::Alarm", "%1 is infinite")},
    {"grad_norm_spike",
     QT_TRANSLATE_NOOP("retort::Alarm", "gradient norm %1, its median over the last 50 steps is %2")},
    {"grad_norm_spike",
     QT_TRANSLATE_NOOP("retort::Alarm",
                       "gradient norm %1, its median over the 50 steps before was %2, and training has not "
                       "recovered in 20 steps")},
    {"entropy_collapse",
     QT_TRANSLATE_NOOP(
         "retort::Alarm",
         "entropy %1, and in %2 % of the groups all completions get the same reward: nothing is left "
         "to learn from")},
    {"length_collapse", QT_TRANSLATE_NOOP("retort::Alarm", "mean length %1 tokens, 20 steps ago %2")},
    {"length_collapse", QT_TRANSLATE_NOOP("retort::Alarm", "mean length %1 tokens, it has been %2")},
    {"length_explosion",
     QT_TRANSLATE_NOOP("retort::Alarm",
                       "mean length %1 tokens, 20 steps ago %2, and the answers are no better for it")},
    {"clipped",
     QT_TRANSLATE_NOOP(
         "retort::Alarm",
         "%1 % of the completions are cut at the length limit: raise max_completion_length, or look "
         "whether they still end")},
    {"reward_hockey_stick",
     QT_TRANSLATE_NOOP("retort::Alarm",
                       "reward fell from %1 to %2 and is %3 now: read traces, it may have found a trick")},
    {"reward_divergence",
     QT_TRANSLATE_NOOP("retort::Alarm",
                       "%1 rises (%2 to %3) while correctness falls (%4 to %5): the reward is being gamed")},
    {"logit_growth",
     QT_TRANSLATE_NOOP("retort::Alarm", "largest logit %1, 50 steps ago %2: the output layer is blowing up")},
    {"likelihood_displacement",
     QT_TRANSLATE_NOOP(
         "retort::Alarm",
         "the chosen completions' log-probability fell from %1 to %2, together with the rejected ones'")},
};

/// The text with a group in the place of each value.
QRegularExpression patternOf(const QString& text) {
    static const QRegularExpression place(QStringLiteral("%\\d"));
    QString pattern;
    qsizetype from = 0;
    for (auto places = place.globalMatch(text); places.hasNext();) {
        const QRegularExpressionMatch found = places.next();
        pattern +=
            QRegularExpression::escape(text.mid(from, found.capturedStart() - from)) + QStringLiteral("(.+)");
        from = found.capturedEnd();
    }
    return QRegularExpression(
        QRegularExpression::anchoredPattern(pattern + QRegularExpression::escape(text.mid(from))));
}

}  // namespace

QString alarmText(const AlarmRow& alarm) {
    const QString said = toQString(alarm.text);
    for (const Said& each : kTexts) {
        if (alarm.rule != each.rule) continue;
        const QRegularExpressionMatch match = patternOf(QString::fromLatin1(each.text)).match(said);
        if (!match.hasMatch()) continue;
        QString text = QCoreApplication::translate("retort::Alarm", each.text);
        // From the back: "%1" must not be looked for in a value that was put in.
        for (int i = match.lastCapturedIndex(); i >= 1; --i)
            text.replace(QStringLiteral("%%1").arg(i), match.captured(i));
        return text;
    }
    return said;
}

QString severityText(const std::string& severity) {
    if (severity == "error") return QCoreApplication::translate("retort::Alarm", "Error");
    if (severity == "warning") return QCoreApplication::translate("retort::Alarm", "Warning");
    return QCoreApplication::translate("retort::Alarm", "Note");
}

}  // namespace retort
