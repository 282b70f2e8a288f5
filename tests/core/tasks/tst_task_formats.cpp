// The formats to the letter: a problem of each task kind and format with its working, and every reason that a
// verifier can give for calling a step or an answer wrong.
#include <QTest>

#include "core/tasks/task.h"

using namespace retort;

namespace {

std::unique_ptr<Task> make(const QString& task, const QString& parameters) {
    return makeTask(task.toStdString(), Json::parse(parameters.toStdString()));
}

// The problem as the generator poses it: drawn again and again until it comes.
std::optional<Problem> posed(const Task& task, const std::string& id) {
    for (std::uint64_t i = 0; i < 100'000; ++i) {
        Problem problem = task.problem(splitOf(id), 1, i);
        if (problem.id == id) return problem;
    }
    return std::nullopt;
}

struct Format {
    const char *name, *task, *parameters, *id, *prompt, *worked;
};

constexpr const char* twoDigits = R"("min_digits":2,"max_digits":2)";

const Format knownFormats[] = {
    {"addition plain", "addition", R"("format":"plain")", "addition:57+86", "a57+86=", "143"},
    {"addition scratchpad", "addition", R"("format":"scratchpad")", "addition:57+86",
     "a57+86=", "<7+6+0=13;5+8+1=14;>143"},
    {"addition reversed", "addition", R"("format":"reversed")", "addition:57+86", "A75+68=", "341"},
    {"addition reversed_scratchpad", "addition", R"("format":"reversed_scratchpad")", "addition:57+86",
     "A75+68=", "<7+6+0=13;5+8+1=14;>341"},
    {"addition reversed answer", "addition", R"("format":"reversed_scratchpad","reverse_operands":false)",
     "addition:57+86", "r57+86=", "<7+6+0=13;5+8+1=14;>341"},
    {"multiplication plain", "multiplication", R"("format":"plain")", "multiplication:12*34",
     "x12*34=", "408"},
    {"multiplication scratchpad", "multiplication", R"("format":"scratchpad")", "multiplication:12*34",
     "x12*34=", "<2*4+0+0=08;1*4+0+0=04;=8400;2*3+4+0=10;1*3+0+1=04;=8040;>408"},
    {"multiplication reversed", "multiplication", R"("format":"reversed")", "multiplication:12*34",
     "X21*43=", "804"},
    {"multiplication reversed_scratchpad", "multiplication", R"("format":"reversed_scratchpad")",
     "multiplication:12*34", "X21*43=", "<2*4+0+0=08;1*4+0+0=04;=8400;2*3+4+0=10;1*3+0+1=04;=8040;>804"},
    {"multiplication reversed answer", "multiplication", R"("format":"reversed","reverse_operands":false)",
     "multiplication:12*34", "y12*34=", "804"},
    {"modular_chain", "modular_chain", R"("min_operations":2,"max_operations":2)", "modular_chain:7:3+5*4",
     "m7 3+5*4=", "<3+5=1;1*4=4;>4"},
    {"expression modulo", "expression", R"("modulus":3,"min_depth":2,"max_depth":2,"max_operations":3)",
     "expression:3:(2+2)*(1-2)", "e3 (2+2)*(1-2)=", "<1*(1-2);1*2;2;>2"},
    {"expression integers", "expression",
     R"("modulus":0,"max_number":2,"min_depth":2,"max_depth":2,"max_operations":3)",
     "expression::(2+2)*(1-2)", "e (2+2)*(1-2)=", "<4*(1-2);4*-1;-4;>-4"},
    {"countdown", "countdown", R"("max_number":4,"max_numbers":2,"min_numbers":2)", "countdown:4,4:16",
     "c4 4:16=", "<4*4=16;>4*4"},
    {"boolean", "boolean", R"("min_depth":2,"max_depth":2,"max_operations":2)", "boolean:(T&!F)|F",
     "b(T&!F)|F=", "<(T&T)|F;T|F;T;>T"},
    {"sorting", "sorting", R"("min_length":4,"max_length":4)", "sorting:5241",
     "s5241=", "<1:524;2:54;4:5;5:;>1245"},
};

struct Objection {
    const char *name, *task, *parameters, *id, *completion;
    int step;  // -1: the answer's
    const char* reason;
};

constexpr const char* addition = "addition:57+86";
constexpr const char* multiplication = "multiplication:12*34";
constexpr const char* chain = "modular_chain:7:3+5*4";
constexpr const char* sum = "expression:3:(2+2)*(1-2)";
constexpr const char* numbers = "countdown:2,3,7:13";

const Objection objections[] = {
    // What all have in common.
    {"no answer", "addition", "", addition, "<7+6+0=13;5+8+1=14;>", -1, "no answer"},
    {"nothing at all", "addition", "", addition, "", -1, "no answer"},
    {"not closed", "addition", "", addition, "<7+6+0=13;", -1, "the think region is not closed"},
    {"step without end, no answer", "addition", "", addition, "<7+6+0=13>", -1,
     "the last step does not end with ';'"},
    {"text before", "addition", "", addition, "3<7+6+0=13;>", -1, "text before '<'"},
    {"steps without beginning", "addition", "", addition, "7+6+0=13;>341", -1, "steps without '<'"},
    {"text after", "addition", "", addition, "<7+6+0=13;>341<", -1, "text after the answer"},
    {"wrong answer", "addition", "", addition, "143", -1, "the answer is 341"},
    {"step without end", "addition", "", addition, "<7+6+0=13;5+8+1=14>341", 1,
     "the step does not end with ';'"},
    {"step too many", "addition", "", addition, "<7+6+0=13;5+8+1=14;0+0+1=01;>341", 2, "a step too many"},
    {"another column", "addition", "", addition, "<5+8+1=14;", 0, "right in itself, but 7+6+0=13 is due"},
    {"earlier error", "addition", "", addition, "<7+6+0=03;5+8+0=13;", 1,
     "right in itself, but follows from an earlier error: 5+8+1=14 is due"},
    // Each kind's own.
    {"addition: form", "addition", "", addition, "<7+6=13;", 0,
     "not a column: expected the digits and the carry as in 0+0+0=00"},
    {"addition: value", "addition", "", addition, "<7+6+0=12;", 0, "7+6+0 is 13, not 12"},
    {"addition: three operands", "addition", R"("operands":3)", "addition:12+34+56", "<2+4+6+0=13;", 0,
     "2+4+6+0 is 12, not 13"},
    {"multiplication: form", "multiplication", "", multiplication, "<2*4+0=08;", 0,
     "not a column: expected digits, total and carry as in 0*0+0+0=00"},
    {"multiplication: value", "multiplication", "", multiplication, "<2*4+0+0=09;", 0,
     "2*4+0+0 is 08, not 09"},
    {"multiplication: total's form", "multiplication", "", multiplication, "<=84x0;", 0,
     "not a running total: expected '=' and digits, units first"},
    {"multiplication: total", "multiplication", "", multiplication, "<2*4+0+0=08;1*4+0+0=04;=8410;", 2,
     "right in itself, but =8400 is due"},
    {"chain: form", "modular_chain", "", chain, "<8/4=2;", 0, "not a step: expected a+b=c, a-b=c or a*b=c"},
    {"chain: value", "modular_chain", "", chain, "<3+5=8;", 0, "3+5 is 1 modulo 7, not 8"},
    {"chain: earlier error", "modular_chain", "", chain, "<3+5=2;2*4=1;>1", 1,
     "right in itself, but follows from an earlier error: 1*4=4 is due"},
    {"expression: nothing left", "expression", R"("modulus":3)", sum, "<1*(1-2);1*2;2;2;", 3,
     "there is nothing to reduce in '2'"},
    {"expression: value", "expression", R"("modulus":3)", sum, "<2*(1-2);", 0,
     "'(2+2)*(1-2)' reduces to '1*(1-2)', not '2*(1-2)'"},
    {"expression: earlier error", "expression", R"("modulus":3)", sum, "<2*(1-2);2*2;", 1,
     "right in itself, but follows from an earlier error: 1*2 is due"},
    {"expression: too many", "expression", R"("modulus":3)", sum, "<(1+1)+(1+1);2+(1+1);2+2;1;", 3,
     "a step too many"},
    {"boolean: value", "boolean", "", "boolean:(T&!F)|F", "<(T&F)|F;", 0,
     "'(T&!F)|F' reduces to '(T&T)|F', not '(T&F)|F'"},
    {"boolean: nothing left", "boolean", "", "boolean:(T&!F)|F", "<(T&T)|F;T|F;T;T;", 3,
     "there is nothing to reduce in 'T'"},
    {"sorting: form", "sorting", "", "sorting:5241", "<1524;", 0,
     "not a step: expected a digit, ':', and the digits that remain"},
    {"sorting: step before", "sorting", "", "sorting:5241", "<1;2:45;", 1, "the step before is not a list"},
    {"sorting: nothing left", "sorting", "", "sorting:5241", "<1:524;2:54;4:5;5:;5:;", 4,
     "nothing is left to take"},
    {"sorting: not the smallest", "sorting", "", "sorting:5241", "<2:541;", 0,
     "the smallest digit of '5241' is 1, not 2"},
    {"sorting: remainder", "sorting", "", "sorting:5241", "<1:542;", 0, "without 1, '524' remains"},
    {"sorting: right again", "sorting", "", "sorting:5241", "<1:542;2:54;", 1, ""},
    {"countdown: form", "countdown", "", numbers, "<2+3;", 0,
     "not a step: expected a+b=c, a-b=c, a*b=c or a/b=c"},
    {"countdown: not natural", "countdown", "", numbers, "<2-3=1;", 0, "2-3 is not a natural number"},
    {"countdown: quotient", "countdown", "", numbers, "<7/2=3;", 0, "7/2 is not a natural number"},
    {"countdown: value", "countdown", "", numbers, "<2*3=5;", 0, "2*3 is 6, not 5"},
    {"countdown: not there", "countdown", "", numbers, "<2*3=6;2*7=14;", 1,
     "2 is not among the numbers left"},
    {"countdown: too many", "countdown", "", numbers, "<2*3=6;6+7=13;13+0=13;", 2, "a step too many"},
    {"countdown: earlier error", "countdown", "", numbers, "<nonsense;2*3=6;", 1,
     "follows from an earlier error"},
    {"countdown: another way", "countdown", "", numbers, "<2*7=14;14-3=11;", 1, ""},
    {"countdown: no expression", "countdown", "", numbers, "2*3+", -1,
     "not an expression: ends where a number is expected"},
    {"countdown: other numbers", "countdown", "", numbers, "13", -1, "uses '13', given are 2 3 7"},
    {"countdown: value of the answer", "countdown", "", numbers, "2*7-3", -1, "gives 11, not 13"},
    {"countdown: right in another way", "countdown", "", numbers, "7+2*3", -1, ""},
};

QString map(const char* parameters) {
    return "{" + QString(parameters) + "}";
}

}  // namespace

