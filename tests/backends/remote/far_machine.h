// A machine behind a real sshd, with a retort-cli in its PATH whose trainer is far_trainer; and what tests
// ask of runs.
#pragma once

#include <sys/stat.h>

#include <QTemporaryDir>
#include <fstream>

#include "core/config/load.h"
#include "core/runlog/follower.h"
#include "core/runlog/run_directory.h"
#include "core/util/files.h"
#include "core/util/uuid.h"
#include "tests/backends/support/sshd.h"
#include "training/backends/remote/shell_quote.h"

namespace retort {

class FarMachine {
  public:
    explicit FarMachine(TestSshd::Settings settings = {}) : m_server(withPath(std::move(settings))) {
        std::filesystem::create_directories(bin());
        setVersion(RETORT_VERSION);
    }

    /// What `retort-cli --version` says there.
    void setVersion(const std::string& version) const {
        const std::filesystem::path file = bin() / "retort-cli";
        writeFileAtomically(file, "#!/bin/sh\ncase $1 in\n--version) echo retort-cli " + version +
                                      ";;\ntrain-run) exec " + shellQuote(FAR_TRAINER) +
                                      " \"$@\";;\n*) exec " + shellQuote(REAL_RETORT_CLI) +
                                      " \"$@\";;\nesac\n");
        ::chmod(file.c_str(), 0755);
    }

    /// A run directory here; the overrides are those of parseConfig().
    QString newRun(const std::string& name, const std::vector<std::string>& overrides = {}) const {
        std::vector<std::string> all = {"name=\"" + name + "\""};
        all.insert(all.end(), overrides.begin(), overrides.end());
        const ParsedConfig parsed = parseConfig(
            "recipe: sft\nmodel: {hidden_size: 16, num_hidden_layers: 1, num_attention_heads: 2, "
            "num_key_value_heads: 2, "
            "intermediate_size: 32}\ndata: {tasks: [{task: addition, max_digits: 2}]}\ntraining: {max_steps: "
            "100, warmup_steps: 0}\n",
            "test.yaml", all);
        if (!parsed.problems.empty()) qFatal("%s", parsed.problems.front().text().c_str());
        RunIdentity identity;
        identity.id = newUuid();
        identity.recipe = "sft";
        const RunDirectory run =
            RunDirectory::create((m_server.folder() / "here").string(), name,
                                 toYaml(parsed.config.recipe, parsed.values, false), identity);
        return QString::fromStdString(run.path().string());
    }

    TestSshd& server() { return m_server; }
    Machine machine() const { return m_server.machine(); }
    std::filesystem::path bin() const { return m_server.folder() / "b i'n"; }

  private:
    static TestSshd::Settings withPath(TestSshd::Settings settings) {
        // Found anew by each session, below a folder that the server makes only now.
        settings.ownPath = "b i'n";
        return settings;
    }

    TestSshd m_server;
};

inline std::vector<Event> eventsOf(const QString& run) {
    std::vector<Event> events;
    const RunLogFollower follower(RunDirectory::open(run.toStdString()).eventsFile());
    FollowerBatch batch;
    do {
        batch = follower.read(batch.offset, batch.lastSeq);
        if (!batch.problems.empty()) qFatal("%s", batch.problems.front().c_str());
        events.insert(events.end(), batch.events.begin(), batch.events.end());
    } while (!batch.atEnd);
    return events;
}

inline std::int64_t lastStep(const QString& run) {
    std::int64_t step = 0;
    for (const Event& event : eventsOf(run))
        if (const auto* scalars = std::get_if<ScalarsEvent>(&event.payload)) step = scalars->step;
    return step;
}

inline pid_t trainerPid(const QString& run) {
    pid_t pid = 0;
    for (const Event& event : eventsOf(run))
        if (const auto* start = std::get_if<StartEvent>(&event.payload)) pid = pid_t(start->pid);
    return pid;
}

}  // namespace retort
