// Every text that core's alarm rules can say is known to the window by its rule, with its numbers.
#include <QCoreApplication>
#include <QTest>
#include <QTranslator>
#include <functional>
#include <limits>
#include <set>

#include "core/analysis/alarms.h"
#include "views/models/alarm_text.h"

using namespace retort;

namespace {

using Values = std::vector<std::pair<std::string, double>>;

/// The alarms of a run of `steps` steps.
std::vector<AlarmEvent> alarmsOf(int steps, const std::function<Values(int)>& values) {
    AlarmMonitor monitor;
    std::vector<AlarmEvent> all;
    for (int step = 1; step <= steps; ++step)
        for (AlarmEvent& alarm : monitor.observe(step, values(step))) all.push_back(std::move(alarm));
    return all;
}

std::vector<AlarmEvent> everyAlarm() {
    static constexpr double inf = std::numeric_limits<double>::infinity(),
                            nan = std::numeric_limits<double>::quiet_NaN();
    const std::function<Values(int)> stories[] = {
        [](int) {
            return Values{{"loss", nan}};
        },
        [](int) {
            return Values{{"grad_norm", inf}};
        },
        [](int step) {
            return Values{{"grad_norm", step == 40 ? 100.0 : 1.0}};
        },
        [](int step) {
            return Values{{"grad_norm", step == 40 ? 20.0 : 1.0}, {"loss", step > 40 ? 3.0 : 2.0}};
        },
        [](int) {
            return Values{{"entropy", 0.01}, {"frac_reward_zero_std", 0.95}};
        },
        [](int step) {
            return Values{{"completions/mean_length", step < 40 ? 40.0 : 10.0}};
        },
        [](int step) {
            return Values{{"completions/mean_length", step == 1 ? 13.0 : step < 40 ? 11.0 : 4.0}};
        },
        [](int step) {
            return Values{{"completions/mean_length", step < 40 ? 10.0 : 40.0}};
        },
        [](int) {
            return Values{{"completions/clipped_ratio", 0.6}};
        },
        [](int step) {
            return Values{{"reward", step <= 20 ? 0.5 : step <= 35 ? 0.1 : 0.9}};
        },
        [](int step) {
            return Values{{"rewards/correctness/mean", step <= 30 ? 0.8 : 0.3},
                          {"rewards/format/mean", step <= 30 ? 0.2 : 0.9}};
        },
        [](int step) {
            return Values{{"logits/max", step < 60 ? 5.0 : 50.0}};
        },
        [](int step) {
            return Values{{"logps/chosen", -4.0 - step}, {"logps/rejected", -10.0 - step}};
        }};
    std::vector<AlarmEvent> all;
    for (const auto& story : stories)
        for (AlarmEvent& alarm : alarmsOf(80, story)) all.push_back(std::move(alarm));
    return all;
}

AlarmRow rowOf(const AlarmEvent& alarm) {
    AlarmRow row;
    row.rule = alarm.rule;
    row.text = alarm.text;
    row.severity = alarm.severity;
    return row;
}

/// Says "§" before every text, so that what was not looked up shows.
class MarkingTranslator : public QTranslator {
  public:
    QString translate(const char*, const char* source, const char*, int) const override {
        return QStringLiteral("§") + QString::fromLatin1(source);
    }
    bool isEmpty() const override { return false; }
};

}  // namespace

class TestAlarmText : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void everyRuleIsTranslatedWithItsNumbers() {
        MarkingTranslator marking;
        QCoreApplication::installTranslator(&marking);
        std::set<std::string> rules;
        for (const AlarmEvent& alarm : everyAlarm()) {
            rules.insert(alarm.rule);
            QCOMPARE(alarmText(rowOf(alarm)), QStringLiteral("§") + QString::fromStdString(alarm.text));
        }
        QCoreApplication::removeTranslator(&marking);
        for (const AlarmRuleInfo& rule : alarmRules()) QVERIFY2(rules.contains(rule.name), rule.name.c_str());
    }

    void otherTextsStayAsTheyAre() {
        AlarmRow row;
        row.rule = "length_collapse";
        row.text = "written by another trainer: %1 and (regular [expressions";
        QCOMPARE(alarmText(row), QString::fromStdString(row.text));
        row.rule = "its own rule";
        QCOMPARE(alarmText(row), QString::fromStdString(row.text));
        row.rule = "non_finite";
        row.text = "%2 is infinite";
        QCOMPARE(alarmText(row), QStringLiteral("%2 is infinite"));
    }
};

QTEST_GUILESS_MAIN(TestAlarmText)
#include "tst_alarm_text.moc"