class TestTaskFormats : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void formats_data() {
        QTest::addColumn<QString>("task");
        QTest::addColumn<QString>("parameters");
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("prompt");
        QTest::addColumn<QString>("worked");
        for (const Format& f : knownFormats) {
            const bool digits = QString(f.parameters).startsWith("\"format\"");
            QTest::newRow(f.name) << f.task
                                  << (digits ? map(f.parameters).replace('}', QString(",") + twoDigits + "}")
                                             : map(f.parameters))
                                  << f.id << f.prompt << f.worked;
        }
    }
    void formats() {
        QFETCH(QString, task);
        QFETCH(QString, parameters);
        QFETCH(QString, id);
        QFETCH(QString, prompt);
        QFETCH(QString, worked);
        const auto subject = make(task, parameters);
        const auto problem = posed(*subject, id.toStdString());
        QVERIFY2(problem, "never drawn");
        QCOMPARE(QString::fromStdString(problem->prompt), prompt);
        QCOMPARE(QString::fromStdString(problem->worked), worked);
        const Verdict verdict = subject->verify(*problem, problem->worked);
        QVERIFY2(verdict.correct && verdict.wellFormed, verdict.reason.c_str());
        QCOMPARE(verdict.steps.size(), std::size_t(worked.count(';')));
        for (const TraceStep& step : verdict.steps) QVERIFY(step.verdict == StepVerdict::Correct);
    }

    void everyKindHasItsFormats() {
        for (const ParameterVariant& variant : taskVariants()) {
            QStringList covered;
            for (const Format& f : knownFormats)
                if (variant.name == f.task) covered << f.parameters;
            QVERIFY2(!covered.isEmpty(), variant.name.c_str());
            for (const Parameter& parameter : variant.parameters) {
                if (parameter.path != "format") continue;
                for (const std::string& choice : parameter.choices)
                    QVERIFY2(!covered.filter("\"" + QString::fromStdString(choice) + "\"").isEmpty(),
                             choice.c_str());
            }
        }
    }

    void reasons_data() {
        QTest::addColumn<int>("row");
        for (std::size_t i = 0; i < std::size(objections); ++i) QTest::newRow(objections[i].name) << int(i);
    }
    void reasons() {
        QFETCH(int, row);
        const Objection& o = objections[std::size_t(row)];
        const auto subject = make(o.task, map(o.parameters));
        const Verdict verdict = subject->verify(known(o.id), o.completion);
        if (o.step < 0) {
            QCOMPARE(QString::fromStdString(verdict.reason), QString(o.reason));
            QCOMPARE(verdict.correct, verdict.reason.empty());
            return;
        }
        const TraceStep& step = verdict.steps.at(std::size_t(o.step));
        QCOMPARE(QString::fromStdString(step.reason), QString(o.reason));
        QCOMPARE(step.verdict == StepVerdict::Correct, step.reason.empty());
    }

  private:
    // The problems that the objections are about.
    static Problem known(const std::string& id) {
        if (id == addition) return {id, "A75+68=", "341", "<7+6+0=13;5+8+1=14;>341", 2};
        if (id == "addition:12+34+56") return {id, "A21+43+65=", "201", "<2+4+6+0=12;1+3+5+1=10;>201", 2};
        if (id == multiplication)
            return {id, "X21*43=", "804", "<2*4+0+0=08;1*4+0+0=04;=8400;2*3+4+0=10;1*3+0+1=04;=8040;>804", 2};
        if (id == chain) return {id, "m7 3+5*4=", "4", "<3+5=1;1*4=4;>4", 2};
        if (id == sum) return {id, "e3 (2+2)*(1-2)=", "2", "<1*(1-2);1*2;2;>2", 2};
        if (id == numbers) return {id, "c7 3 2:13=", "3*2+7", "<3*2=6;6+7=13;>3*2+7", 3};
        if (id == "sorting:5241") return {id, "s5241=", "1245", "<1:524;2:54;4:5;5:;>1245", 4};
        return {id, "b(T&!F)|F=", "T", "<(T&T)|F;T|F;T;>T", 2};
    }
};

QTEST_APPLESS_MAIN(TestTaskFormats)
#include "tst_task_formats.moc"
