// Merges that are run: the numbers, the files, and that nothing half-done is left, whatever happens.
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QDir>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <csignal>
#include <fstream>
#include <limits>

#include "core/formats/half.h"
#include "core/lineage/lineage_record.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "tiny_checkpoint.h"
#include "training/merging/merge_executor.h"

using namespace retort;
namespace fs = std::filesystem;

class TestMergeExecutor : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        TinyCheckpoint().write(path("in/one"), 1);
        TinyCheckpoint().write(path("in/two"), 2);
        TinyCheckpoint().write(path("in/base"), 3);
    }

    void linear() {
        merge(twoModels());
        const auto one = readTiny(path("in/one")), two = readTiny(path("in/two")),
                   out = readTiny(path("out"));
        QCOMPARE(out.size(), one.size());
        for (const auto& [name, tensor] : out) {
            QVERIFY(tensor.shape == one.at(name).shape);
            for (std::size_t i = 0; i < tensor.values.size(); ++i) {
                const double expected =
                    (0.25 * double(one.at(name).values[i]) + 0.5 * double(two.at(name).values[i])) / 0.75;
                QVERIFY(std::fabs(double(tensor.values[i]) - expected) < 1e-6);
            }
        }
        QCOMPARE(QDir(qpath("out")).entryList(QDir::Files | QDir::Hidden, QDir::Name),
                 (QStringList{"config.json", "lineage.json", "mergekit_config.yml", "model.safetensors"}));
        QCOMPARE(readFile(path("out/mergekit_config.yml")), twoModels());
        QCOMPARE(QDir(qpath("")).entryList(QDir::Dirs | QDir::Hidden | QDir::NoDotAndDotDot),
                 (QStringList{"in", "out"}));
    }

    void lineage() {
        merge(
            "merge_method: task_arithmetic\nbase_model: base\nmodels:\n"
            "  - {model: one, parameters: {weight: 0.5}}\n  - {model: two, parameters: {weight: [0, 1]}}\n");
        const auto record = readLineageRecord(path("out"));
        QVERIFY(record.has_value());
        QCOMPARE(record->method, std::string("task_arithmetic"));
        QCOMPARE(record->parents.size(), std::size_t(3));
        QVERIFY(record->parents[0].isBase && record->parents[0].path == fs::canonical(path("in/base")));
        QCOMPARE(record->parents[0].hash, contentHash(path("in/base")));
        QCOMPARE(*record->parents[1].weight, 0.5);
        QVERIFY(!record->parents[2].weight.has_value());
    }

    // The tensors in memory are those in the file, with other weights at the second asking.
    void inMemory() {
        merge(twoModels());
        const auto out = readTiny(path("out"));
        MergeModels models;
        const auto check = [&](const std::string& yaml, bool isSame) {
            const MergePlan plan = planMerge(parseMergeRecipe(yaml, "r.yml", path("in")), models);
            MergeWorkspace workspace;
            bool same = true;
            for (const PlannedTensor& tensor : plan.tensors) {
                std::vector<float> values(std::size_t(tensor.elements()));
                mergeTensor(plan, tensor, nullptr, workspace, values);
                same = same && values == out.at(tensor.name).values;
            }
            QCOMPARE(same, isSame);
        };
        check(twoModels(), true);
        check(twoModels() + "parameters: {normalize: false}\n", false);
    }

    void sixteenBits() {
        TinyCheckpoint checkpoint;
        checkpoint.dtype = Dtype::BFloat16;
        checkpoint.write(path("in/a"), 1);
        checkpoint.write(path("in/b"), 2);
        const std::string recipe =
            "merge_method: linear\nmodels: [{model: a}, {model: b}]\nparameters: {weight: 1}\n";
        merge(recipe);
        merge(recipe + "out_dtype: float32\n", "wide");
        merge(recipe + "out_dtype: float16\n", "half");
        const CheckpointWeights weights(path("out")), half(path("half"));
        QVERIFY(weights.at("model.norm.weight").dtype == Dtype::BFloat16);
        QVERIFY(half.at("model.norm.weight").dtype == Dtype::Float16);
        const auto exact = readTiny(path("wide")), rounded = readTiny(path("out")),
                   halves = readTiny(path("half"));
        for (const auto& [name, tensor] : exact)
            for (std::size_t i = 0; i < tensor.values.size(); ++i) {
                QCOMPARE(rounded.at(name).values[i], bfloat16ToFloat(floatToBfloat16(tensor.values[i])));
                QCOMPARE(halves.at(name).values[i], float16ToFloat(floatToFloat16(tensor.values[i])));
            }
    }

    void shards() {
        TinyCheckpoint checkpoint;
        checkpoint.shardBytes = 200;
        checkpoint.write(path("in/a"), 1);
        QVERIFY(!fs::exists(path("in/a/model.safetensors")));
        const std::string recipe =
            "merge_method: linear\nmodels: [{model: a}, {model: two}]\nparameters: {weight: 1}\n";
        merge(recipe);
        MergeOutputOptions options;
        options.shardBytes = 150;
        merge(recipe, "sharded", options);
        QVERIFY(!fs::exists(path("sharded/model.safetensors")));
        const auto whole = readTiny(path("out")), sharded = readTiny(path("sharded"));
        QCOMPARE(sharded.size(), whole.size());
        for (const auto& [name, tensor] : whole) QVERIFY(sharded.at(name).values == tensor.values);
    }

    // One thread or several, cut into pieces or not: the same bytes.
    void threads() {
        TinyCheckpoint large;
        large.hidden = 700;
        large.layers = 3;
        large.write(path("in/a"), 1);
        large.write(path("in/b"), 2);
        for (const char* method : {"linear", "ties", "dare_linear"}) {
            const std::string recipe =
                std::string("merge_method: ") + method +
                "\nbase_model: a\nmodels: [{model: b, parameters: {weight: 0.7, density: 0.5}}]\n"
                "parameters: {weight: 0.3}\n";
            for (const int threads : {1, 4}) {
                MergeOutputOptions options;
                options.threads = threads;
                merge(recipe, std::string(method) + std::to_string(threads), options);
            }
            QCOMPARE(contentHash(path(std::string(method) + "1")),
                     contentHash(path(std::string(method) + "4")));
        }
        const auto a = readTiny(path("in/a")), b = readTiny(path("in/b")), out = readTiny(path("linear4"));
        for (const auto& [name, tensor] : out)
            for (std::size_t i = 0; i < tensor.values.size(); i += 7)
                QVERIFY(std::fabs(tensor.values[i] -
                                  (0.3f * a.at(name).values[i] + 0.7f * b.at(name).values[i])) < 1e-6f);
    }

    // Methods that look at a whole tensor first are merged in pieces all the same: what one merge of the
    // whole tensor gives, to the bit.
    void prepared_data() {
        QTest::addColumn<QString>("method");
        for (const char* method :
             {"ties", "dare_linear", "dare_ties", "breadcrumbs", "breadcrumbs_ties", "della"})
            QTest::newRow(method) << method;
    }
    void prepared() {
        QFETCH(QString, method);
        TinyCheckpoint large;
        large.hidden = 700;  // 490 000 elements: several blocks, and a last piece that is not full
        large.layers = 1;
        large.write(path("in/a"), 1);
        large.write(path("in/b"), 2);
        large.write(path("in/c"), 3);
        const std::string recipe = "merge_method: " + method.toStdString() +
                                   "\nbase_model: a\nmodels: [{model: b}, {model: c}]\n"
                                   "parameters: {weight: 0.7, density: 0.5, rescale: true}\n";
        MergeModels models;
        const MergePlan plan = planMerge(parseMergeRecipe(recipe, "r.yml", path("in")), models);
        merge(recipe);
        const auto out = readTiny(path("out"));
        MergeWorkspace workspace;
        for (const PlannedTensor& tensor : plan.tensors) {
            std::vector<float> whole(std::size_t(tensor.elements()));
            mergeTensor(plan, tensor, nullptr, workspace, whole);
            QVERIFY2(out.at(tensor.name).values == whole, tensor.name.c_str());
        }
    }

    void layersSwapped() {
        merge(
            "merge_method: passthrough\nslices:\n  - sources: [{model: one, layer_range: [0, 1]}]\n"
            "  - sources: [{model: two, layer_range: [0, 2]}]\n");
        const auto one = readTiny(path("in/one")), two = readTiny(path("in/two")),
                   out = readTiny(path("out"));
        const std::string suffix = ".self_attn.q_proj.weight";
        QVERIFY(out.at("model.layers.0" + suffix).values == one.at("model.layers.0" + suffix).values);
        QVERIFY(out.at("model.layers.1" + suffix).values == two.at("model.layers.0" + suffix).values);
        QVERIFY(out.at("model.layers.2" + suffix).values == two.at("model.layers.1" + suffix).values);
        QCOMPARE(readJsonFile(path("out/config.json"))["num_hidden_layers"].get<int>(), 3);
    }

    // va: a b c <x> and a padded row; vb: b a d <x> <y>. Rows by hand.
    void vocabularies() {
        TinyCheckpoint a, b;
        a.vocabulary = b.vocabulary = 5;
        a.tokens = {"a", "b", "c"};
        a.addedTokens = {"<x>"};
        b.tokens = {"b", "a", "d"};
        b.addedTokens = {"<x>", "<y>"};
        a.write(path("in/va"), 1);
        b.write(path("in/vb"), 2);
        merge(
            "merge_method: linear\nbase_model: va\nmodels: [{model: va, parameters: {weight: 1}}, {model: "
            "vb, parameters: {weight: 3}}]\n"
            "tokenizer: {source: union, pad_to_multiple_of: 8}\n");
        const std::string name = "model.embed_tokens.weight";
        const TinyTensor from = readTiny(path("in/va")).at(name), other = readTiny(path("in/vb")).at(name),
                         out = readTiny(path("out")).at(name);
        QVERIFY((out.shape == std::vector<std::int64_t>{8, 4}));
        const auto row = [](const TinyTensor& tensor, int r) {
            return std::vector<float>(tensor.values.begin() + 4 * r, tensor.values.begin() + 4 * r + 4);
        };
        const int ofA[] = {0, 1, 2, 3}, ofB[] = {1, 0, -1, 3};
        std::vector<double> mean(4);
        for (int r = 0; r < 4; ++r)
            for (int i = 0; i < 4; ++i) {
                const float x = row(from, ofA[r])[std::size_t(i)];
                const float y = ofB[r] < 0 ? x : row(other, ofB[r])[std::size_t(i)];
                QVERIFY(std::fabs(row(out, r)[std::size_t(i)] - (x + 3 * y) / 4) < 1e-6f);
            }
        for (int i = 0; i < 4; ++i) {
            QVERIFY(std::fabs(row(out, 4)[std::size_t(i)] - row(other, 2)[std::size_t(i)]) < 1e-6f);  // d
            QVERIFY(std::fabs(row(out, 5)[std::size_t(i)] - row(other, 4)[std::size_t(i)]) < 1e-6f);  // <y>
            for (int r = 0; r < 6; ++r) mean[std::size_t(i)] += double(row(out, r)[std::size_t(i)]) / 6;
            for (int r = 6; r < 8; ++r)
                QVERIFY(std::fabs(double(row(out, r)[std::size_t(i)]) - mean[std::size_t(i)]) < 1e-6);
        }
        QCOMPARE(readJsonFile(path("out/config.json"))["vocab_size"].get<int>(), 8);
        const Json tokenizer = readJsonFile(path("out/tokenizer.json"));
        QCOMPARE(tokenizer["added_tokens"].size(), std::size_t(3));
        QVERIFY(readJsonFile(path("out/tokenizer_config.json"))["added_tokens_decoder"].contains("5"));
    }

    void tokenizerFiles() {
        TinyCheckpoint checkpoint;
        checkpoint.tokens = {"a", "b"};
        checkpoint.write(path("in/va"), 1);
        writeFileAtomically(path("in/va/generation_config.json"), "{}");
        writeFileAtomically(path("in/va/chat_template.jinja"), "{{ first }} and more of it");
        merge("merge_method: linear\nmodels: [{model: va}, {model: one}]\nparameters: {weight: 1}\n");
        for (const char* name :
             {"tokenizer.json", "tokenizer_config.json", "generation_config.json", "chat_template.jinja"})
            QVERIFY2(fs::exists(path("out") / name), name);
        merge(
            "merge_method: linear\nmodels: [{model: va}, {model: one}]\nparameters: {weight: "
            "1}\nchat_template: chatml\n",
            "chat");
        QVERIFY(readFile(path("chat/chat_template.jinja")).find("<|im_start|>") != std::string::npos);
        QVERIFY(readJsonFile(path("chat/tokenizer_config.json")).contains("chat_template"));
        merge(
            "merge_method: linear\nmodels: [{model: one}, {model: va}]\nparameters: {weight: "
            "1}\nchat_template: auto\n",
            "auto");
        QCOMPARE(readFile(path("auto/chat_template.jinja")), std::string("{{ first }} and more of it"));
        refused(
            "merge_method: linear\nmodels: [{model: one, parameters: {weight: 1}}]\nchat_template: no-such\n",
            "unknown chat_template");
    }

    void wholeNumbers() {
        const auto writeWith = [&](const std::string& name, std::int64_t value) {
            TinyCheckpoint().write(path(name), 1);
            const CheckpointWeights weights(path(name));
            std::vector<TensorData> data;
            for (const TensorInfo* tensor : weights.tensors())
                data.push_back({tensor->name, tensor->dtype, tensor->shape, weights.bytes(*tensor).data()});
            const std::vector<std::int64_t> ids = {1, 2, value};
            data.push_back({"position_ids", Dtype::Int64, {3}, ids.data()});
            writeCheckpointWeights(path(name), data);
        };
        writeWith("in/a", 3);
        writeWith("in/b", 3);
        writeWith("in/c", 4);
        merge("merge_method: linear\nmodels: [{model: a}, {model: b}]\nparameters: {weight: 1}\n");
        const CheckpointWeights out(path("out"));
        QVERIFY(out.at("position_ids").dtype == Dtype::Int64);
        QCOMPARE(int(out.bytes(out.at("position_ids"))[16]), 3);
        refused("merge_method: linear\nmodels: [{model: a}, {model: c}]\nparameters: {weight: 1}\n",
                "not the same ones");
    }

    void notFinite_data() {
        QTest::addColumn<float>("value");
        QTest::addColumn<bool>("is16");
        QTest::newRow("NaN") << std::numeric_limits<float>::quiet_NaN() << false;
        QTest::newRow("infinity") << std::numeric_limits<float>::infinity() << false;
        QTest::newRow("NaN in 16 bits") << std::numeric_limits<float>::quiet_NaN() << true;
    }
    void notFinite() {
        QFETCH(float, value);
        QFETCH(bool, is16);
        TinyCheckpoint checkpoint;
        if (is16) checkpoint.dtype = Dtype::BFloat16;
        checkpoint.more["model.norm.weight"] = {{4}, {1, 2, value, 4}};
        checkpoint.write(path("in/bad"), 1);
        const std::string recipe =
            "merge_method: linear\nmodels: [{model: one}, {model: bad}]\nparameters: {weight: 1}\n";
        refused(recipe, "tensor 'model.norm.weight' of bad holds");
        refused(
            "merge_method: ties\nbase_model: one\nmodels: [{model: bad}]\n"
            "parameters: {weight: 1, density: 0.5}\n",
            "tensor 'model.norm.weight' of bad holds");
        refused("merge_method: passthrough\nslices: [{sources: [{model: bad, layer_range: [0, 1]}]}]\n",
                is16 ? "" : "not finite");
        MergeModels models;
        const MergePlan plan = planMerge(parseMergeRecipe(recipe, "r.yml", path("in")), models);
        QVERIFY_EXCEPTION_THROWN(checkMergeValues(plan, {}), Error);
        MergeOutputOptions options;
        options.allowNonFinite = true;
        merge(recipe, "out", options);
        QVERIFY(!std::isfinite(readTiny(path("out")).at("model.norm.weight").values[2]));
    }

    void targets() {
        refused(twoModels(), "is an input", path("in/one"));
        refused(twoModels(), "inside an input", path("in/one/merged"));
        fs::create_directories(path("full"));
        writeFileAtomically(path("full/notes.txt"), "mine");
        refused(twoModels(), "exists and is not empty", path("full"));
        MergeOutputOptions overwriting;
        overwriting.overwrite = true;
        refused(twoModels(), "no checkpoint", path("full"), overwriting);
        refused(twoModels(), "holds an input", path("in"), overwriting);
        QCOMPARE(readFile(path("full/notes.txt")), std::string("mine"));
        refused(twoModels(), "a file of this name", path("full/notes.txt"));
        fs::create_directories(path("empty"));
        merge(twoModels(), "empty");
        QVERIFY(fs::exists(path("empty/config.json")));
        fs::create_directory_symlink(path("in/one"), path("link"));
        refused(twoModels(), "is an input", path("link"));
    }

    void overwrites() {
        merge(twoModels());
        writeFileAtomically(path("out/old.txt"), "old");
        refused(twoModels(), "exists and is not empty", path("out"));
        MergeOutputOptions options;
        options.overwrite = true;
        const std::string other = "merge_method: linear\nmodels: [{model: two, parameters: {weight: 1}}]\n";
        merge(other, "out", options);
        QVERIFY(!fs::exists(path("out/old.txt")));
        QVERIFY(readTiny(path("out")).at("model.norm.weight").values ==
                readTiny(path("in/two")).at("model.norm.weight").values);
        QCOMPARE(entries(), (QStringList{"in", "out"}));
    }

    // The space is known beforehand; the disk is real where we may mount one.
    void noSpace() {
        fs::create_directories(path("disk"));
        if (::mount("tmpfs", path("disk").c_str(), "tmpfs", 0, "size=64k") != 0)
            QSKIP("may not mount a disk here");
        TinyCheckpoint large;
        large.hidden = 128;
        large.write(path("in/a"), 1);
        refused("merge_method: linear\nmodels: [{model: a, parameters: {weight: 1}}]\n",
                "are free on this disk", path("disk/out"));
        const bool isEmpty = fs::is_empty(path("disk"));
        ::umount(path("disk").c_str());
        QVERIFY(isEmpty);
    }

    // A limit that is met while writing.
    void fileTooLarge() {
        TinyCheckpoint large;
        large.hidden = 128;
        large.write(path("in/a"), 1);
        std::signal(SIGXFSZ, SIG_IGN);
        rlimit before{};
        ::getrlimit(RLIMIT_FSIZE, &before);
        const rlimit small{20'000, before.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &small);
        QString message;
        try {
            merge("merge_method: linear\nmodels: [{model: a, parameters: {weight: 1}}]\n");
        } catch (const Error& error) {
            message = error.what();
        }
        ::setrlimit(RLIMIT_FSIZE, &before);
        QVERIFY2(message.contains("File too large"), qPrintable(message));
        QCOMPARE(entries(), QStringList{"in"});
    }

    void cancelled() {
        std::stop_source stop;
        MergeOutputOptions options;
        options.out = path("out");
        options.progress = [&stop](const MergeProgress& progress) {
            if (progress.doneBytes < progress.totalBytes) stop.request_stop();
        };
        MergeModels models;
        const MergePlan plan = planMerge(parseMergeRecipe(twoModels(), "r.yml", path("in")), models);
        QVERIFY(executeMerge(plan, options, stop.get_token()).isStopped);
        QCOMPARE(entries(), QStringList{"in"});
    }

    void progress() {
        for (const char* method : {"linear", "ties_paper"}) {
            std::uint64_t last = 0, total = 0;
            int passes = 0;
            MergeOutputOptions options;
            options.progress = [&](const MergeProgress& progress) {
                passes = std::max(passes, progress.pass);
                last = progress.doneBytes;
                total = progress.totalBytes;
            };
            merge(std::string("merge_method: ") + method +
                      "\nbase_model: base\nmodels: [{model: one}]\nparameters: {weight: 1}\n",
                  method, options);
            QVERIFY(total > 0);
            QVERIFY(last + 16 >= total);  // parts of a tensor are rounded
            if (QByteArray(method) == "ties_paper") QVERIFY(passes >= 1);
        }
    }

    // Killed in the middle: no folder that looks whole, and the next merge clears it away.
    void killed() {
        const pid_t child = ::fork();
        if (child == 0) {
            MergeOutputOptions options;
            options.threads = 1;
            options.progress = [](const MergeProgress&) { ::kill(::getpid(), SIGKILL); };
            try {
                merge(twoModels(), "out", options);
            } catch (...) {
            }
            ::_exit(0);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        QVERIFY(WIFSIGNALED(status));
        QVERIFY(!fs::exists(path("out")));
        const QString left = ".out.merging-" + QString::number(child);
        QVERIFY2(entries().contains(left), qPrintable(entries().join(' ')));
        QVERIFY(!fs::exists(path(left.toStdString()) / "config.json"));
        QVERIFY_EXCEPTION_THROWN(CheckpointWeights{path(left.toStdString())}, Error);
        merge(twoModels());
        QCOMPARE(entries(), (QStringList{"in", "out"}));
    }

    // Pages of inputs are let go: memory stays far below what is read and written.
    void memory() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
        QSKIP("sanitizers have memory of their own");
#endif
        TinyCheckpoint large;
        large.hidden = 512;
        large.layers = 24;  // 3 MB a layer and tensor pair
        large.write(path("in/a"), 1);
        large.write(path("in/b"), 2);
        for (const char* method : {"linear", "ties"}) {
            const std::string recipe = std::string("merge_method: ") + method +
                                       "\nbase_model: a\nmodels: [{model: b, parameters: {density: "
                                       "0.5}}]\nparameters: {weight: 1}\n";
            const long before = peakKilobytes(true);
            MergeOutputOptions options;
            options.threads = 2;
            merge(recipe, method, options);
            const long grown = peakKilobytes(false) - before;
            QVERIFY2(grown < 45'000, qPrintable(QString("%1: %2 kB").arg(method).arg(grown)));
        }
    }

  private:
    fs::path path(const std::string& name) const {
        return fs::path(m_folder->path().toStdString()) / name;
    }
    QString qpath(const char* name) const {
        return m_folder->filePath(QString::fromLatin1(name));
    }
    QStringList entries() const {
        return QDir(m_folder->path()).entryList(QDir::Dirs | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name);
    }
    static std::string twoModels() {
        return "merge_method: linear\nmodels:\n  - {model: one, parameters: {weight: 0.25}}\n"
               "  - {model: two, parameters: {weight: 0.5}}\n";
    }
    MergeReport merge(const std::string& yaml, const std::string& out = "out",
                      MergeOutputOptions options = {}) {
        MergeModels models;
        options.out = path(out);
        options.program = "a test";
        return executeMerge(planMerge(parseMergeRecipe(yaml, "r.yml", path("in")), models), options);
    }
    void refused(const std::string& yaml, const QString& message, fs::path out = {},
                 MergeOutputOptions options = {}) {
        if (out.empty()) out = path("refused");
        const QStringList before = entries();
        try {
            merge(yaml, fs::relative(out, path("")).string(), options);
        } catch (const Error& error) {
            QVERIFY2(QString::fromStdString(error.what_happened()).contains(message), error.what());
            QCOMPARE(entries(), before);
            return;
        }
        if (!message.isEmpty()) QFAIL(qPrintable("was accepted: " + message));
        fs::remove_all(out);
    }
    static long peakKilobytes(bool reset) {
        if (reset) std::ofstream("/proc/self/clear_refs") << "5";
        std::ifstream status("/proc/self/status");
        for (std::string line; std::getline(status, line);)
            if (line.rfind("VmHWM:", 0) == 0) return std::stol(line.substr(6));
        return 0;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestMergeExecutor)
#include "tst_merge_executor.moc"
