#include <xxhash.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <unordered_set>

#include "core/adoption/file_kinds.h"
#include "core/adoption/folder_walk.h"
#include "core/util/error.h"
#include "core/util/files.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

using Type = FoundSource::Type;

constexpr std::array<std::pair<Type, std::string_view>, 4> others = {
    {{Type::Checkpoint, "checkpoint"},
     {Type::TrlCompletions, "trl-completions"},
     {Type::VerlRollouts, "verl-rollouts"},
     {Type::RunLog, "run-log"}}};

bool isBelow(const fs::path& path, const fs::path& folder) {
    const std::string &text = path.native(), &above = folder.native();
    return text.starts_with(above) && (text.size() == above.size() || text[above.size()] == '/');
}

/// What `find` gives for the path or the innermost folder above it for which it gives something.
template <class Find>
auto innermost(fs::path path, Find find) -> decltype(find(path)) {
    while (true) {
        if (auto found = find(path)) return found;
        if (!path.has_relative_path()) return {};
        path = path.parent_path();
    }
}

/// events.out.tfevents.<time>.…: files of one run follow one another in time, whatever their folders' names.
std::uint64_t eventFileTime(const fs::path& file) {
    const std::string name = file.filename().string();
    const std::size_t at = name.find("tfevents.");
    return at == std::string::npos ? 0 : std::strtoull(name.c_str() + at + 9, nullptr, 10);
}

/// The output folder of transformers' Trainer, told by what it writes before its first checkpoint: TRL's
/// completions, or event files with its arguments. Empty: by neither.
fs::path trainerFolderOf(const fs::path& file) {
    const fs::path folder = file.parent_path();
    const std::string name = file.filename().string();
    if (name.starts_with("completions_") && file.extension() == ".parquet")
        return folder.filename() == "completions" ? folder.parent_path() : fs::path();
    if (name.find("tfevents") == std::string::npos) return {};
    const std::string output = trainerOutput(file);
    if (output.empty()) return {};
    const fs::path wanted = fs::path(output).filename();
    for (fs::path each = folder; each.has_relative_path(); each = each.parent_path())
        if (each.filename() == wanted) return each;
    // It was renamed or copied since.
    return folder.parent_path().filename() == "runs" ? folder.parent_path().parent_path() : fs::path();
}

bool readBefore(const FoundSource& a, const FoundSource& b) {
    if (a.type != b.type) return a.type < b.type;
    if (a.type == Type::Curves && a.kind != b.kind) return a.kind < b.kind;
    if (a.type == Type::Curves && a.kind == TrackerKind::TensorBoard)
        if (const auto x = eventFileTime(a.path), y = eventFileTime(b.path); x != y) return x < y;
    if (a.type == Type::Checkpoint)
        if (const auto x = checkpointStep(a.path), y = checkpointStep(b.path); x != y) return x < y;
    return std::pair(a.path, a.select) < std::pair(b.path, b.select);
}

class Grouping {
  public:
    Grouping(const fs::path& folder, const FolderWalk& walk, const ColumnMapping& mapping,
             const LookOn& lookOn)
        : m_folder(folder) {
        findRoots(walk);
        std::size_t looked = 0;
        for (const fs::path& file : walk.files) {
            if (lookOn && !lookOn(++looked)) throw Error("cancelled", folder.string());
            if (isTaken(file)) continue;
            const std::size_t notes = m_found.notes.size();
            std::vector<FileKind> kinds = fileKinds(file, mapping, m_found.notes);
            if (kinds.empty() && notes == m_found.notes.size() && hasColumns(file))
                m_found.unmapped.push_back(file);
            for (FileKind& kind : kinds) add(std::move(kind));
        }
        addTraces();
        if (!walk.isWhole)
            m_found.notes.push_back(folder.string() +
                                    ": has too many files; only the first 200000 were looked at");
    }

    FoundFolder take() {
        for (FoundRun& run : m_found.runs)
            std::stable_sort(run.sources.begin(), run.sources.end(), readBefore);
        std::stable_sort(m_found.runs.begin(), m_found.runs.end(), [](const FoundRun& a, const FoundRun& b) {
            return std::pair(a.root, a.key) < std::pair(b.root, b.key);
        });
        return std::move(m_found);
    }

  private:
    FoundRun& run(const fs::path& root, const std::string& key, const std::string& name) {
        const auto [known, isNew] = m_index.try_emplace({root.native(), key}, m_found.runs.size());
        if (isNew) m_found.runs.push_back({root, key, name, {}});
        return m_found.runs[known->second];
    }

