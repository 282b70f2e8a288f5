#include "core/trackers/tracker_reader.h"

#include <array>

#include "core/trackers/json_lines_log.h"
#include "core/trackers/mlflow_files.h"
#include "core/trackers/swanlab_log.h"
#include "core/trackers/table_log.h"
#include "core/trackers/tensorboard_events.h"
#include "core/trackers/tracker_database.h"
#include "core/trackers/trainer_state.h"
#include "core/trackers/wandb_log.h"

namespace retort {
namespace {

constexpr std::array<std::pair<TrackerKind, std::string_view>, 12> names = {{
    {TrackerKind::Wandb, "wandb"},
    {TrackerKind::SwanLab, "swanlab"},
    {TrackerKind::TensorBoard, "tensorboard"},
    {TrackerKind::Trackio, "trackio"},
    {TrackerKind::MlflowDatabase, "mlflow-database"},
    {TrackerKind::MlflowRun, "mlflow-run"},
    {TrackerKind::MlflowMetric, "mlflow-metric"},
    {TrackerKind::VerlMetrics, "verl"},
    {TrackerKind::Dvclive, "dvclive"},
    {TrackerKind::JsonLines, "jsonl"},
    {TrackerKind::Table, "table"},
    {TrackerKind::TrainerState, "trainer-state"},
}};

}  // namespace

std::string_view name(TrackerKind kind) {
    for (const auto& [each, text] : names)
        if (each == kind) return text;
    return {};
}

std::optional<TrackerKind> trackerKindNamed(std::string_view name) {
    for (const auto& [each, text] : names)
        if (text == name) return each;
    return std::nullopt;
}

std::unique_ptr<TrackerReader> openTracker(TrackerKind kind, const std::filesystem::path& path,
                                           TrackerOptions options) {
    switch (kind) {
        case TrackerKind::Wandb:
            return std::make_unique<WandbReader>(path, options);
        case TrackerKind::SwanLab:
            return std::make_unique<SwanLabReader>(path, options);
        case TrackerKind::TensorBoard:
            return std::make_unique<TensorBoardReader>(path, options);
        case TrackerKind::Trackio:
            return std::make_unique<TrackioReader>(path, options);
        case TrackerKind::MlflowDatabase:
            return std::make_unique<MlflowDatabaseReader>(path, options);
        case TrackerKind::MlflowRun:
            return std::make_unique<MlflowRunReader>(path, options);
        case TrackerKind::MlflowMetric:
            return std::make_unique<MlflowMetricReader>(path, options);
        case TrackerKind::VerlMetrics:
            return std::make_unique<JsonLinesReader>(path, options, true);
        case TrackerKind::JsonLines:
            return std::make_unique<JsonLinesReader>(path, options, false);
        case TrackerKind::Dvclive: {
            std::string metric = std::move(options.select);
            options.select.clear();
            return std::make_unique<TableReader>(path, options, std::move(metric));
        }
        case TrackerKind::Table:
            return std::make_unique<TableReader>(path, options, "");
        case TrackerKind::TrainerState:
            return std::make_unique<TrainerStateReader>(path, options);
    }
    return nullptr;
}

}  // namespace retort
