#include "app/cli/adoption_session.h"
#include "app/cli/command.h"
#include "app/cli/context.h"
#include "app/cli/queue_commands.h"
#include "app/cli/remote_program.h"
#include "app/cli/slurm_commands.h"
#include "core/trace_formats/trace_export.h"
#include "core/trace_formats/trace_import.h"

namespace retort::cli {
namespace {

using Kind = Option::Kind;

Option option(const char* name, const char* value, const char* help, Kind kind = Kind::Text) {
    return {kind, name, value, help, {}, false};
}
Option flag(const char* name, const char* help) {
    return {Kind::Flag, name, "", help, {}, false};
}
Option many(const char* name, const char* value, const char* help) {
    return {Kind::Text, name, value, help, {}, true};
}
Option choice(const char* name, std::vector<std::string> choices, const char* help) {
    std::string value;
    for (const std::string& each : choices) value.append(value.empty() ? "" : "|").append(each);
    return {Kind::Text, name, value, help, std::move(choices), false};
}

std::vector<Command> trainingCommands() {
    const Option set =
        many("--set", "KEY.PATH=VALUE", "Overrides a parameter; list items by index: data.tasks.0.weight=2.");
    const Option processes = option(
        "--processes", "N", "Trains by N processes of this machine that share each batch, as under torchrun.",
        Kind::Integer);
    return {
        {"train",
         "Trains as a configuration says.",
         {{{"CONFIG"}},
          {set, option("--out", "DIR", "Where the run directory is made; default: runs/ beside the store."),
           flag("--detach", "Trains in a process of its own and returns at once."), processes,
           flag("--prepare", "Makes the run directory and leaves it to train-run.")}},
         runTrain},
        {"resume", "Continues a run from its last complete checkpoint.", {{{"RUN"}}, {processes}}, runResume},
        {"train-run",
         "Trains an existing run directory, without a store; by several processes where torchrun or srun "
         "starts it as such.",
         {{{"DIR"}}, {flag("--resume", "Continues from the last complete checkpoint."), processes}},
         runTrainRun,
         true},
        {"serve-runs",
         "Says what run directories gain, for `retort-cli follow` on another machine.",
         {{}, {}},
         runServeRuns,
         true},
        {"eval",
         "Evaluates a checkpoint on held-out problems. Ctrl+C: of those that are answered by then.",
         {{{"CHECKPOINT"}},
          {many("--task", "TASK",
                "A task kind, or a map: '{task: addition, max_digits: 5}'; default: those of its run."),
           option("--problems", "N", "Held-out problems a task.", Kind::Integer),
           option("--samples", "N", "Completions a problem.", Kind::Integer),
           option("--temperature", "T", "0: greedy.", Kind::Real),
           option("--max-tokens", "N", "Longest completion.", Kind::Integer),
           option("--seed", "N", "Which problems.", Kind::Integer), set}},
         runEval},
        {"generate",
         "Completes prompts with a checkpoint; without --prompt, one prompt a line from standard input. "
         "Ctrl+C: what is "
         "whole by then.",
         {{{"CHECKPOINT"}},
          {many("--prompt", "TEXT", "A prompt."),
           option("--samples", "N", "Completions a prompt.", Kind::Integer),
           option("--max-tokens", "N", "Longest completion.", Kind::Integer),
           option("--temperature", "T", "0: greedy (default: 1).", Kind::Real),
           option("--top-p", "P", "Nucleus sampling.", Kind::Real),
           option("--top-k", "K", "Samples from the k likeliest tokens.", Kind::Integer),
           many("--stop", "TEXT", "Ends the completion before this text."),
           option("--seed", "N", "Seed of the samples.", Kind::Integer)}},
         runGenerate},
        {"import-results",
         "Takes in what lm-evaluation-harness measured (results_*.json), as a run beside the others.",
         {{{"RESULTS"}},
          {many("--samples", "FILE", "Its samples_*.jsonl (--log_samples): results item by item."),
           option("--run", "RUN", "The run whose checkpoint was measured."),
           option("--name", "NAME", "Name of the new run.")}},
         runImportResults},
        {"merge",
         "Makes a checkpoint from several, as a recipe in mergekit's YAML says.",
         {{{"RECIPE"}},
          {option("--out", "DIR", "The checkpoint's folder; it appears when it is whole."),
           flag("--dry-run",
                "Checks recipe, models and values, and prints what each tensor would be made from."),
           flag("--overwrite", "Replaces a checkpoint that is there."),
           many("--set", "KEY.PATH=VALUE", "Overrides a value: models.0.parameters.weight=0.3."),
           option("--seed", "N", "Of methods that draw random masks; default: 0.", Kind::Integer),
           option("--shard-size", "BYTES", "Largest weight file; default: 5B (5e9)."),
           option("--threads", "N", "Default: one a core.", Kind::Integer),
           flag("--truncate-embeddings", "Merges the common first rows of vocabularies of different sizes."),
           flag("--allow-non-finite", "Merges NaN and infinity in the inputs instead of refusing them."),
           flag("--allow-crimes", "Merges models of different architectures where their tensors agree.")}},
         runMerge},
        {"merge-recipe",
         "Prints a published merge as a recipe: layer-swap EXPERT LANGUAGE, reasoning-vector RECEIVER TUNED "
         "START, "
         "weight-signature RECEIVER CORRUPTED CLEAN, balanced-actor INSTRUCT DISTILLED PRETRAINED.",
         {{{"KIND"}, {"MODEL"}, {"MODEL"}, {"MODEL", true}},
          {option("--alpha", "X",
                  "Strength of a vector; balanced-actor: share of INSTRUCT; default: 1, and 0.5.",
                  Kind::Real),
           option("--beta", "X", "balanced-actor: share of the two against PRETRAINED; default: 0.5.",
                  Kind::Real),
           option("--layers", "N",
                  "Layers of the models; default: what EXPERT's config.json says; "
                  "weight-signature: the first layers that change; default: 30 %.",
                  Kind::Integer),
           option("--bottom", "N", "layer-swap: first layers of LANGUAGE; default: 1.", Kind::Integer),
           option("--top", "N", "layer-swap: last layers of LANGUAGE; default: 1.", Kind::Integer),
           option("--transition", "N", "layer-swap: averaged layers between; default: 0.", Kind::Integer),
           flag("--control", "reasoning-vector: a random vector of the same norm instead.")}},
         runMergeRecipe},
        {"merge-pack",
         "Keeps several experts of one base in the space of two models: the sum of their task vectors, and a "
         "bit a "
         "weight and expert (TALL masks).",
         {{{"BASE"}, {"[NAME=]CHECKPOINT"}, {"[NAME=]CHECKPOINT"}, {"[NAME=]CHECKPOINT", true, true}},
          {option("--out", "DIR", "Folder to make."),
           option("--lambda", "X",
                  "Higher: fewer weights are kept; the authors try 0.2 to 0.6; default: 0.4.", Kind::Real)}},
         runPack},
        {"merge-unpack",
         "Writes the checkpoint of an expert that was packed, close to what it was.",
         {{{"PACKED"}, {"NAME"}},
          {option("--out", "DIR", "Folder to make."),
           option("--base", "CHECKPOINT", "Where the base is now; default: where it was.")}},
         runUnpack},
        {"merge-adapter",
         "Adds a PEFT adapter to its base model and writes the result as a checkpoint of its own.",
         {{{"CHECKPOINT"}, {"ADAPTER"}, {"OUT"}},
          {choice("--dtype", {"float32", "float16", "bfloat16"},
                  "Type of the weights; default: the base's.")}},
         runMergeAdapter},
        {"quickstart",
         "Runs the quickstart study: supervised training, then reinforcement learning. Goes on with a "
         "stopped one.",
         {{},
          {option("--out", "DIR", "Keeps store and runs in this folder."),
           flag("--new", "Begins anew, also where a stopped one could go on."),
           flag("--fast", "A few steps a stage: shows that everything works, learns nothing.")}},
         runQuickstart},
    };
}

std::vector<Command> runCommands() {
    return {
        {"runs", "Lists the runs of the store.", {{}, {flag("--archived", "Archived ones too.")}}, runRuns},
        {"show", "Tells all about a run.", {{{"RUN"}}, {}}, runShow},
        {"export",
         "Writes a run's data, with every digit.",
         {{{"RUN"}},
          {choice("--what", {"points", "traces", "evaluations"}, "Which data; default: points."),
           choice("--format", {"csv", "jsonl"}, "Default: csv."),
           option("--out", "FILE", "Default: standard output."),
           flag("--superseded", "Also points that a resume has replaced.")}},
         runExport},
        adoptCommand(runAdopt),
        {"compare",
         "Sets checkpoints against a baseline over the problems that all of them answered: intervals, paired "
         "tests, flips.",
         {{{"CHECKPOINT", false, true}},
          {option("--baseline", "CHECKPOINT", "Which one the others are set against; default: the first."),
           option("--evaluation", "NAME", "One evaluation; default: all that they have in common."),
           many("--parent", "CHECKPOINT",
                "A parent of all others (without it: as lineage says): rates merges against their parents."),
           flag("--weights", "Also compares the weights with the baseline's, tensor by tensor.")}},
         runCompare},
        {"stop", "Asks a run to end after the current step, with a checkpoint.", {{{"RUN"}}, {}}, runStop},
        {"pause", "Asks a run to wait.", {{{"RUN"}}, {}}, runPause},
        {"continue", "Lets a paused run go on.", {{{"RUN"}}, {}}, runContinue},
        {"checkpoint", "Asks a run to write a checkpoint now.", {{{"RUN"}}, {}}, runCheckpoint},
        {"priority",
         "Sets how nice a run's processes are (nice(1)), also while it goes on: normal (0), low (10), lowest "
         "(19) or a number; of a job that waits in Slurm its nice, ten times that. Without: says it.",
         {{{"RUN"}, {"PRIORITY", true}}, {}},
         runPriority},
    };
}

// Of two commands that begin alike the longer one comes first: it is the first match that runs.
std::vector<Command> lineageCommands() {
    return {
        {"lineage add",
         "Takes in checkpoint folders that no run made: merged or imported ones, with what their records "
         "tell.",
         {{{"FOLDER", false, true}}, {}},
         runLineageAdd},
        {"lineage",
         "Tells what came from what, as a tree: of all checkpoints, or the family of one (name[@step] or "
         "folder).",
         {{{"CHECKPOINT", true, true}},
          {flag("--diff", "What differs between two checkpoints, and the way that joins them."),
           flag("--check", "Whether the checkpoints can be merged; status 3 when they cannot."),
           flag("--dot", "As a graph for Graphviz.")}},
         runLineage},
    };
}

std::vector<Command> dataCommands() {
    return {
        {"verify-answers",
         "Judges answers against references, from a file of columns: id, prediction, gold.",
         {{{"FILE.tsv"}},
          {choice("--percent", {"lenient", "value", "sign"},
                  "Whether 28 and 0.28 answer 28%; default: lenient."),
           flag("--require-units", "10 does not answer 10 cm."),
           flag("--require-reduced", "2/6 does not answer 1/3."),
           flag("--require-labels", "5 does not answer x = 5."),
           flag("--ordered-sets", "Elements in another order are another answer.")}},
         runVerifyAnswers},
        {"data inspect",
         "Tells what dataset files hold: shape, counts, lengths, examples, and lines that are wrong.",
         {{{"FILE", false, true}}, {}},
         runDataInspect},
        {"data prepare",
         "Copies datasets without duplicates and without rows that hold evaluation problems.",
         {{{"IN", false, true}},
          {option("--out", "FILE", "Where the kept rows go (JSONL, as they are)."),
           many("--against", "EVAL", "An evaluation set (JSONL) that must not be trained on."),
           option("--ngram", "N", "Words in a row that give a problem away; default: 13.", Kind::Integer),
           flag("--keep-near-duplicates", "Rows that differ in case and punctuation only are kept."),
           flag("--skip-bad", "Passes over lines that are wrong, and counts them."),
           flag("--force", "Overwrites FILE.")}},
         runDataPrepare},
    };
}

/// Which traces of a run, or of all.
std::vector<Option> traceFilters() {
    return {option("--step", "N", "Of one training step.", Kind::Integer),
            option("--phase", "PHASE", "train or eval."), option("--task", "NAME", "Of one task."),
            flag("--correct", "With the right answer."), flag("--wrong", "With a wrong answer.")};
}

std::vector<Option> withTraceFilters(std::vector<Option> options) {
    for (Option& each : traceFilters()) options.push_back(std::move(each));
    return options;
}

std::vector<Command> traceCommands() {
    std::vector<std::string> formats = traceFormatNames();
    formats.insert(formats.begin(), "auto");
    return {
        {"traces import",
         "Takes in traces and step labels of other programs, as a run; what was taken in before is passed "
         "over.",
         {{{"FILE", false, true}},
          {choice("--format", formats, "Default: auto, by the first record."),
           option("--run", "NAME", "Name of the new run; default: the first file's."),
           flag("--no-alternatives", "PRM800K: only the solutions, without rated alternatives to a step."),
           option("--lane", "KIND:NAME",
                  "trl-stepwise: who labelled the steps; default: human:trl-stepwise."),
           option("--filter", "NAME", "lm-eval: the answer filter to take; default: the file's first."),
           option("--group-size", "N",
                  "trl-completions: num_generations; default: as the file lets conclude.", Kind::Integer),
           option("--tokenizer", "FOLDER", "prime-rl: decodes the token ids; its files have no text."),
           many("--field", "NAME=MEMBER",
                "plain: the member, or path (a.0.b), that holds prompt, completion, answer, id, reward, "
                "correct, step or tokens.")}},
         runTracesImport},
        {"traces export",
         "Writes traces and step labels for other programs: of a run, or of all.",
         {{{"RUN", true}},
          withTraceFilters(
              {choice("--format", traceExportFormatNames(), "Which format; has to be said."),
               option("--out", "FILE", "Where; it appears when it is whole."),
               option(
                   "--lane", "KIND:NAME",
                   "Whose labels of steps: checker, human:NAME, monte_carlo:NAME, prm:NAME or critic:NAME; "
                   "default: the only ones there are."),
               option("--threshold", "P", "From which score a step counts as right; default: 0.5.",
                      Kind::Real),
               choice("--neutral", {"correct", "wrong", "unlabelled"},
                      "processbench, trl-stepwise: what a neutral step counts as."),
               choice(
                   "--pairs", {"answers", "preferences", "corrections"},
                   "trl-preference: right and wrong answers (default), what people preferred, or corrected "
                   "steps."),
               option("--labeler", "NAME", "prm800k: who rated; default: the lane's name."),
               option("--generator", "NAME", "processbench: the model that wrote them; default: retort."),
               flag("--overwrite", "Replaces FILE where it exists.")})},
         runTracesExport},
    };
}

std::vector<Command> traceJudgeCommands() {
    const Option limit = option("--limit", "N", "At most so many traces, the oldest first.", Kind::Integer),
                 all = flag("--all", "Of all runs."),
                 again = flag("--again", "Also traces that have the lane: it is replaced."),
                 name = option("--name", "NAME", "Of the lane; default: the checkpoint's."),
                 seed = option("--seed", "N", "Seed of the rollouts.", Kind::Integer);
    return {
        {"traces label",
         "Judges the steps of traces, each judge in a lane of its own: Monte-Carlo values, OmegaPRM's search "
         "for the "
         "first error, a critic, detectors. Ctrl+C: what is judged by then stays; run again, it goes on.",
         {{{"RUN", true}},
          withTraceFilters(
              {choice("--method", {"monte-carlo", "omega-prm", "critic", "detectors"}, "Has to be said."),
               option("--checkpoint", "CHECKPOINT", "The policy that rolls out, or the critic."),
               option("--rollouts", "K",
                      "From each place; default: 8. Of a critic: answers that vote; default: 1.",
                      Kind::Integer),
               option("--temperature", "T", "Of the rollouts; default: 1.", Kind::Real),
               option("--top-p", "P", "Nucleus sampling.", Kind::Real),
               option("--max-tokens", "N", "Longest completion; default: as the run evaluated.",
                      Kind::Integer),
               option("--searches", "N",
                      "omega-prm: binary searches a trace; above 1 its tree is kept, in a run of its own; "
                      "default: 1.",
                      Kind::Integer),
               seed, name, limit, again, all})},
         runTracesLabel},
        {"traces score",
         "Scores the steps of traces by a process reward model, into a lane of its own.",
         {{{"RUN", true}},
          withTraceFilters(
              {option("--prm", "CHECKPOINT", "Trained by the recipe prm."), name, limit, again, all})},
         runTracesScore},
        {"traces bench",
         "Tells how well a judge finds first errors: ProcessBench's accuracies and F1, by task.",
         {{{"RUN"}},
          withTraceFilters(
              {option("--lane", "KIND:NAME",
                      "The judge: prm:NAME, monte_carlo:NAME, critic:NAME, human:NAME."),
               option("--gold", "KIND:NAME", "Whose word is taken for right; default: checker."),
               option("--threshold", "X",
                      "Steps scored below it are wrong; default: chosen on other problems.", Kind::Real),
               option("--validation", "SHARE", "Of the problems, to choose it on; default: 0.3.",
                      Kind::Real)})},
         runTracesBench},
    };
}

std::vector<Command> otherCommands() {
    return {
        {"schema",
         "Every parameter of a recipe: type, default, range and meaning.",
         {{{"RECIPE", true}}, {flag("--markdown", "As tables for documentation.")}},
         runSchema},
        {"store check", "Checks the store and the run directories that it points to.", {}, runStoreCheck},
        {"store backup", "Copies the store while it may be in use.", {{{"FILE"}}, {}}, runStoreBackup},
        {"store query",
         "Runs one read-only SQL statement.",
         {{{"SQL"}}, {option("--limit", "N", "At most so many rows.", Kind::Integer)}},
         runStoreQuery},
        {"store compact", "Gives unused space back to the disk.", {}, runStoreCompact},
        {"store reindex",
         "Rebuilds the store from the run directories; notes, tags and annotations are kept.",
         {{{"DIR", true}}, {}},
         runStoreReindex},
        {"selftest",
         "Checks the numbers on this machine: gradients, forward passes, decoding, the optimizer.",
         {{}, {choice("--device", {"auto", "cpu", "cuda"}, "Default: auto.")}},
         runSelftest},
        {"env", "Versions, threads, instruction sets and measured speed of this machine.", {}, runEnv},
    };
}

void append(std::vector<Command>& list, std::vector<Command> more) {
    for (Command& command : more) list.push_back(std::move(command));
}

}  // namespace

#ifdef RETORT_HAS_REMOTE
namespace {

int runElsewhere(Context& context) {
    becomeRemoteProgram(context.words());
}

}  // namespace
#endif

const std::vector<Command>& commands() {
    static const std::vector<Command> list = [] {
        std::vector<Command> all = trainingCommands();
        append(all, runCommands());
        append(all, lineageCommands());
        append(all, dataCommands());
        append(all, traceCommands());
        append(all, traceJudgeCommands());
#ifdef RETORT_HAS_REMOTE
        append(all, remoteCommands(runElsewhere));
        append(all, slurmCommands(runElsewhere));
        append(all, queueCommands(runElsewhere));
#endif
        append(all, otherCommands());
        // Every command takes these.
        for (Command& command : all)
            for (const Option& each : commonOptions()) command.syntax.options.push_back(each);
        return all;
    }();
    return list;
}

}  // namespace retort::cli
