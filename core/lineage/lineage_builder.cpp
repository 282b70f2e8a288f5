#include "core/lineage/lineage_builder.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr const char* hubPrefix = "hub:";
constexpr const char* runPrefix = "run:";

// Runs that make no checkpoint: "evaluate", and results that were taken in from elsewhere.
bool onlyMeasures(const LineageRun& run) {
    return run.checkpoints.empty() && (run.recipe == "evaluate" || run.recipe == "evaluation");
}

std::string shortPath(const std::string& path) {
    const fs::path whole(path);
    const std::string name = whole.filename().string();
    // "checkpoints/step-00000100" and "adapter" say nothing alone.
    if (name.rfind("step-", 0) == 0)
        return whole.parent_path().parent_path().filename().string() + "/" + name;
    if (name == "adapter") return whole.parent_path().filename().string() + "/" + name;
    return name.empty() ? path : name;
}

class Builder {
  public:
    explicit Builder(const LineageInput& input) : m_input(input) {}

    LineageGraph build() {
        index();
        for (std::size_t run = 0; run < m_input.runs.size(); ++run)
            for (const LineageLink& link : m_input.runs[run].links) resolve(link, &m_input.runs[run]);
        for (const LineageFolder& folder : m_input.folders)
            for (const LineageLink& link : folder.links) resolve(link, nullptr);
        for (const LineageRun& run : m_input.runs) addRun(run);
        // What is missing becomes a node where something comes from it.
        for (const LineageFolder& folder : m_input.folders)
            if (!m_checkpointOf.contains(folder.path) && folder.state != FolderLineage::State::Missing)
                addFolder(folder);
        for (const LineageRun& run : m_input.runs) linkRun(run);
        for (const LineageFolder& folder : m_input.folders) linkFolder(folder);
        LineageGraph graph(std::move(m_nodes), m_edges);
        for (const LineageFolder& folder : m_input.folders)
            if (!folder.problem.empty()) graph.addProblem(folder.problem);
        return graph;
    }

  private:
    struct Place {
        std::size_t run = 0;
        std::int64_t step = 0;
    };

    void index() {
        for (std::size_t i = 0; i < m_input.runs.size(); ++i) {
            const LineageRun& run = m_input.runs[i];
            m_byUuid[run.uuid] = i;
            m_byName[run.name] = i;  // the newest of that name
            m_byDirectory[fs::path(run.directory).filename().string()] = i;
            for (const auto& checkpoint : run.checkpoints)
                m_checkpointOf[checkpoint.path] = {i, checkpoint.step};
        }
        for (const LineageFolder& folder : m_input.folders) m_folders.insert(folder.path);
        for (const auto& [path, hash] : m_input.hashes)
            if (m_checkpointOf.contains(path) || m_folders.contains(path)) {
                std::string& known = m_byHash[hash];
                if (known.empty() || path < known) known = path;
            }
    }

    const LineageRun::Checkpoint* checkpointAt(std::size_t run, std::int64_t step) const {
        for (const auto& each : m_input.runs[run].checkpoints)
            if (each.step == step) return &each;
        return nullptr;
    }

