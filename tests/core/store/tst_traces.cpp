// Traces: nothing of one is lost, and every filter and order gives what a plain loop over all of them gives.
#include <QTest>
#include <algorithm>
#include <set>

#include "core/store/store_file.h"
#include "core/store/text_index.h"
#include "core/store/trace_conditions.h"
#include "core/store/trace_rows.h"
#include "core/util/random.h"
#include "tests/core/store/store_fixture.h"

using namespace retort;
using Order = TraceFilter::Order;

namespace {

struct Known {
    RowId id, run;
    Trace trace;
};

// Few values of each kind, so that filters meet.
Trace randomTrace(Random& random, std::int64_t step) {
    Trace trace;
    trace.step = step;
    trace.phase = random.uniform() < 0.2 ? "eval" : "train";
    trace.task = random.uniform() < 0.5 ? "addition" : "sorting";
    const auto a = random.integer(1, 30), b = random.integer(1, 30);
    trace.prompt = std::to_string(a) + "+" + std::to_string(b) + "=";
    trace.problemId = "add:" + trace.prompt;
    trace.completion = "Step_1: 100% sure \"" + std::to_string(a + b) + "\" \xc3\x84rger";
    trace.correct = random.uniform() < 0.5;
    trace.worked = random.uniform() < 0.5;
    if (random.uniform() < 0.9) trace.reward = double(random.integer(-2, 2));
    trace.numTokens = std::int32_t(random.integer(1, 50));
    trace.group = random.integer(0, 3);
    trace.sample = std::int32_t(random.integer(0, 7));
    return trace;
}

std::string lower(std::string text) {
    for (char& c : text) c = char(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

bool matches(const Known& k, const TraceFilter& f) {
    const Trace& t = k.trace;
    const auto has = [&](const std::string& text) { return contains(lower(text), lower(f.text)); };
    return (f.run == 0 || k.run == f.run) && (!f.fromStep || t.step >= *f.fromStep) &&
           (!f.toStep || t.step <= *f.toStep) && (!f.minReward || (t.reward && *t.reward >= *f.minReward)) &&
           (!f.maxReward || (t.reward && *t.reward <= *f.maxReward)) &&
           (!f.correct || t.correct == *f.correct) && (!f.worked || t.worked == *f.worked) &&
           (f.phase.empty() || t.phase == f.phase) && (f.task.empty() || t.task == f.task) &&
           (f.problemId.empty() || t.problemId == f.problemId) &&
           (f.text.empty() || has(t.prompt) || has(t.completion));
}

// No reward sorts below all rewards, as in SQL.
double rank(const std::optional<double>& reward) {
    return reward.value_or(-1e300);
}

bool before(const Known& a, const Known& b, const TraceFilter& filter) {
    const bool oneRun = filter.run != 0;
    const auto by = [&](auto x, auto y) { return x != y ? x < y : a.id < b.id; };
    switch (filter.order) {
        case Order::Oldest:
            return oneRun ? by(a.trace.step, b.trace.step) : a.id < b.id;
        case Order::Newest:
            return oneRun ? !by(a.trace.step, b.trace.step) : a.id > b.id;
        case Order::RewardUp:
            return by(rank(a.trace.reward), rank(b.trace.reward));
        case Order::RewardDown:
            return !by(rank(a.trace.reward), rank(b.trace.reward));
        case Order::ShortestFirst:
            return by(a.trace.numTokens, b.trace.numTokens);
        case Order::LongestFirst:
            return !by(a.trace.numTokens, b.trace.numTokens);
    }
    return false;
}

std::unique_ptr<StoreFolder> makeFrequentStore() {
    auto folder = std::make_unique<StoreFolder>();
    auto database = openStoreForWriting(folder->file());
    database->execute("INSERT INTO runs (uuid, name, created) VALUES ('u', 'a', 0)");
    Random random(9);
    Transaction transaction(*database);
    for (int i = 0; i < 10'500; ++i) {
        Trace trace;
        trace.step = i / 100;
        trace.correct = i % 105 != 3;
        trace.completion = trace.correct ? "EVERYWHERE everywh\xc3\xa4r" : "nowhere";
        trace.reward = double(random.integer(0, 9));
        trace.numTokens = std::int32_t(random.integer(1, 90));
        insertTrace(*database, 1, trace, 1, 1);
    }
    transaction.commit();
    while (indexTexts(*database, 1 << 20)) {
    }
    return folder;
}

}  // namespace

class TestTraces : public QObject {
    Q_OBJECT

    std::unique_ptr<StoreFolder> m_folder;
    std::vector<Known> m_known;

  private Q_SLOTS:
    void initTestCase() {
        m_folder = std::make_unique<StoreFolder>();
        auto database = openStoreForWriting(m_folder->file());
        database->execute("INSERT INTO runs (uuid, name, created) VALUES ('u', 'a', 0), ('v', 'b', 0)");
        Random random(5);
        Transaction transaction(*database);
        for (std::int64_t i = 0; i < 1500; ++i) {
            Known known{0, i % 3 == 0 ? 2 : 1, randomTrace(random, i / 10)};
            insertTrace(*database, known.run, known.trace, 1, 1);
            known.id = database->lastInsertId();
            m_known.push_back(known);
        }
        // Superseded ones must show up nowhere.
        for (int i = 0; i < 50; ++i) insertTrace(*database, 1, randomTrace(random, 5), 1, 1);
        database->execute("UPDATE traces SET superseded = 1 WHERE id > 1500");
        transaction.commit();
    }

    void everythingOfATraceIsKept() {
        Trace trace;
        trace.step = 3;
        trace.phase = "eval";
        trace.task = "t";
        trace.problemId = "p";
        trace.group = 1LL << 40;
        trace.sample = 2;
        trace.prompt = std::string("nul \0 in it", 11);
        trace.completion = "a\nb\xc3\xa4";
        trace.gold = "g";
        trace.extracted = "e";
        trace.correct = trace.worked = true;
        trace.reward = 0.25;
        trace.advantage = -0.5;
        trace.rewards = {{"z", 1}, {"a", -2}, {"z", 3}};
        trace.numTokens = 4;
        trace.finish = "length";
        trace.stepAccuracy = 0.5;
        trace.steps = {{0, 1, StepVerdict::Correct, ""},
                       {1, 3, StepVerdict::Wrong, "why"},
                       {3, 3, StepVerdict::Unchecked, ""}};
        trace.tokens.ids = {1, -2, 3};
        trace.tokens.ends = {1, 2, 3};
        trace.tokens.logprobs = {-0.1f, -0.2f, -0.3f};
        trace.tokens.refLogprobs = {0.5f};
        trace.tokens.ratios = {1.f, 2.f};
        trace.tokens.advantages = {-0.5f};
        trace.tokens.clipped = {0, -1, 1};
        trace.tokens.values = {0.25f};
        trace.tokens.scores = {0.75f, 0.5f};
        trace.tokens.topCount = 2;
        trace.tokens.topIds = {1, 4};
        trace.tokens.topLogprobs = {-0.1f, -2.f};
        trace.tokens.topTexts = {{1, "a"}, {4, "\n\xc3\xa4"}};
        trace.lanes = {{LaneKind::Prm, "p", {{0, 1, {}, 0.5, 0, 0, ""}, {1, 3, -1, {}, 1, 2, "why"}}},
                       {LaneKind::Human, "h", {{0, 1, 1, {}, 0, 0, ""}}}};
        trace.branch = TraceBranch{"uuid", 2, 3, 4, "train", 2, "step-00000002", true};
        const StoreFolder folder;
        auto database = openStoreForWriting(folder.file());
        database->execute("INSERT INTO runs (uuid, name, created) VALUES ('u', 'a', 0)");
        insertTrace(*database, 1, trace, 1, 1);
        insertTrace(*database, 1, Trace{}, 1, 1);
        StoreReader reader(folder.file());
        QVERIFY(reader.trace(1) == trace);
        QVERIFY(reader.trace(2) == Trace{});
        QVERIFY(!reader.trace(3));
        const TraceRow row = reader.traces({}, 1, 10).at(0);
        QCOMPARE(row.id, 1);
        QCOMPARE(row.completionHead, trace.completion);
        QVERIFY(row.correct && row.worked && row.stepAccuracy == 0.5 && row.advantage == -0.5 &&
                row.finish == "length");
    }

    void filters_data() {
        QTest::addColumn<int>("seed");
        for (int seed = 0; seed < 150; ++seed) QTest::addRow("%d", seed) << seed;
    }
    void filters() {
        QFETCH(int, seed);
        indexThirds(seed / 50);
        Random random(std::uint64_t(seed) + 100);
        const auto sometimes = [&](double share) { return random.uniform() < share; };
        TraceFilter filter;
        if (sometimes(0.6)) filter.run = random.integer(1, 2);
        if (sometimes(0.3)) filter.fromStep = random.integer(0, 160);
        if (sometimes(0.3)) filter.toStep = random.integer(0, 160);
        if (sometimes(0.2)) filter.minReward = double(random.integer(-2, 2));
        if (sometimes(0.2)) filter.maxReward = double(random.integer(-2, 2));
        if (sometimes(0.2)) filter.correct = sometimes(0.5);
        if (sometimes(0.2)) filter.worked = sometimes(0.5);
        if (sometimes(0.2)) filter.phase = sometimes(0.5) ? "train" : "eval";
        if (sometimes(0.2)) filter.task = "sorting";
        if (sometimes(0.1)) filter.problemId = "add:7+8=";
        if (sometimes(0.4))
            filter.text =
                std::array{"1+2",          "12+", "7",      "=",  "%",       "_1",
                           "100% sure \"", "\"",  "step_1", "OR", "a NOT b", "\xc3\x84rg"}[std::size_t(
                    random.integer(0, 11))];
        filter.order = Order(random.integer(0, 5));

        std::vector<Known> expected;
        std::copy_if(m_known.begin(), m_known.end(), std::back_inserter(expected),
                     [&](const Known& known) { return matches(known, filter); });
        std::sort(expected.begin(), expected.end(),
                  [&](const Known& a, const Known& b) { return a.id != b.id && before(a, b, filter); });
        StoreReader reader(m_folder->file());
        QCOMPARE(reader.countTraces(filter), std::int64_t(expected.size()));
        const std::size_t offset = std::size_t(random.integer(0, 40));
        const auto page = reader.traces(filter, std::int64_t(offset), 100);
        QCOMPARE(page.size(),
                 std::min<std::size_t>(100, expected.size() - std::min(offset, expected.size())));
        for (std::size_t i = 0; i < page.size(); ++i) QCOMPARE(page[i].id, expected[offset + i].id);
        countsAndWalks(reader, filter, expected);
    }

  private:
    // Nothing of the texts is in the search index, a third and a bit, or all.
    void indexThirds(int thirds) {
        const auto database = openStoreForWriting(m_folder->file());
        const auto indexed = [&] { return database->integer("SELECT through FROM text_index"); };
        while (indexed() < 800 * thirds && indexTexts(*database, 10'000)) {
        }
        QCOMPARE(isTextIndexComplete(*database), thirds == 2);
    }

    // The counts that stop early, texts that are looked for row by row, and pages by id.
    void countsAndWalks(StoreReader& reader, const TraceFilter& filter, const std::vector<Known>& expected) {
        const TraceCount count = reader.countTraces(filter, 1'000'000);
        QCOMPARE(count.traces, std::int64_t(expected.size()));
        QVERIFY(count.isExact);
        const auto database = openStoreForReading(m_folder->file());
        for (const TraceAccess access : {TraceAccess::Any, TraceAccess::InOrder}) {
            const TraceConditions byRow(filter, TextSearch::Row, access);
            Statement rows(*database, "SELECT count(*) FROM traces WHERE " + byRow.sql);
            byRow.bind(rows);
            QVERIFY(rows.step() && rows.integer(0) == std::int64_t(expected.size()));
        }

        std::set<RowId> walked, wanted;
        for (const Known& known : expected) wanted.insert(known.id);
        for (RowId after = 0;;) {
            const auto page = reader.tracesAfter(filter, after, 97);
            if (page.empty()) break;
            for (const TraceRow& row : page) {
                QVERIFY(row.id > after);
                after = row.id;
                walked.insert(row.id);
            }
        }
        QVERIFY(walked == wanted);
    }

  private Q_SLOTS:
    void pagesUseAnIndexForTheirOrder() {
        StoreReader reader(m_folder->file());
        const auto needsNoSort = [&](const std::string& condition, const std::string& order) {
            const auto plan =
                reader.query("EXPLAIN QUERY PLAN SELECT id FROM traces WHERE superseded = 0 AND " +
                             condition + " ORDER BY " + order + " LIMIT 100");
            for (const auto& row : plan.rows) QVERIFY2(!contains(row.back(), "TEMP B-TREE"), order.c_str());
        };
        for (const char* order : {"step DESC, id DESC", "reward DESC, id DESC", "num_tokens, id"})
            needsNoSort("run_id = 1", order);
        for (const char* order : {"id DESC", "reward DESC, id DESC", "num_tokens, id"})
            needsNoSort("true", order);
        needsNoSort("run_id = 1 AND step BETWEEN 5 AND 9", "step, id");
    }

    // A text that very many traces have is looked for in the order of the list instead of through the index.
    void frequentText_data() {
        QTest::addColumn<int>("order");
        for (int order = 0; order <= int(Order::ShortestFirst); ++order)
            QTest::addRow("order %d", order) << order;
    }
    void frequentText() {
        QFETCH(int, order);
        static const auto store = makeFrequentStore();
        StoreReader reader(store->file());
        TraceFilter plain, searched;
        plain.order = searched.order = Order(order);
        plain.correct = searched.correct = true;  // those have the text, and no others
        plain.run = searched.run = order % 2;
        searched.correct.reset();
        for (const char* text : {"Everywhere", "everywh\xc3\xa4r"}) {
            searched.text = text;
            QCOMPARE(reader.countTraces(searched), 10'400);
            QCOMPARE(reader.countTraces(searched, 20'000).traces, 10'400);
            for (const std::int64_t offset : {0, 5'000, 10'390}) {
                const auto expected = reader.traces(plain, offset, 50),
                           found = reader.traces(searched, offset, 50);
                QVERIFY(!found.empty());
                QCOMPARE(found.size(), expected.size());
                for (std::size_t i = 0; i < found.size(); ++i) QCOMPARE(found[i].id, expected[i].id);
            }
        }
    }

    void group() {
        StoreReader reader(m_folder->file());
        const Known& one = m_known[700];
        std::vector<std::pair<std::int32_t, RowId>> expected;
        for (const Known& other : m_known)
            if (other.run == one.run && other.trace.step == one.trace.step &&
                other.trace.phase == one.trace.phase && other.trace.task == one.trace.task &&
                other.trace.group == one.trace.group)
                expected.emplace_back(other.trace.sample, other.id);
        std::sort(expected.begin(), expected.end());
        const auto group = reader.traceGroup(one.id);
        QCOMPARE(group.size(), expected.size());
        for (std::size_t i = 0; i < group.size(); ++i) QCOMPARE(group[i].first, expected[i].second);
        QVERIFY(reader.traceGroup(99999).empty());
        QCOMPARE(reader.traceTasks(1), (std::vector<std::string>{"addition", "sorting"}));
        QCOMPARE(reader.traceTasks(0).size(), 2u);
        QVERIFY(reader.traceTasks(77).empty());
    }
};

QTEST_APPLESS_MAIN(TestTraces)
#include "tst_traces.moc"
