#include "app/cli/adoption_session.h"

#include <chrono>
#include <cstdio>
#include <map>
#include <memory>
#include <thread>

#include "app/cli/context.h"
#include "app/cli/interrupt.h"
#include "app/cli/table.h"
#include "app/cli/terminal.h"
#include "core/adoption/adopted_run.h"
#include "core/adoption/far_folder.h"
#include "core/util/clock.h"
#include "core/util/error.h"
#include "core/util/file_limit.h"

namespace fs = std::filesystem;

namespace retort::cli {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto slice = std::chrono::milliseconds(200);
constexpr auto followInterval = std::chrono::milliseconds(500);
constexpr auto lookInterval = std::chrono::seconds(3);
// As long as W&B waits before it takes a run for lost.
constexpr double silence = 600;

struct Adopted {
    FoundRun found;
    std::unique_ptr<AdoptedRun> run;
    std::optional<RowId> row;
    AdoptProgress progress;
    std::vector<std::string> problems;  // the first ones
    std::string error;                  // why it cannot be adopted
    bool isNew = false;
};

class Adoption {
  public:
    explicit Adoption(Context& context) : m_context(context), m_store(context.storeFile()) {
        m_settings.runsFolder = context.runsFolder();
        m_settings.name = context.arguments().text("--name");
        m_settings.mapping = columnMappingOf(context.arguments().text("--map"));
        m_settings.isFollowed = context.arguments().has("--follow");
    }

    std::vector<Adopted>& runs() { return m_runs; }

    /// Takes in what is new in the folder.
    void look(FoundFolder found) {
        if (!m_settings.name.empty() && found.runs.size() > 1)
            throw Error("--name is for one run, but there are " + std::to_string(found.runs.size()),
                        m_context.arguments().positional(0));
        for (FoundRun& each : found.runs) {
            const auto [index, isFirst] = m_index.try_emplace({each.root.string(), each.key}, m_runs.size());
            if (isFirst) m_runs.emplace_back();
            Adopted& known = m_runs[index->second];
            if (isFirst)
                open(known, each);
            else if (known.run && known.found.sources != each.sources)
                known.run->update(each);
            known.found = std::move(each);
        }
    }

    /// Tells what is new of all runs; false when somebody pressed Ctrl+C meanwhile.
    bool readAll() {
        for (Adopted& each : m_runs) {
            if (!each.run) continue;
            bool changed = each.isNew && !each.row;
            do {
                if (InterruptGuard::isAsked()) return false;
                const AdoptProgress before = each.progress;
                each.progress = each.run->poll(slice);
                changed = changed || each.progress.points != before.points ||
                          each.progress.traces != before.traces ||
                          each.progress.checkpoints != before.checkpoints || !each.row;
                for (std::string& problem : each.run->takeProblems())
                    if (each.problems.size() < 50) each.problems.push_back(std::move(problem));
                draw(each);
            } while (!each.progress.atEnd);
            if (changed || each.run->hasEnded()) intoStore(each);
        }
        return true;
    }

    /// Of runs that nobody follows any more: files that rest and do not say how it ended.
    void noteSilent() {
        StoreReader reader(m_context.storeFile());
        for (Adopted& each : m_runs) {
            if (!each.run || !each.row || each.run->hasEnded()) continue;
            const double last = each.run->lastChange();
            const std::optional<RunRow> row = reader.run(*each.row);
            if (last > 0 && unixTime() - last > silence && row && row->state == "running")
                m_store
                    .setState(
                        *each.row, "lost",
                        "its files were last written on " + dateOf(last) + " and do not say how it ended")
                    .get();
        }
    }

    void clearLine() {
        if (m_width) std::fputs("\r\033[K", stderr);
    }

  private:
    void open(Adopted& adopted, const FoundRun& found) {
        try {
            adopted.run = std::make_unique<AdoptedRun>(found, m_settings);
            adopted.isNew = adopted.run->isNew();
        } catch (const Error& error) {
            adopted.error = error.what();
            m_context.note(printable(error.what()));
        }
    }