    /// The key of the node that a link's parent is; marks a run's checkpoint as used.
    std::string resolve(const LineageLink& link, const LineageRun* child) {
        std::string path = link.parent;
        if (path.rfind(hubPrefix, 0) == 0) return path;
        if (path.rfind(runPrefix, 0) == 0) return useOfRun(path.substr(4)).value_or(path);
        // The adapter that lies in a run's checkpoint is that checkpoint's.
        if (const fs::path whole(path); whole.filename() == "adapter" && !m_folders.contains(path))
            path = whole.parent_path().string();
        if (m_checkpointOf.contains(path)) return use(path);
        if (const auto moved = inKnownRun(path, link, child)) return use(*moved);
        if (!link.hash.empty() && !m_folders.contains(path))
            if (const auto same = m_byHash.find(link.hash); same != m_byHash.end()) return use(same->second);
        return path;
    }
    std::string use(const std::string& path) {
        m_used.insert(path);
        return path;
    }
    // "name[@step]"
    std::optional<std::string> useOfRun(std::string name) {
        std::optional<std::int64_t> step;
        const auto known = [&] { return m_byUuid.contains(name) || m_byName.contains(name); };
        if (const std::size_t at = name.rfind('@'); !known() && at != std::string::npos) {
            std::int64_t number = 0;
            if (std::from_chars(name.data() + at + 1, name.data() + name.size(), number).ec == std::errc())
                step = number;
            name.resize(at);
        }
        if (!known()) return std::nullopt;
        const std::size_t run = m_byUuid.contains(name) ? m_byUuid.at(name) : m_byName.at(name);
        const auto& checkpoints = m_input.runs[run].checkpoints;
        if (checkpoints.empty()) return runPrefix + m_input.runs[run].uuid;
        const auto* found = step ? checkpointAt(run, *step) : &checkpoints.back();
        return found ? std::optional(use(found->path)) : std::nullopt;
    }
    // The run's directory was moved, or the whole lab was: its name has the run's id in it.
    std::optional<std::string> inKnownRun(const std::string& path, const LineageLink& link,
                                          const LineageRun* child) {
        const fs::path whole(path);
        const std::string name = whole.filename().string();
        if (name.rfind("step-", 0) != 0) return std::nullopt;
        std::int64_t step = 0;
        if (std::from_chars(name.data() + 5, name.data() + name.size(), step).ec != std::errc())
            return std::nullopt;
        std::optional<std::size_t> run;
        if (const auto found = m_byDirectory.find(whole.parent_path().parent_path().filename().string());
            found != m_byDirectory.end())
            run = found->second;
        else if (child != nullptr && link.kind == LineageKind::Trained && m_byUuid.contains(child->parentRun))
            run = m_byUuid.at(child->parentRun);
        const auto* checkpoint = run ? checkpointAt(*run, step) : nullptr;
        return checkpoint ? std::optional(checkpoint->path) : std::nullopt;
    }

    // --- nodes ---

    std::size_t addNode(LineageNode node) {
        const auto [found, isNew] = m_index.emplace(node.key, m_nodes.size());
        if (isNew) {
            if (const auto hash = m_input.hashes.find(node.path); hash != m_input.hashes.end())
                node.hash = hash->second;
            m_nodes.push_back(std::move(node));
        }
        return found->second;
    }

    LineageNode nodeOf(const LineageRun& run) const {
        LineageNode node;
        node.kind = LineageNode::Kind::Run;
        node.key = runPrefix + run.uuid;
        node.name = run.name;
        node.run = run.id;
        node.runId = run.uuid;
        node.recipe = run.recipe;
        node.state = run.state;
        node.study = run.study;
        node.created = run.created;
        for (const LineageLink& link : run.links)
            if (link.kind == LineageKind::Merged) node.method = link.detail;
        return node;
    }

    void addRun(const LineageRun& run) {
        if (onlyMeasures(run)) return;
        if (run.checkpoints.empty()) {
            addNode(nodeOf(run));
            return;
        }
        std::vector<std::int64_t> others;
        std::optional<std::size_t> before;
        for (std::size_t i = 0; i < run.checkpoints.size(); ++i) {
            const auto& checkpoint = run.checkpoints[i];
            const bool last = i + 1 == run.checkpoints.size();
            if (!last && !m_used.contains(checkpoint.path)) {
                others.push_back(checkpoint.step);
                continue;
            }
            LineageNode node = nodeOf(run);
            node.key = node.path = checkpoint.path;
            node.step = checkpoint.step;
            node.created = checkpoint.t > 0 ? checkpoint.t : run.created;
            node.isLast = last;
            if (last) node.otherSteps = others;
            addAccuracies(node, run, last);
            const std::size_t index = addNode(std::move(node));
            if (before)
                m_edges.push_back({*before, index, LineageKind::Resumed, {}, false, "the same run goes on"});
            before = index;
        }
    }