    /// Folders that are one run, with all that lies below them: transformers' output folders, runs of
    /// MLflow's file store, DVCLive's folders.
    void findRoots(const FolderWalk& walk) {
        for (const fs::path& file : walk.files) {
            const fs::path folder = file.parent_path();
            if (file.filename() == "trainer_state.json") {
                const bool alone = folder == m_folder;  // somebody names one checkpoint's folder
                addTrainer(checkpointStep(folder) && !alone ? folder.parent_path() : folder);
            } else if (const fs::path root = trainerFolderOf(file); !root.empty()) {
                addTrainer(root);
            } else if (file.filename() == "meta.yaml") {
                addMlflow(folder, walk);
            } else if (file.extension() == ".tsv") {
                addDvclive(file);
            }
        }
    }

    void addTrainer(const fs::path& root) {
        if (!m_trainers.insert(root.native()).second) return;
        FoundRun& found = run(root, "", root.filename().string());
        found.sources.push_back({Type::Curves, TrackerKind::TrainerState, root, {}});
        std::error_code code;
        for (fs::directory_iterator entry(root, code), end; !code && entry != end; entry.increment(code)) {
            std::error_code ignored;
            // The state is what the trainer writes last into a checkpoint.
            if (checkpointStep(entry->path()) && entry->is_directory(ignored) &&
                !entry->is_symlink(ignored) && fs::exists(entry->path() / "trainer_state.json", ignored))
                found.sources.push_back({Type::Checkpoint, {}, entry->path(), {}});
        }
    }

    void addMlflow(const fs::path& folder, const FolderWalk& walk) {
        std::error_code code;
        if (!fs::is_directory(folder / "metrics", code)) return;
        m_taken.insert(folder.native());
        std::string name = folder.filename().string();
        if (const fs::path tag = folder / "tags" / "mlflow.runName"; fs::is_regular_file(tag, code)) {
            try {
                name = readFile(tag, 4096);
            } catch (const Error&) {  // the folder's name serves
            }
        }
        FoundRun& found = run(folder, "", name);
        found.sources.push_back({Type::Curves, TrackerKind::MlflowRun, folder, {}});
        // They are sorted: what is below a folder stands together.
        const fs::path metrics = folder / "metrics";
        for (auto file = std::lower_bound(walk.files.begin(), walk.files.end(), metrics);
             file != walk.files.end() && isBelow(*file, metrics); ++file)
            found.sources.push_back({Type::Curves, TrackerKind::MlflowMetric, *file,
                                     file->lexically_relative(metrics).generic_string()});
    }

    void addDvclive(const fs::path& file) {
        fs::path metrics = file.parent_path();
        while (metrics.has_relative_path() &&
               !(metrics.filename() == "metrics" && metrics.parent_path().filename() == "plots"))
            metrics = metrics.parent_path();
        if (!metrics.has_relative_path()) return;
        const fs::path root = metrics.parent_path().parent_path();
        FoundRun& found = run(root, "", root.filename().string());
        m_taken.insert(file.native());
        fs::path key = file.lexically_relative(metrics);
        found.sources.push_back(
            {Type::Curves, TrackerKind::Dvclive, file, key.replace_extension().generic_string()});
    }

    bool isTaken(const fs::path& file) const {
        return innermost(file, [&](const fs::path& each) { return m_taken.contains(each.native()); });
    }

    /// The trainer's folder that a file lies in: the innermost one.
    std::optional<fs::path> trainerOf(const fs::path& file) const {
        return innermost(file, [&](const fs::path& each) {
            return m_trainers.contains(each.native()) ? std::optional(each) : std::nullopt;
        });
    }

    void add(FileKind kind) {
        const fs::path& file = kind.source.path;
        if (kind.source.type != Type::Curves) {
            m_traces.push_back(std::move(kind.source));
            return;
        }
        const bool isDatabase =
            kind.source.kind == TrackerKind::Trackio || kind.source.kind == TrackerKind::MlflowDatabase;
        if (const auto trainer = trainerOf(file); trainer && !isDatabase && kind.source.select.empty()) {
            run(*trainer, "", {}).sources.push_back(std::move(kind.source));
            return;
        }
        const std::string folder = file.parent_path().filename().string();
        switch (kind.source.kind) {
            case TrackerKind::TensorBoard:
                return add(run(file.parent_path(), "tensorboard", eventFolderName(file.parent_path())), kind);
            case TrackerKind::Wandb:  // a resumed run has a folder for each time
                return add(
                    run(file.parent_path().parent_path(), kind.run, kind.name.empty() ? kind.run : kind.name),
                    kind);
            case TrackerKind::SwanLab:
                return add(run(file, "", kind.name.empty() ? folder : kind.name), kind);
            default:
                return add(
                    run(file, kind.source.select, kind.name.empty() ? file.stem().string() : kind.name),
                    kind);
        }
    }

