// Runs that several processes train together, for the tests of what comes of that.
#pragma once

#include <QProcess>
#include <QTest>
#include <memory>
#include <vector>

#include "core/formats/safetensors.h"
#include "tests/support/free_port.h"
#include "tests/training/recipes/tiny_run.h"

namespace retort::test {

inline constexpr int patience = 120000;  // ms; a test that waits so long has failed

/// One rank of a run, as torchrun would start it.
class Rank {
  public:
    Rank(const RunDirectory& run, int rank, int size, int port, bool resume = false) {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        const auto set = [&](const char* name, const QString& value) {
            environment.insert(QString::fromLatin1(name), value);
        };
        if (size > 1) {
            set("RANK", QString::number(rank));
            set("WORLD_SIZE", QString::number(size));
            set("LOCAL_RANK", QString::number(rank));
            set("MASTER_ADDR", QStringLiteral("127.0.0.1"));
            set("MASTER_PORT", QString::number(port));
        }
        m_process.setProcessEnvironment(environment);
        QStringList arguments = {QString::fromStdString(run.path().string())};
        if (resume) arguments << QStringLiteral("--resume");
        m_process.start(QStringLiteral(TRAIN_HELPER), arguments);
    }
    ~Rank() {
        if (m_process.state() == QProcess::NotRunning) return;
        m_process.kill();
        m_process.waitForFinished();
    }

    bool ends() { return m_process.state() == QProcess::NotRunning || m_process.waitForFinished(patience); }
    bool succeeds() {
        return ends() && m_process.exitStatus() == QProcess::NormalExit && m_process.exitCode() == 0;
    }
    void kill() { m_process.kill(); }
    /// What it said on its way out.
    QByteArray errors() { return m_process.readAllStandardError(); }

  private:
    QProcess m_process;
};

/// All ranks of a run.
struct Ranks {
    std::vector<std::unique_ptr<Rank>> ranks;

    Ranks(const RunDirectory& run, int size, bool resume = false) {
        const int port = freePort();
        for (int rank = 0; rank < size; ++rank)
            ranks.push_back(std::make_unique<Rank>(run, rank, size, port, resume));
    }
    bool succeed() {
        bool all = true;
        for (auto& rank : ranks)
            if (!rank->succeeds()) {
                qWarning("%s", rank->errors().constData());
                all = false;
            }
        return all;
    }
};

inline bool trains(const RunDirectory& run, int size, bool resume = false) {
    return Ranks(run, size, resume).succeed();
}

inline std::vector<float> weightsIn(const std::filesystem::path& checkpoint) {
    const SafetensorsFile file(checkpoint / "model.safetensors");
    std::vector<float> weights;
    for (const TensorInfo& tensor : file.tensors()) {
        const std::vector<float> values = file.readFloats(tensor);
        weights.insert(weights.end(), values.begin(), values.end());
    }
    return weights;
}

inline EndEvent endOf(const RunDirectory& run) {
    const auto ends = payloadsOf<EndEvent>(run);
    return ends.size() == 1 ? ends[0] : EndEvent{"ended " + std::to_string(ends.size()) + " times", ""};
}

template <class Condition>
bool comes(const Condition& condition) {
    for (int waited = 0; waited < patience; waited += 20) {
        if (condition()) return true;
        QTest::qWait(20);
    }
    return false;
}

/// Short, and well conditioned: where a gradient is nearly 0, Adam makes steps of rounding errors unless
/// epsilon is above them.
inline RunConfig shortConfig(const std::string& recipe) {
    RunConfig config = tinyConfig(recipe);
    config.training.max_steps = 6;
    config.training.save_steps = 3;
    config.training.batch_size = 7;  // shares of 3 and 4
    config.training.gradient_accumulation_steps = 2;
    config.training.adam_epsilon = 1e-3;
    config.evaluation.eval_steps = 3;
    config.traces.every_steps = 2;
    config.traces.groups_per_step = 3;
    return config;
}

inline void reinforce(RunConfig& config) {
    config.grpo.rewards = {{"repetition", 1, Json::object()}, {"cosine_length", 1, Json{{"max_length", 12}}}};
    config.grpo.prompts_per_step = 5;
    config.grpo.num_generations = 3;
}

}  // namespace retort::test
