// Files that the peer programs wrote themselves (tests/peers/trace_files.py made them), imported.
#include <QDir>
#include <QTest>
#include <cmath>

#include "core/trace_formats/trace_import.h"
#include "core/util/error.h"

using namespace retort;

class TestTracePeers : public QObject {
    Q_OBJECT
    std::vector<Trace> m_traces;
    TraceImportReport m_report;

    void import(const QString& name, TraceImportOptions options = {}) {
        m_traces.clear();
        TraceImporter importer(std::move(options),
                               [this](Trace&& each) { m_traces.push_back(std::move(each)); });
        m_report = importer.read(QDir(RETORT_GOLDEN).filePath(name).toStdString());
        QCOMPARE(m_report.bad, 0);
    }

  private Q_SLOTS:
    // GRPOTrainer, two steps of two groups of four on a random model.
    void trlCompletions() {
        for (const int step : {1, 2}) {
            import(QString("completions_%1.parquet").arg(step, 5, 10, QChar('0')));
            QVERIFY(m_report.format == TraceFormat::TrlCompletions);
            QCOMPARE(m_traces.size(), 8u);
            QCOMPARE(m_report.notes.size(), 0u);
            for (std::size_t first : {0u, 4u}) {
                double mean = 0;
                for (std::size_t i = first; i < first + 4; ++i) {
                    const Trace& trace = m_traces[i];
                    QCOMPARE(trace.step, step);
                    QCOMPARE(trace.group, m_traces[first].group);
                    QCOMPARE(trace.sample, std::int32_t(i - first));
                    QCOMPARE(trace.prompt, m_traces[first].prompt);
                    QVERIFY(trace.prompt.ends_with("=?") && trace.reward && trace.advantage);
                    mean += *trace.reward / 4;
                }
                // The advantage is (r - mean) / (std + 1e-4), with Bessel's correction: the reward is the
                // sum.
                double squares = 0;
                for (std::size_t i = first; i < first + 4; ++i)
                    squares += std::pow(*m_traces[i].reward - mean, 2);
                for (std::size_t i = first; i < first + 4; ++i)
                    QVERIFY(std::abs(*m_traces[i].advantage -
                                     (*m_traces[i].reward - mean) / (std::sqrt(squares / 3) + 1e-4)) < 1e-4);
            }
            QVERIFY(m_traces[0].group != m_traces[4].group);
        }
    }

    void inspectLogs() {
        for (const char* name : {"inspect.eval", "inspect.json"}) {
            import(name);
            QVERIFY(m_report.format == TraceFormat::InspectLog && m_report.notes.empty());
            QCOMPARE(m_traces.size(), 3u);
            // The two kinds of log have them in different orders.
            const auto sample = [this](const char* id) -> const Trace& {
                return *std::find_if(m_traces.begin(), m_traces.end(), [id](const Trace& each) {
                    return each.problemId == std::string("arith:") + id;
                });
            };
            const Trace &add = sample("add"), &spell = sample("2"), &count = sample("long");
            QVERIFY(add.task == "arith");
            QCOMPARE(add.completion, std::string("<think>\n2 and 2 make 4\n</think>\n\nANSWER 4"));
            QVERIFY(add.correct && add.worked && add.numTokens == 5 && add.gold == "4");
            QCOMPARE(add.rewards.size(), 1u);
            QCOMPARE(spell.completion, std::string("four"));
            QVERIFY(spell.tokens.ends == (std::vector<std::int32_t>{2, 4}));
            QVERIFY(spell.tokens.logprobs == (std::vector<float>{-0.25f, -2}));
            QCOMPARE(spell.tokens.topCount, 2);
            QVERIFY(spell.tokens.topLogprobs == (std::vector<float>{-0.25f, -1.5f, -0.5f, -2}));
            QCOMPARE(spell.tokens.topTexts.at(std::size_t(spell.tokens.topIds[2])).second, std::string("rt"));
            // Long texts are attachments.
            QCOMPARE(count.prompt, "Count. " + std::string(120, 'x'));
            QVERIFY(count.completion.starts_with("word word") && count.completion.ends_with("9"));
            QVERIFY(count.finish == "length" && count.numTokens == 26 && !count.correct);
        }
    }

    void lmEvalSamples() {
        import("samples_sums_2026-01-01T00-00-00.000000.jsonl");
        QVERIFY(m_report.format == TraceFormat::LmEvalSamples);
        QCOMPARE(m_report.skipped, 2);  // of the other filter
        QCOMPARE(m_traces.size(), 2u);
        QVERIFY(m_traces[0].task == "sums" && m_traces[0].prompt == "2+2?" && m_traces[0].gold == "4");
        QCOMPARE(m_traces[0].completion, std::string("So it is 4. #### 4"));
        QVERIFY(m_traces[0].correct && m_traces[0].extracted == "4");
        QVERIFY(!m_traces[1].correct && m_traces[1].reward == 0.0);
        TraceImportOptions options;
        options.filter = "flexible-extract";
        import("samples_sums_2026-01-01T00-00-00.000000.jsonl", options);
        QCOMPARE(m_traces[1].extracted, std::string("5"));
        QVERIFY(m_traces[1].correct);
    }

    // Nested columns that the format does without are passed over and named; where nothing is left, the first
    // is.
    void nestedColumns() {
        TraceImportOptions plain;
        plain.format = TraceFormat::Plain;
        import("flat-and-nested.parquet", plain);
        QCOMPARE(m_traces.size(), 2u);
        QVERIFY(m_traces[1].prompt == "q" && m_traces[1].completion == "d");
        QCOMPARE(m_report.notes.size(), 1u);
        try {
            import("nested.parquet");
            QFAIL("was taken");
        } catch (const Error& error) {
            QVERIFY2(QByteArray(error.what()).contains("\"messages\" is nested"), error.what());
        }
    }
};

QTEST_GUILESS_MAIN(TestTracePeers)
#include "tst_trace_peers.moc"
