#include "training/recipes/train_run.h"

#include <ATen/Parallel.h>
#include <torch/version.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <optional>
#include <string>

#include "core/config/load.h"
#include "core/config/parallel_recipes.h"
#include "core/formats/hf_config.h"
#include "core/formats/sharded_safetensors.h"
#include "core/runlog/control.h"
#include "core/runlog/follower.h"
#include "core/runlog/log_tail.h"
#include "core/runlog/writer.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/random.h"
#include "training/api/available_cores.h"
#include "training/api/parallel_launch.h"
#include "training/engine/measure.h"
#include "training/model/lora.h"
#include "training/recipes/checkpoint.h"
#include "training/recipes/environment.h"
#include "training/recipes/merge_run.h"
#include "training/recipes/open_model.h"
#include "training/recipes/precision.h"
#include "training/recipes/recipe.h"
#include "training/recipes/token_sequence.h"
#include "training/recipes/trainer.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

bool isCheckpointSaid(const RunDirectory& run, std::int64_t step) {
    const RunLogFollower follower(run.eventsFile());
    FollowerBatch batch;
    do {
        batch = follower.read(batch.offset, batch.lastSeq);
        for (const Event& event : batch.events)
            if (const auto* said = std::get_if<CheckpointEvent>(&event.payload); said && said->step == step)
                return true;
    } while (!batch.atEnd);
    return false;
}

/// A resume says that what came after its checkpoint is superseded: only when the checkpoint can be read.
void requireWhole(const fs::path& checkpoint) {
    try {
        readHfConfig(checkpoint);
        loadTokenizer(checkpoint);
        const CheckpointWeights weights(checkpoint);
        const SafetensorsFile moments(checkpoint / "optimizer.safetensors");
    } catch (const Error& error) {
        throw Error(error.what_happened(), error.where(),
                    (error.hint().empty() ? "" : error.hint() + "; ") +
                        "remove the folder of this checkpoint to resume from the one before it");
    }
}

/// Puts one attempt together: from configuration and, for a resume, checkpoint to the parts of a trainer.
/// Every rank has one; what rank 0 finds in the run's directory, it tells the others.
class Attempt {
  public:
    /// `earlier`: attempts that rank 0's log holds.
    Attempt(RunDirectory& run, EventSink& log, std::int32_t earlier, bool resume,
            const ParallelLaunch& launch, std::shared_ptr<ProcessGroup> group)
        : m_run(run), m_log(log), m_earlier(earlier), m_resume(resume), m_launch(launch) {
        m_parts.group = std::move(group);
    }

    TrainOutcome run(const std::stop_token& stop) {
        m_parts.config = loadConfig(m_run.configFile());
        if (!m_parts.group->isAlone()) requireParallelRecipe(m_parts.config, m_parts.group->size());
        findCheckpoint();
        if (m_checkpoint) requireWhole(*m_checkpoint);
        if (m_parts.group->isFirst()) sayStart();
        RunSession session(m_run, m_log, m_parts.config.training.max_steps, stop, m_parts.group);
        chooseThreads();
        session.status("preparing", m_state.step, true);
        if (isMerge()) {
            if (!mergeIntoRun(m_parts.config, m_state, session)) {
                session.stopCarriedOut();
                return TrainOutcome::Stopped;
            }
            if (m_parts.config.data.tasks.empty() && m_parts.config.data.files.empty())
                return TrainOutcome::Finished;  // nothing to put to it
            m_parts.config.model.from = m_run.checkpointFolder(0).string();
        }
        openData();
        openModel(session);
        if (m_parts.group->isFirst()) recordEnvironment();
        const auto recipe = makeRecipe(m_parts, session);
        if (m_checkpoint) recipe->restore(*m_checkpoint);
        Trainer trainer(session, m_parts, *recipe, m_state);
        return trainer.run();
    }

  private:
    bool isMerge() const { return m_parts.config.recipe == "merge"; }

    /// The step of the checkpoint to go on from; absent: from the beginning.
    std::optional<std::int64_t> resumedStep() const {
        const auto steps = m_run.checkpointSteps();
        if (!m_resume && (m_earlier > 0 || !steps.empty()))
            throw Error("the run was started before", m_run.path().string(), "resume it, or begin a new run");
        // What was merged is where a merge's evaluation begins; it has no optimizer to go on with.
        if (!m_resume || steps.empty() || isMerge()) return std::nullopt;
        return steps.back();
    }

    void findCheckpoint() {
        std::int64_t step = -1;
        if (m_parts.group->isFirst()) step = resumedStep().value_or(-1);
        step = std::stoll(m_parts.group->fromFirst(std::to_string(step)));
        m_state.recipe = m_parts.config.recipe;
        m_state.seed = m_parts.config.seed;
        if (step >= 0) {
            m_checkpoint = m_run.checkpointFolder(step);
            m_state = readTrainerState(*m_checkpoint / "trainer.json");
            if (m_state.step != step)
                throw Error("says step " + std::to_string(m_state.step),
                            (*m_checkpoint / "trainer.json").string(),
                            "the checkpoint's folder was renamed or mixed with another");
        }
        m_state.attempt = m_earlier + 1;
    }

