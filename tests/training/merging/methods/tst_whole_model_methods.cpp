// Methods that look at the whole model first, or at what tasks share: TIES as published, PCB, TALL masks and
// consensus.
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <fstream>

#include "core/formats/safetensors.h"
#include "merge_case.h"
#include "training/merging/methods/tall_masks.h"

using namespace retort;

namespace {

/// A model of two tensors: some task vectors on a base, in one piece and cut.
struct TwoTensors {
    std::vector<MergeCase> cases;
    Values base;
    std::vector<Values> deltas;

    TwoTensors(std::size_t tasks, const Numbers& ofModels, const Numbers& ofMerge, float second = 3) {
        const std::size_t sizes[] = {700, 1300};
        for (std::size_t part = 0; part < 2; ++part) {
            const Values own = randomValues(sizes[part], unsigned(part));
            MergeCase one{{}, own, ofMerge};
            one.name = part ? "b" : "a";
            for (std::size_t m = 0; m < tasks; ++m)
                one.models.push_back(
                    {sum(own, randomValues(sizes[part], unsigned(10 + 2 * m + part), part ? second : 1)),
                     ofModels});
            cases.push_back(one);
        }
        for (std::size_t m = 0; m < tasks; ++m) {
            Values& delta = deltas.emplace_back();
            for (const MergeCase& one : cases)
                for (std::size_t i = 0; i < one.base.size(); ++i)
                    delta.push_back(one.models[m].values[i] - one.base[i]);
        }
        for (const MergeCase& one : cases) base.insert(base.end(), one.base.begin(), one.base.end());
    }

    Values merged(std::string_view method) const {
        const std::vector<Values> parts = mergeAll(method, cases);
        Values whole = parts[0];
        whole.insert(whole.end(), parts[1].begin(), parts[1].end());
        return whole;
    }
};

Values sortedMagnitudes(const Values& values) {
    Values sorted;
    for (const float x : values) sorted.push_back(std::fabs(x));
    std::sort(sorted.begin(), sorted.end());
    return sorted;
}

/// ties_minimal.ipynb: what is trimmed, the elected signs, the disjoint mean or sum.
Values publishedTies(const std::vector<Values>& deltas, double density, bool sums) {
    std::vector<Values> kept = deltas;
    const std::size_t size = deltas[0].size();
    for (Values& delta : kept) {
        const Values sorted = sortedMagnitudes(delta);
        const float threshold = sorted[size - std::size_t(density * double(size)) - 1];
        for (float& x : delta) x = std::fabs(x) >= threshold ? x : 0;
    }
    Values signs(size), result(size);
    double all = 0;
    for (std::size_t i = 0; i < size; ++i) {
        float total = 0;
        for (const Values& delta : kept) total += delta[i];
        signs[i] = float((total > 0) - (total < 0));
        all += signs[i];
    }
    for (std::size_t i = 0; i < size; ++i) {
        const double sign = signs[i] == 0 ? all : signs[i];
        int count = 0;
        for (const Values& delta : kept)
            if (sign > 0 ? delta[i] > 0 : delta[i] < 0) {
                result[i] += delta[i];
                ++count;
            }
        if (!sums && count > 0) result[i] /= float(count);
    }
    return result;
}

Values multiTask(const std::vector<Values>& deltas) {
    Values total(deltas[0].size());
    for (const Values& delta : deltas) total = sum(total, delta);
    return total;
}

bool uses(float delta, float multi, double lambda) {
    return std::fabs(delta) > std::fabs(multi - delta) * float(lambda);
}

}  // namespace

