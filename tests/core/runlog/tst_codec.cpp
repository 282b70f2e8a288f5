// The codec: what is said comes back the same, foreign writers are understood, and bad lines are refused in
// words.
#include <QTest>
#include <cmath>
#include <limits>

#include "core/runlog/codec.h"
#include "core/util/error.h"
#include "core/util/random.h"
#include "tests/core/runlog/foreign_lines.h"

using namespace retort;

namespace {

Trace fullTrace() {
    Trace trace;
    trace.step = 12;
    trace.phase = "eval";
    trace.task = "addition";
    trace.problemId = "add:12+34";
    trace.group = 7;
    trace.sample = 3;
    trace.prompt = "12+34=\n\"quoted\" \\ tab\t nul";
    trace.prompt += '\0';
    trace.completion = "<think>2+4=6; 1+3=4</think>46 \xc3\xa4 \xf0\x9f\x98\x80";
    trace.gold = "46";
    trace.extracted = "46";
    trace.correct = trace.worked = true;
    trace.reward = 0.1;
    trace.advantage = -1.0 / 3;
    trace.rewards = {{"correctness", 1.0}, {"length", -0.25}};
    trace.numTokens = 4;
    trace.finish = "length";
    trace.stepAccuracy = 0.5;
    trace.steps = {
        {0, 5, StepVerdict::Correct, ""}, {5, 9, StepVerdict::Wrong, "carry lost"}, {9, 9, {}, ""}};
    TokenArrays& tokens = trace.tokens;
    tokens.ids = {1, -2, 300};
    tokens.ends = {1, 2, 5};
    tokens.logprobs = {-0.1f, -1e-7f, -float(infinity)};
    tokens.entropies = {0.3f, 1.1f, 0.f};
    tokens.refLogprobs = {-0.2f, -3.5f, -1.f};
    tokens.ratios = {1.f, 1.5f, 0.25f};
    tokens.advantages = {0.5f, -0.5f, 0.f};
    tokens.clipped = {0, 1, -1};
    tokens.values = {0.5f, 0.25f, 1e-30f};
    tokens.scores = {1.f, 0.75f, 0.f};
    tokens.topCount = 2;
    tokens.topIds = {1, 7, -2, 1, 300, 7};
    tokens.topLogprobs = {-0.1f, -2.f, -1e-7f, -16.f, -0.7f, -float(infinity)};
    tokens.topTexts = {{-2, "\n"}, {1, "4"}, {7, "\xc3\xa4"}, {300, ""}};
    trace.lanes = {
        {LaneKind::Human, "ann", {{0, 5, 1, {}, 0, 0, ""}, {5, 9, -1, {}, 0, 0, "carry \"lost\""}}},
        {LaneKind::MonteCarlo, "ckpt/step-100", {{0, 5, {}, 0.375, 3, 8, ""}}},
        {LaneKind::Prm, "prm", {{0, 5, {}, 1.0 / 3, 0, 0, ""}, {9, 9, {}, {}, 0, 0, ""}}},
        {LaneKind::Detector, "repetition", {}}};
    trace.branch = TraceBranch{"7f1c", 40, 3, 2, "eval", 5, "checkpoints/step-00000040", true};
    return trace;
}

Event roundTrip(const Event& event) {
    std::string line;
    encodeEvent(event, line);
    if (line.empty() || line.find('\n') != line.size() - 1) throw Error("not exactly one line: " + line);
    line.pop_back();
    return EventDecoder().decode(line);
}

std::string failureOf(const std::string& line) {
    try {
        EventDecoder().decode(line);
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

SearchTree fullTree() {
    SearchTree tree;
    tree.step = 60;
    tree.method = "particle_filtering";
    tree.task = "addition";
    tree.problemId = "add:12+34";
    tree.prompt = "12+34=\n";
    tree.gold = "46";
    tree.settings = R"({"num_particles":2})";
    tree.tokens = 1234567890123;
    tree.chosen = 2;
    tree.correct = true;
    TreeNode lost{0, "2+4=7;", 1, 6, 0.1, 1.0 / 7, 0, 4, 1, false, false, {}};
    TreeNode answer{0, "46 \xf0\x9f\x98\x80", 2, 3, -0.5, 6.0 / 7, 4, 4, 2, true, true, true};
    TreeNode wrong{1, "", 2, 0, {}, {}, 0, 0, 0, true, true, false};
    tree.nodes = {TreeNode{}, lost, answer, wrong};
    tree.curves = {{"ess", {2, 1.0 / 3}}, {"unique_ancestors", {}}};
    return tree;
}

}  // namespace

class TestCodec : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void everyKindComesBack() {
        const std::vector<EventPayload> payloads = {
            StartEvent{2, 100, 5000, 4711, "node-1", "retort-cli 0.1.0"},
            ScalarsEvent{3, 4096, {{"loss", 0.1}, {"rewards/correctness/mean", 1e-300}, {"a \"b\"", -5}}},
            ScalarsEvent{},
            TraceEvent{fullTrace()},
            TraceEvent{},
            CheckpointEvent{100, "checkpoints/step-00000100"},
            EvaluationEvent{
                100, "addition", "abc", {{"accuracy", 0.5}}, {{"add:1+1", 4, 2, 12.5}, {"p2", 1, 0, 3}}},
            AlarmEvent{5, "non_finite", "error", "loss is NaN"},
            StatusEvent{"training", 5, 100, 12.5},
            StatusEvent{"paused", 5, 0, {}},
            MessageEvent{"warning", "two\nlines"},
            RewindEvent{40},
            TreeEvent{fullTree()},
            TreeEvent{},
            EndEvent{"failed", "out of memory"},
            EndEvent{"finished", ""}};
        std::int64_t seq = 0;
        for (const EventPayload& payload : payloads) {
            const Event event{++seq, 1700000000.123456, payload};
            QVERIFY2(roundTrip(event) == event, std::to_string(payload.index()).c_str());
        }
    }

    void scalarsLineIsWhatForeignReadersExpect() {
        std::string line;
        encodeEvent(
            {1, 2.5,
             ScalarsEvent{3, 64, {{"loss", 0.5}, {"kl", notANumber}, {"up", infinity}, {"down", -infinity}}}},
            line);
        QCOMPARE(line, std::string(R"({"seq":1,"t":2.5,"kind":"scalars","step":3,"tokens":64,)"
                                   R"("values":{"loss":0.5,"kl":"NaN","up":"Infinity","down":"-Infinity"}})"
                                   "\n"));
    }

    void doublesAreExact() {
        Random random(1);
        for (int i = 0; i < 20000; ++i) {
            const std::uint64_t bits = random.next64();
            double value;
            std::memcpy(&value, &bits, sizeof value);
            const auto back =
                std::get<ScalarsEvent>(roundTrip({1, 0, ScalarsEvent{0, 0, {{"x", value}}}}).payload);
            const double got = back.values.at(0).second;
            QVERIFY(std::isnan(value) ? std::isnan(got)
                                      : got == value && std::signbit(got) == std::signbit(value));
        }
    }

    void floatsAreExact() {
        Random random(2);
        Trace trace;
        while (trace.tokens.logprobs.size() < 20000) {
            const std::uint32_t bits = random.next32();
            float value;
            std::memcpy(&value, &bits, sizeof value);
            if (!std::isnan(value)) trace.tokens.logprobs.push_back(value);
        }
        QVERIFY(std::get<TraceEvent>(roundTrip({1, 0, TraceEvent{trace}}).payload).trace == trace);
    }

    void invalidUtf8KeepsItsLength_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("half a character at the end") << QByteArray("12\xc3") << QByteArray("12?");
        QTest::newRow("lone continuation") << QByteArray("a\x80z") << QByteArray("a?z");
        QTest::newRow("overlong") << QByteArray("\xc0\xaf") << QByteArray("??");
        QTest::newRow("surrogate") << QByteArray("\xed\xa0\x80") << QByteArray("???");
        QTest::newRow("too large") << QByteArray("\xf4\x90\x80\x80") << QByteArray("????");
        QTest::newRow("valid") << QByteArray("\xe2\x82\xac") << QByteArray("\xe2\x82\xac");
        QTest::newRow("newline and NUL") << QByteArray("\n\0\x1f", 3) << QByteArray("\n\0\x1f", 3);
    }
    void invalidUtf8KeepsItsLength() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        const auto back = roundTrip({1, 0, MessageEvent{"info", text.toStdString()}});
        QCOMPARE(std::get<MessageEvent>(back.payload).text, expected.toStdString());
    }

    void foreignWriters_data() {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<double>("expected");
        for (const ForeignLine& line : foreignLines())
            QTest::newRow(line.name) << QByteArray(line.text) << line.expected;
    }
    void foreignWriters() {
        QFETCH(QByteArray, line);
        QFETCH(double, expected);
        const Event event = EventDecoder().decode(line.toStdString());
        const auto& [name, value] = std::get<ScalarsEvent>(event.payload).values.at(0);
        QCOMPARE(name, std::string("x"));
        QVERIFY(std::isnan(expected) ? std::isnan(value) : value == expected);
    }

    void badLines_data() {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("message");
        for (const BadLine& line : badEventLines())
            QTest::newRow(line.name) << QByteArray(line.text) << QByteArray(line.message);
    }
    void badLines() {
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, message);
        const std::string failure = failureOf(line.toStdString());
        QVERIFY2(failure.find(message.toStdString()) != std::string::npos, failure.c_str());
    }

    void deepNestingIsRefused() {
        const std::string line =
            "{\"seq\":1,\"t\":1,\"kind\":\"message\",\"text\":\"\",\"x\":" + std::string(100000, '[') +
            std::string(100000, ']') + "}";
        QVERIFY(!failureOf(line).empty());
    }

    // Any cut and any flipped byte of a good line is either an event or an Error, never anything else.
    void damagedLinesNeverCrash() {
        std::string line;
        encodeEvent({1, 2.5, TraceEvent{fullTrace()}}, line);
        EventDecoder decoder;
        Random random(3);
        for (int i = 0; i < 20000; ++i) {
            std::string damaged =
                line.substr(0, i % 2 ? line.size() - 1 : std::size_t(random.integer(0, 500)));
            for (int flips = 0; flips < 3 && !damaged.empty(); ++flips)
                damaged[std::size_t(random.integer(0, std::int64_t(damaged.size()) - 1))] =
                    char(random.next32());
            try {
                decoder.decode(damaged);
            } catch (const Error&) {
            }
        }
    }
};

QTEST_APPLESS_MAIN(TestCodec)
#include "tst_codec.moc"