    // Of its own step; of the last checkpoint also what was measured after it (at the end of the run).
    static void addAccuracies(LineageNode& node, const LineageRun& run, bool last) {
        std::map<std::string, std::pair<std::int64_t, double>> newest;
        for (const auto& each : run.evaluations) {
            if (each.step != node.step && !(last && each.step > node.step)) continue;
            auto [found, isNew] = newest.try_emplace(each.set, each.step, each.accuracy);
            if (!isNew && each.step >= found->second.first) found->second = {each.step, each.accuracy};
        }
        for (const auto& [set, value] : newest) node.accuracies.emplace_back(set, value.second);
    }

    void addFolder(const LineageFolder& folder) {
        LineageNode node;
        node.kind = folder.state == FolderLineage::State::Adapter ? LineageNode::Kind::Adapter
                                                                  : LineageNode::Kind::Folder;
        node.key = node.path = folder.path;
        node.name = shortPath(folder.path);
        node.method = folder.method;
        node.created = folder.created;
        node.source = folder.source;
        node.problem = folder.problem;
        addNode(std::move(node));
    }

    std::size_t nodeOfKey(const std::string& key) {
        if (const auto found = m_index.find(key); found != m_index.end()) return found->second;
        LineageNode node;
        node.key = key;
        const bool hub = key.rfind(hubPrefix, 0) == 0;
        node.kind = hub ? LineageNode::Kind::Hub : LineageNode::Kind::Missing;
        node.name = hub ? key.substr(4) : shortPath(key);
        if (!hub && key.rfind(runPrefix, 0) != 0) {
            node.path = key;
            std::error_code code;  // there, but nobody has taken it in
            if (std::filesystem::exists(node.path, code)) node.kind = LineageNode::Kind::Folder;
        }
        return addNode(std::move(node));
    }

    // --- edges ---

    void addEdge(const LineageLink& link, std::size_t child, const LineageRun* run) {
        const std::size_t parent = nodeOfKey(resolve(link, run));
        m_edges.push_back({parent, child, link.kind, link.weight, link.isBase, link.detail});
    }

    void linkRun(const LineageRun& run) {
        if (onlyMeasures(run)) {
            for (const LineageLink& link : run.links)
                if (link.kind == LineageKind::Trained) measured(m_nodes[nodeOfKey(resolve(link, &run))], run);
            return;
        }
        // The first checkpoint of the run that is a node; the later ones come from it.
        std::size_t child = 0;
        if (const auto whole = m_index.find(runPrefix + run.uuid); whole != m_index.end()) {
            child = whole->second;
        } else {
            for (const auto& checkpoint : run.checkpoints)
                if (const auto found = m_index.find(checkpoint.path); found != m_index.end()) {
                    child = found->second;
                    break;
                }
        }
        for (const LineageLink& link : run.links) addEdge(link, child, &run);
    }

    static void measured(LineageNode& node, const LineageRun& run) {
        for (const auto& each : run.evaluations) {
            const auto same = [&](const auto& known) { return known.first == each.set; };
            const auto known = std::find_if(node.accuracies.begin(), node.accuracies.end(), same);
            if (known == node.accuracies.end())
                node.accuracies.emplace_back(each.set, each.accuracy);
            else
                known->second = each.accuracy;  // the later measurement
        }
    }

    void linkFolder(const LineageFolder& folder) {
        const auto child = m_index.find(folder.path);
        if (child == m_index.end() || m_checkpointOf.contains(folder.path)) return;
        const std::size_t node = child->second;
        for (const LineageLink& link : folder.links) addEdge(link, node, nullptr);
    }

    const LineageInput& m_input;
    std::unordered_map<std::string, std::size_t> m_byUuid, m_byName, m_byDirectory;
    std::unordered_map<std::string, Place> m_checkpointOf;
    std::unordered_map<std::string, std::string> m_byHash;
    std::set<std::string> m_folders, m_used;
    std::unordered_map<std::string, std::size_t> m_index;
    std::vector<LineageNode> m_nodes;
    std::vector<LineageEdge> m_edges;
};

}  // namespace

LineageGraph buildLineage(const LineageInput& input) {
    return Builder(input).build();
}

}  // namespace retort