    void sayStart() {
        char host[256] = "localhost";
        ::gethostname(host, sizeof host - 1);
        m_log.write(StartEvent{m_state.attempt, m_state.step, m_parts.config.training.max_steps, ::getpid(),
                               host, m_run.identity().program});
        // Always on a resume: traces and evaluations of the step that was under way may be there even when
        // its metrics are not. From the beginning, what was said of step 0 is said again, too.
        if (m_state.attempt > 1) m_log.write(RewindEvent{m_checkpoint ? m_state.step : -1});
        // The last attempt may have been killed between the checkpoint and the word of it.
        if (m_checkpoint && !isCheckpointSaid(m_run, m_state.step))
            m_log.write(CheckpointEvent{m_state.step, "checkpoints/" + m_checkpoint->filename().string()});
    }

    /// Results differ in their last bits with the thread count, so it does not follow the machine's load (the
    /// worker pool shares busy cores fairly), and a resumed run keeps what it began with.
    void chooseThreads() {
        if (!m_checkpoint) {
            const std::int64_t wanted = m_parts.config.training.num_threads;
            m_state.threads =
                wanted > 0 ? int(wanted) : std::max(availableCores() / m_parts.group->ranksOnTheseCores(), 1);
        }
        at::set_num_threads(m_state.threads);
        at::globalContext().setFlushDenormal(true);
    }

    void openData() {
        const RunConfig& config = m_parts.config;
        const fs::path from = m_checkpoint ? *m_checkpoint : fs::path(m_parts.config.model.from);
        if (!from.empty()) m_parts.dialogue = DialogueFormat(from);
        m_parts.sources = makeDataSources(config.data.tasks, config.data.files, m_parts.dialogue,
                                          !config.pairs.file.empty() || !config.prm.file.empty());
        if (from.empty()) {
            m_parts.tokenizer =
                makeTokenizer(m_parts.config.tokenizer, m_parts.sources, std::uint64_t(m_parts.config.seed));
        } else {
            m_parts.tokenizer = loadTokenizer(from);
            checkCoverage(*m_parts.tokenizer, m_parts.sources);
        }
    }

    void openModel(RunSession& session) {
        const RunConfig& config = m_parts.config;
        m_parts.group->firstThenOthers([&] {
            m_parts.model =
                openTrainedModel(config, m_run, *m_parts.tokenizer, m_checkpoint, m_launch.localRank);
        });
        if (!m_parts.group->isAlone()) beginAsOne();
        checkVocabulary(m_checkpoint ? *m_checkpoint : fs::path(config.model.from));
        if (!m_checkpoint) {
            if (m_parts.group->isFirst())
                m_state.precision =
                    choosePrecision(config.training.precision, m_parts.model->device(), session);
            m_state.precision = m_parts.group->fromFirst(m_state.precision);
        }
        m_parts.model->setPrecision(m_state.precision == "bf16" ? Precision::BFloat16 : Precision::Float32);
        const TrainingSettings& training = config.training;
        m_parts.optimizer = std::make_unique<AdamW>(
            m_parts.model, AdamWSettings{training.adam_beta1, training.adam_beta2, training.adam_epsilon,
                                         training.weight_decay});
        if (m_checkpoint) {
            loadOptimizer(*m_checkpoint, *m_parts.optimizer);
            m_parts.optimizer->setSteps(m_state.updates);
        }
        m_parts.generator = std::make_unique<Generator>(
            m_parts.model, m_parts.tokenizer,
            training.rollout_precision == "bf16" ? DecodePrecision::BFloat16 : DecodePrecision::Float32);
        m_parts.generator->shareAmong(m_parts.group, session.requestToken(),
                                      [&session] { session.stopForAll(); });
    }

    /// The ranks' weights stay alike because they begin alike and take the same steps: also where a folder of
    /// the same name holds other files on another machine. Their rows differ, and so do their dropout masks.
    void beginAsOne() {
        if (!m_checkpoint) {
            torch::Tensor weights = m_parts.model->trainableParameters().detach();
            m_parts.group->takeFromFirst(weights);
        }
        const auto adapter = m_parts.model->adapter();
        if (adapter && !m_parts.group->isFirst())
            adapter->setDropout(m_parts.config.lora.dropout,
                                stableHash("dropout of rank " + std::to_string(m_parts.group->rank()),
                                           std::uint64_t(m_parts.config.seed)));
    }

    void checkVocabulary(const fs::path& from) const {
        if (m_parts.tokenizer->vocabularySize() <= m_parts.model->shape().vocabSize) return;
        throw Error("the tokenizer has " + std::to_string(m_parts.tokenizer->vocabularySize()) +
                        " tokens, the model only " + std::to_string(m_parts.model->shape().vocabSize),
                    from.string(), "model and tokenizer do not belong together");
    }