    static void add(FoundRun& found, FileKind& kind) { found.sources.push_back(std::move(kind.source)); }

    /// TensorBoard calls a run by its folder below the one that was named.
    std::string eventFolderName(const fs::path& folder) const {
        const std::string below = folder.lexically_relative(m_folder).generic_string();
        return below == "." || below.starts_with("..") ? folder.filename().string() : below;
    }

    /// To the run whose folder they lie in, or to the only one there is; else they are a run of their own.
    void addTraces() {
        std::map<std::string, std::size_t> byFolder;
        const std::size_t curves = m_found.runs.size();
        for (std::size_t i = 0; i < curves; ++i) {
            const fs::path& root = m_found.runs[i].root;
            std::error_code code;
            const fs::path folder = fs::is_directory(root, code) ? root : root.parent_path();
            const auto [known, isFirst] = byFolder.try_emplace(folder.native(), i);
            if (!isFirst && root > m_found.runs[known->second].root) known->second = i;
        }
        const auto runOf = [&](const fs::path& folder) -> std::optional<std::size_t> {
            const auto found = byFolder.find(folder.native());
            return found == byFolder.end() ? std::nullopt : std::optional(found->second);
        };
        for (FoundSource& trace : m_traces) {
            auto best = innermost(trace.path, runOf);
            if (!best && curves == 1) best = 0;
            const fs::path folder = trace.path.parent_path();
            FoundRun& own = best ? m_found.runs[*best] : run(folder, "traces", folder.filename().string());
            own.sources.push_back(std::move(trace));
        }
    }

    fs::path m_folder;
    FoundFolder m_found;
    std::map<std::pair<std::string, std::string>, std::size_t> m_index;  ///< by root and key
    std::unordered_set<std::string> m_trainers, m_taken;
    std::vector<FoundSource> m_traces;
};

}  // namespace

std::string_view nameOf(const FoundSource& source) {
    if (source.type == Type::Curves) return name(source.kind);
    for (const auto& [type, text] : others)
        if (type == source.type) return text;
    return {};
}

std::optional<FoundSource> sourceNamed(std::string_view text) {
    FoundSource source;
    for (const auto& [type, each] : others)
        if (each == text) {
            source.type = type;
            return source;
        }
    const auto kind = trackerKindNamed(text);
    if (!kind) return std::nullopt;
    source.kind = *kind;
    return source;
}

std::string FoundRun::id() const {
    const std::string text = "retort adopts\n" + root.string() + "\n" + key;
    const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
    // Version 8 (RFC 9562): the bits are the maker's own.
    const std::uint64_t high = (hash.high64 & ~0xf000ull) | 0x8000ull;
    const std::uint64_t low = (hash.low64 & ~(3ull << 62)) | (2ull << 62);
    char uuid[37];
    std::snprintf(uuid, sizeof uuid, "%08x-%04x-%04x-%04x-%012llx", unsigned(high >> 32),
                  unsigned(high >> 16) & 0xffffu, unsigned(high) & 0xffffu, unsigned(low >> 48),
                  static_cast<unsigned long long>(low & 0xffffffffffffull));
    return uuid;
}

std::string FoundRun::summary() const {
    std::vector<std::pair<std::string_view, int>> counts;
    for (const FoundSource& each : sources) {
        const std::string_view kind = nameOf(each);
        if (counts.empty() || counts.back().first != kind) counts.emplace_back(kind, 0);
        ++counts.back().second;
    }
    std::string text;
    for (const auto& [kind, count] : counts) {
        text.append(text.empty() ? "" : ", ").append(kind);
        if (count > 1) text.append(" (").append(std::to_string(count)).append(")");
    }
    return text;
}

FoundFolder recognise(const fs::path& folder, const ColumnMapping& mapping, const LookOn& lookOn) {
    std::error_code code;
    const fs::path root = fs::canonical(folder, code);
    if (code) throw Error("there is no such folder", folder.string());
    if (fs::is_directory(root, code)) {
        if (fs::exists(root / "run.json", code) && fs::exists(root / "events.jsonl", code))
            throw Error("is a run directory of Retort itself", folder.string(),
                        "retort-cli store reindex takes in run directories");
        return Grouping(root, walkFolder(root, lookOn), mapping, lookOn).take();
    }
    FolderWalk one;
    one.files = {root};
    return Grouping(root.parent_path(), one, mapping, lookOn).take();
}

}  // namespace retort
