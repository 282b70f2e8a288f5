#include "app/cli/judged_output.h"

#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort::cli {
namespace {

constexpr std::size_t lanesAtOnce = 64;  // of one transaction

}  // namespace

void LaneWriter::add(RowId trace, std::vector<StepLane> lanes) {
    if (lanes.empty()) return;
    m_lanes.emplace_back(trace, std::move(lanes));
    if (m_lanes.size() >= lanesAtOnce) flush();
}

void LaneWriter::flush() {
    if (!m_lanes.empty()) m_writer.setLanes(m_lanes).get();
    m_lanes.clear();
}

void TreeRun::begin() {
    RunIdentity identity;
    identity.name = m_name;
    identity.recipe = treeRecipe;
    identity.program = "retort traces label";
    fs::create_directories(m_runs);
    m_run = RunDirectory::create(m_runs, m_name, "# Search trees of traces label\n", identity);
    m_log = std::make_unique<RunLogWriter>(m_run->eventsFile());
    StartEvent start;
    start.program = identity.program;
    m_log->write(start);
}

void TreeRun::add(SearchTree tree) {
    if (!m_log) begin();
    m_log->write(TreeEvent{std::move(tree)});
}

std::string TreeRun::finish(StoreWriter& store) {
    if (!m_log) return {};
    m_log->write(EndEvent{"finished", ""});
    m_log->sync();
    if (const std::string failure = m_log->failure(); !failure.empty())
        throw Error(failure, m_run->eventsFile().string());
    store.ingest(store.addRun(*m_run, treeRecipe).get()).get();
    return m_name;
}

}  // namespace retort::cli