    void intoStore(Adopted& adopted) {
        adopted.row = m_store.addRun(adopted.run->run(), "adopted").get();
        m_store.ingest(*adopted.row).get();
    }

    static std::string dateOf(double time) {
        const auto seconds = std::time_t(time);
        std::tm local{};
        ::localtime_r(&seconds, &local);
        char text[32];
        std::strftime(text, sizeof text, "%Y-%m-%d at %H:%M", &local);
        return text;
    }

    /// One line that is written over, ten times a second.
    void draw(const Adopted& adopted) {
        if (!m_width || Clock::now() - m_drawn < std::chrono::milliseconds(100)) return;
        m_drawn = Clock::now();
        const AdoptProgress& done = adopted.progress;
        const int percent = done.total > 0 ? int(100 * double(done.bytes) / double(done.total)) : 0;
        const std::string line = std::to_string(percent) + " %  " + std::to_string(done.points) +
                                 " points  " + std::to_string(done.traces) + " traces  " +
                                 printable(adopted.found.name);
        std::fprintf(stderr, "\r\033[K%s", shortened(line, *m_width > 1 ? *m_width - 1 : 1).c_str());
        std::fflush(stderr);
    }

    Context& m_context;
    AdoptSettings m_settings;
    StoreWriter m_store;
    std::vector<Adopted> m_runs;
    std::map<std::pair<std::string, std::string>, std::size_t> m_index;  // by root and key
    std::optional<std::size_t> m_width = m_context.quiet() ? std::nullopt : terminalWidth(2);
    Clock::time_point m_drawn;
};

Json toJson(const FoundRun& found) {
    Json sources = Json::array();
    for (const FoundSource& each : found.sources) {
        Json source = {{"kind", nameOf(each)}, {"path", sourceText(each.path)}};
        if (!each.select.empty()) source["select"] = each.select;
        sources.push_back(std::move(source));
    }
    return {{"id", found.id()},
            {"name", found.name},
            {"root", sourceText(found.root)},
            {"key", found.key},
            {"sources", sources}};
}

void printJson(const Json& json) {
    std::puts(json.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
}

int printFound(const Context& context, const FoundFolder& found) {
    if (context.json()) {
        Json runs = Json::array();
        for (const FoundRun& each : found.runs) runs.push_back(toJson(each));
        printJson({{"runs", runs}, {"notes", found.notes}});
        return exitOk;
    }
    for (const FoundRun& each : found.runs)
        std::printf(
            "%s: %s\n  %s\n", printable(each.name).c_str(), each.summary().c_str(),
            printable(sourceText(each.root) + (each.key.empty() ? "" : " (" + each.key + ")")).c_str());
    for (const std::string& note : found.notes) std::printf("not taken: %s\n", printable(note).c_str());
    return exitOk;
}

bool hasProblems(const Adopted& adopted) {
    return !adopted.error.empty() || adopted.progress.problems > 0;
}

void print(const Context& context, const std::vector<Adopted>& runs, const std::vector<std::string>& notes) {
    if (context.json()) {
        Json list = Json::array();
        for (const Adopted& each : runs) {
            Json json = toJson(each.found);
            json["directory"] = each.run ? Json(each.run->run().path().string()) : Json();
            json["new"] = each.isNew;
            json["ended"] = each.run && each.run->hasEnded();
            json["points"] = each.progress.points;
            json["traces"] = each.progress.traces;
            json["checkpoints"] = each.progress.checkpoints;
            json["problems"] = each.problems;
            if (!each.error.empty()) json["error"] = each.error;
            if (each.run) json["not_taken"] = each.run->notTaken();
            list.push_back(std::move(json));
        }
        return printJson({{"runs", list}, {"notes", notes}});
    }
    for (const Adopted& each : runs) {
        std::printf("%s%s: %lld points", printable(each.found.name).c_str(),
                    each.isNew ? "" : " (adopted before)", static_cast<long long>(each.progress.points));
        if (each.progress.traces > 0)
            std::printf(", %lld traces", static_cast<long long>(each.progress.traces));
        if (each.progress.checkpoints > 0)
            std::printf(", %lld checkpoints", static_cast<long long>(each.progress.checkpoints));
        std::printf("  from %s\n", each.found.summary().c_str());
        if (!each.error.empty()) std::printf("  not adopted: %s\n", printable(each.error).c_str());
        if (each.run)
            for (const std::string& text : each.run->notTaken())
                std::printf("  not taken: %s\n", printable(text).c_str());
        for (const std::string& problem : each.problems) std::printf("  %s\n", printable(problem).c_str());
        if (each.progress.problems > std::int64_t(each.problems.size()))
            std::printf("  and %lld more problems\n",
                        static_cast<long long>(each.progress.problems - std::int64_t(each.problems.size())));
    }
    for (const std::string& note : notes) std::printf("not taken: %s\n", printable(note).c_str());
}

/// Until Ctrl+C.
void follow(Adoption& adoption, const fs::path& folder, const ColumnMapping& mapping,
            const std::function<void()>& bring) {
    auto looked = Clock::now();
    while (!InterruptGuard::isAsked()) {
        std::this_thread::sleep_for(followInterval);
        if (bring) bring();
        if (Clock::now() - looked >= lookInterval) {
            try {
                adoption.look(recognise(folder, mapping));
            } catch (const Error&) {  // a folder that is away for a moment, a header that is half written
            }
            looked = Clock::now();
        }
        if (!adoption.readAll()) return;
    }
}

}  // namespace

int adoptFolder(Context& context, const fs::path& folder, const std::function<void()>& bring) {
    const ColumnMapping mapping = columnMappingOf(context.arguments().text("--map"));
    FoundFolder found = recognise(folder, mapping);
    if (context.arguments().has("--dry-run")) return printFound(context, found);
    const bool isFollowed = context.arguments().has("--follow");
    if (found.runs.empty() && !isFollowed) {
        std::string notes;
        for (const std::string& note : found.notes) notes += "\n" + note;
        throw Error("holds no log that is known" + notes, sourceText(folder),
                    "TensorBoard, W&B (offline), SwanLab, trackio, MLflow, verl, DVCLive and transformers' "
                    "outputs are; a table "
                    "or JSON lines with --map step=COLUMN");
    }
    for (const FoundRun& each : found.runs) context.note(printable(each.name) + ": " + each.summary());
    const InterruptGuard guard;
    raiseFileLimit();  // of each run its log and a lock are open
    const std::vector<std::string> notes = found.notes;
    Adoption adoption(context);
    adoption.look(std::move(found));
    bool whole = adoption.readAll();
    if (whole && isFollowed) {
        adoption.clearLine();
        context.note("following; Ctrl+C ends it, and it goes on from there another time");
        follow(adoption, folder, mapping, bring);
    } else if (whole) {
        adoption.noteSilent();
    }
    adoption.clearLine();
    print(context, adoption.runs(), notes);
    if (!whole) return exitInterrupted;
    for (const Adopted& each : adoption.runs())
        if (hasProblems(each)) return exitProblemsFound;
    return exitOk;
}

Command adoptCommand(int (*run)(Context&)) {
    using Kind = Option::Kind;
    return {"adopt",
            "Takes in runs of other trackers, or goes on with them: TensorBoard, W&B, trackio, MLflow, "
            "SwanLab, verl, DVCLive, transformers' output folders, tables. MACHINE:PATH is a folder there.",
            {{{"FOLDER"}},
             {{Kind::Flag, "--follow", "", "Goes on as they are trained, until Ctrl+C.", {}, false},
              {Kind::Flag, "--dry-run", "", "Only tells what is there.", {}, false},
              {Kind::Text,
               "--name",
               "NAME",
               "Name of the run, where there is one; default: as its files call it.",
               {},
               false},
              {Kind::Text,
               "--map",
               "NAME=COLUMN,...",
               "Of tables and JSON lines: the columns that hold step, time, run, series and value.",
               {},
               false}}},
            run};
}

}  // namespace retort::cli