    void recordEnvironment() {
        RunIdentity identity = m_run.identity();
        identity.environment = machineEnvironment();
        identity.environment["threads"] = m_state.threads;
        identity.environment["precision"] = m_state.precision;
        if (!m_parts.group->isAlone()) {
            identity.environment["processes"] = m_parts.group->size();
            for (const RankIdentity& rank : m_parts.group->ranks())
                identity.environment["hosts"].push_back(rank.host);
        }
        identity.environment["gemm_gflops"] = std::round(measureGemm(m_parts.model->precision()));
        identity.environment["parameters"] = m_parts.model->shape().parameterCount();
        m_run.rewriteIdentity(identity);
    }

    RunDirectory& m_run;
    EventSink& m_log;
    std::int32_t m_earlier;
    bool m_resume;
    const ParallelLaunch& m_launch;
    std::optional<fs::path> m_checkpoint;
    TrainerState m_state;
    TrainerParts m_parts;
};

/// What ranks other than 0 would say, which is what rank 0 says.
class SilentLog final : public EventSink {
  public:
    void write(EventPayload) override {}
    void sync() override {}
    std::string failure() const override { return {}; }
};

std::shared_ptr<ProcessGroup> joinRanks(const RunDirectory& run, const ParallelLaunch& launch,
                                        const std::function<bool()>& isStopped) {
    if (!launch.isParallel()) return ProcessGroup::alone();
    char config[17];
    std::snprintf(config, sizeof config, "%016llx",
                  static_cast<unsigned long long>(stableHash(readFile(run.configFile()))));
    ProcessGroup::Join join;
    join.launch = launch;
    join.agreement = "run " + run.identity().id.substr(0, 8) + ", configuration " + config +
                     ", Retort " RETORT_VERSION ", LibTorch " TORCH_VERSION;
    join.isStopped = isStopped;
    return ProcessGroup::join(join);
}

/// Runs the attempt and says how it ended.
TrainOutcome concluded(const RunDirectory& run, EventSink& log,
                       const std::function<TrainOutcome()>& attempt) {
    const auto fail = [&](const std::string& text) {
        log.write(EndEvent{"failed", text});
        log.sync();
    };
    try {
        const TrainOutcome outcome = attempt();
        log.write(EndEvent{outcome == TrainOutcome::Finished ? "finished" : "stopped", ""});
        log.sync();
        return outcome;
    } catch (const Error& error) {
        fail(error.what());
        throw;
    } catch (const std::exception& error) {  // LibTorch's, the standard library's
        fail(error.what());
        throw Error(error.what(), run.path().string());
    }
}

/// Rank 0, which would have said it, is gone, and its lock with it: the first of the others says it.
void sayEndForFirst(const RunDirectory& run, const std::string& text) {
    try {
        const RunLock lock(run);
        if (endOfLastAttempt(run)) return;
        RunLogWriter log(run.eventsFile());
        log.write(EndEvent{"failed", text});
        log.sync();
    } catch (const Error&) {  // another rank is at it, or rank 0 lives behind a network that is cut
    }
}

TrainOutcome trainAsFirst(RunDirectory& run, bool resume, const std::stop_token& stop,
                          const ParallelLaunch& launch) {
    // Before the lock: when another trainer holds it, the other ranks must hear of that.
    std::shared_ptr<ProcessGroup> group = ProcessGroup::alone();
    std::optional<Error> apart;
    ControlReader control(run.path());
    const auto isStopped = [&] { return stop.stop_requested() || control.isAsked(Request::Stop); };
    try {
        group = joinRanks(run, launch, isStopped);
    } catch (const Error& error) {
        apart = error;
    }
    try {
        const RunLock lock(run);
        RunLogWriter log(run.eventsFile());
        const TrainOutcome outcome = concluded(run, log, [&] {
            if (apart && isStopped()) {
                control.done(Request::Stop);
                return TrainOutcome::Stopped;
            }
            if (apart) throw Error(*apart);
            return Attempt(run, log, log.attempts(), resume, launch, group).run(stop);
        });
        // Only now: launchers end all ranks when the first of them is gone, and the end would not be said.
        try {
            group->leave();
        } catch (const Error&) {  // another one was lost: what was trained is whole, and said
        }
        return outcome;
    } catch (const std::exception& error) {
        group->fail(error.what());
        throw;
    }
}

TrainOutcome trainAsOther(RunDirectory& run, bool resume, const std::stop_token& stop,
                          const ParallelLaunch& launch) {
    const std::shared_ptr<ProcessGroup> group =
        joinRanks(run, launch, [&stop] { return stop.stop_requested(); });
    SilentLog log;
    try {
        const TrainOutcome outcome =
            concluded(run, log, [&] { return Attempt(run, log, 0, resume, launch, group).run(stop); });
        group->leave();  // when rank 0 has said the end
        return outcome;
    } catch (const std::exception& error) {
        group->fail(error.what());
        if (group->isFirstLost()) sayEndForFirst(run, error.what());
        throw;
    }
}

}  // namespace

TrainOutcome trainRun(RunDirectory run, bool resume, std::stop_token stop) {
    const ParallelLaunch launch = parallelLaunch();
    return launch.rank == 0 ? trainAsFirst(run, resume, stop, launch)
                            : trainAsOther(run, resume, stop, launch);
}

}  // namespace retort