class TestWholeModelMethods : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void tiesTrimsTheWholeVector() {
        const TwoTensors two(3, {{"density", 0.2}}, {{"lambda", 1.5}});
        const Values expected = sum(two.base, publishedTies(two.deltas, 0.2, false), 1.5f);
        QVERIFY(largestDifference(two.merged("ties_paper"), expected) < 1e-6);
        // The second tensor's entries are three times as large: trimming each alone is something else.
        const Values each = [&] {
            std::vector<MergeCase> cases = two.cases;
            for (MergeCase& one : cases)
                for (auto& model : one.models) model.parameters["weight"] = 1;
            return mergeAll("ties", cases)[0];
        }();
        QVERIFY(largestDifference(each, mergeAll("ties_paper", two.cases)[0]) > 0.1);
    }

    void tiesGivesCancelledEntriesTheMajoritySign() {
        // Sums +, +, 0: the majority is +, so the cancelled pair keeps its positive entry.
        const MergeCase one{{{{2, 3, 5}, {{"density", 1}}}, {{1, 1, -5}, {{"density", 1}}}}, {0, 0, 0}};
        QCOMPARE(merged("ties_paper", one), (Values{1.5f, 2, 5}));
        const MergeCase negative{{{{-2, -3, 5}, {{"density", 1}}}, {{-1, -1, -5}, {{"density", 1}}}},
                                 {0, 0, 0}};
        QCOMPARE(merged("ties_paper", negative), (Values{-1.5f, -2, -5}));
    }

    void densityIsOneNumberForTheModel() {
        TwoTensors two(2, {{"density", 0.2}}, {});
        two.cases[1].models[0].parameters["density"] = 0.3;
        QVERIFY_THROWS_EXCEPTION(Error, two.merged("ties_paper"));
    }

    void pcbOfIdenticalTaskVectorsIsTheirSum() {
        // Nothing is clipped; the kept entries (the largest 20 %) get θ0 + λτ, the rest θ0.
        const std::size_t size = 1000;
        const Values base = randomValues(size, 1), delta = randomValues(size, 2);
        const Values model = sum(base, delta);
        const MergeCase one{{{model, {}}, {model, {}}, {model, {}}},
                            base,
                            {{"pcb_ratio", 0.2}, {"clip_ratio", 0}, {"lambda", 0.7}}};
        const Values found = merged("pcb", one);
        std::size_t kept = 0;
        for (std::size_t i = 0; i < size; ++i) {
            const float whole = base[i] + 0.7f * (model[i] - base[i]);
            if (found[i] == base[i]) continue;
            ++kept;
            QVERIFY(std::fabs(found[i] - whole) < 1e-6f);
        }
        // The lowest of the 200 has a share of nothing.
        QCOMPARE(kept, std::size_t(199));
        const float limit = sortedMagnitudes(sum(model, base, -1))[size - 199];
        for (std::size_t i = 0; i < size; ++i)
            QCOMPARE(found[i] != base[i], std::fabs(model[i] - base[i]) >= limit);
    }

    void pcbIsItsDefinition() {
        const TwoTensors two(3, {}, {{"pcb_ratio", 0.15}, {"clip_ratio", 0.01}}, 1.5f);
        const std::size_t size = two.base.size(), tasks = 3;
        const Values total = multiTask(two.deltas);
        std::vector<double> merged(size), shares(size);
        for (const Values& delta : two.deltas) {
            const Values sorted = sortedMagnitudes(delta);
            const double low = sorted[std::size_t(size * 0.01)], high = sorted[std::size_t(size * 0.99 - 1)];
            std::vector<double> scores;
            for (std::size_t i = 0; i < size; ++i) {
                const double share =
                    (std::clamp(std::fabs(double(delta[i])), low, high) - low) / (high - low);
                scores.push_back(std::exp(tasks * share * share) * std::tanh(double(delta[i]) * total[i]));
            }
            std::vector<double> ordered = scores;
            std::sort(ordered.begin(), ordered.end());
            const double threshold = ordered[std::size_t(size * 0.85)], largest = ordered.back();
            for (std::size_t i = 0; i < size; ++i) {
                const double share = std::max(0.0, (scores[i] - threshold) / (largest - threshold));
                merged[i] +=
                    share * std::copysign(std::clamp(std::fabs(double(delta[i])), low, high), delta[i]);
                shares[i] += share;
            }
        }
        Values expected(size);
        for (std::size_t i = 0; i < size; ++i)
            expected[i] = float(two.base[i] + merged[i] / std::max(shares[i], 1e-12));
        const Values found = two.merged("pcb");
        // Where an entry's only share is next to the threshold, rounding decides it; the mean does not see
        // how small.
        std::size_t off = 0;
        for (std::size_t i = 0; i < size; ++i) off += std::fabs(found[i] - expected[i]) > 1e-4f;
        QVERIFY2(off <= 3, qPrintable(QString::number(off)));
    }

    void consensusByBruteForce_data() {
        QTest::addColumn<int>("needed");
        QTest::addColumn<bool>("useTies");
        for (const int needed : {0, 1, 2, 3, 4})
            for (const bool ties : {false, true})
                QTest::addRow("k %d, %s", needed, ties ? "TIES" : "sum") << needed << ties;
    }
    void consensusByBruteForce() {
        QFETCH(int, needed);
        QFETCH(bool, useTies);
        const TwoTensors two(
            3, {{"tall_mask_lambda", 0.5}, {"density", 0.2}},
            {{"prun_thre_k", double(needed)}, {"use_ties", double(useTies)}, {"lambda", 0.3}});
        const Values multi = useTies ? publishedTies(two.deltas, 0.2, true) : multiTask(two.deltas);
        Values expected = two.base;
        std::size_t dropped = 0;
        for (std::size_t i = 0; i < multi.size(); ++i) {
            int count = 0;
            for (const Values& delta : two.deltas) count += uses(delta[i], multi[i], 0.5);
            if (count >= needed)
                expected[i] += 0.3f * multi[i];
            else
                ++dropped;
        }
        if (needed == 0) QCOMPARE(dropped, std::size_t(0));
        if (needed >= 2) QVERIFY(dropped > 0);
        QCOMPARE(dropped == multi.size(), needed == 4);
        QVERIFY(largestDifference(two.merged("consensus"), expected) < 1e-6);
    }

    void maskedModelIsTheTasksModel() {
        const TwoTensors two(3, {{"tall_mask_lambda", 0.4}}, {{"task", 1}});
        const Values multi = multiTask(two.deltas);
        Values expected = two.base;
        for (std::size_t i = 0; i < multi.size(); ++i)
            if (uses(two.deltas[1][i], multi[i], 0.4)) expected[i] += multi[i];
        QVERIFY(largestDifference(two.merged("tall_mask"), expected) < 1e-6);
        // A task alone is got back whole.
        const MergeCase alone{{{{1, 2, 0}, {}}}, {0.5f, 0.5f, 0}, {{"task", 0}}};
        QCOMPARE(merged("tall_mask", alone), (Values{1, 2, 0}));
        const MergeCase beyond{{{{1, 2}, {}}}, {0, 0}, {{"task", 1}}};
        QVERIFY(refusal("tall_mask", beyond).find("task") != std::string::npos);
    }

    void masksAreBitsOnDisk() {
        const TwoTensors two(3, {}, {});
        const Values multi = multiTask(two.deltas);
        std::vector<TaskMask> masks;
        for (std::size_t m = 0; m < 3; ++m)
            masks.push_back(taskMask("task" + std::to_string(m), "a", {20, 100}, two.deltas[m], multi, 0.4));
        masks.push_back(taskMask("task0", "odd", {3}, Values{1, 0, 1}, Values{1, 1, 1}, 0.4));
        QCOMPARE(int(masks[3].bits[0]), 0b10100000);
        QCOMPARE(masks[3].kept(), std::size_t(2));
        QTemporaryDir folder;
        const std::filesystem::path path = folder.filePath("masks.safetensors").toStdString();
        writeTaskMasks(path, masks);
        const std::vector<TaskMask> read = readTaskMasks(path);
        QCOMPARE(read.size(), masks.size());
        QCOMPARE(read[1].tensor, std::string("odd"));
        for (const TaskMask& mask : read) {
            const auto same = std::find_if(masks.begin(), masks.end(), [&](const TaskMask& each) {
                return each.task == mask.task && each.tensor == mask.tensor;
            });
            QVERIFY(same != masks.end());
            QCOMPARE(mask.bits, same->bits);
            QCOMPARE(mask.shape, same->shape);
        }
        Values restored(multi.size());
        applyTaskMask(read[2], two.base, multi, restored);
        TwoTensors second = two;
        for (MergeCase& one : second.cases) one.parameters["task"] = 1;
        QCOMPARE(second.merged("tall_mask"), restored);
    }

    void storageOfMasks() {
        const MaskStorage storage{1000, 5};
        QCOMPARE(storage.maskedBits(), std::uint64_t(37'000));
        QCOMPARE(storage.separateBits(), std::uint64_t(160'000));
        QCOMPARE((MaskStorage{7, 1}.maskedBits()), std::uint64_t(7 * 33));
    }

    void refusesOtherFiles() {
        QTemporaryDir folder;
        const std::filesystem::path path = folder.filePath("x.safetensors").toStdString();
        const float one = 1;
        writeSafetensors(path, {{"w", Dtype::Float32, {1}, &one}});
        QVERIFY_THROWS_EXCEPTION(Error, readTaskMasks(path));
        const std::uint8_t byte = 1;
        const auto written = [&](const std::string& contents) {
            writeSafetensors(path, {{"t/w", Dtype::UInt8, {1}, &byte}},
                             {{"format", "retort-task-masks"}, {"masks", contents}});
            return readTaskMasks(path);
        };
        QCOMPARE(written(R"([{"task":"t","tensor":"w","shape":[8]}])").size(), std::size_t(1));
        for (const char* contents :
             {"", "[1]", "{", R"([{"task":"t","tensor":"w","shape":[9]}])",
              R"([{"task":"t","tensor":"w","shape":[-8]}])", R"([{"task":"t","tensor":"v","shape":[8]}])",
              R"([{"task":"t","tensor":"w","shape":[4294967296, 4294967296, 4294967296]}])"})
            QVERIFY_THROWS_EXCEPTION(Error, written(contents));
    }
};

QTEST_APPLESS_MAIN(TestWholeModelMethods)
#include "tst_whole_model_methods.moc"
