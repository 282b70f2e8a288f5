#include "views/traces/branching/checkpoint_box.h"

#include <QCompleter>
#include <QLineEdit>
#include <algorithm>
#include <cstdlib>
#include <utility>

#include "core/store/store.h"
#include "views/models/format.h"

namespace retort {

QString CheckpointChoice::name() const {
    return CheckpointBox::tr("%1 · step %2").arg(runName).arg(step);
}

std::vector<CheckpointChoice> readCheckpoints(StoreReader& reader) {
    std::vector<RunRow> runs = reader.runs();
    std::stable_sort(runs.begin(), runs.end(),
                     [](const RunRow& a, const RunRow& b) { return a.created > b.created; });
    std::vector<CheckpointChoice> all;
    for (const RunRow& run : runs) {
        std::vector<CheckpointRow> rows = reader.checkpoints(run.id);
        std::stable_sort(rows.begin(), rows.end(),
                         [](const CheckpointRow& a, const CheckpointRow& b) { return a.step > b.step; });
        for (const CheckpointRow& row : rows)
            if (row.exists) all.push_back({run.id, toQString(run.name), run.recipe, row.path, row.step});
    }
    return all;
}

int checkpointNear(const std::vector<CheckpointChoice>& checkpoints, RowId run, std::int64_t step) {
    int best = checkpoints.empty() ? -1 : 0;
    const auto distance = [&](int at) {
        const CheckpointChoice& each = checkpoints[static_cast<std::size_t>(at)];
        return std::pair(each.run != run, each.run == run ? std::abs(each.step - step) : 0);
    };
    for (int i = 1; i < static_cast<int>(checkpoints.size()); ++i)
        if (distance(i) < distance(best)) best = i;
    return best;
}

CheckpointBox::CheckpointBox(QWidget* parent) : QComboBox(parent) {
    setEditable(true);
    setInsertPolicy(QComboBox::NoInsert);
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    setMinimumContentsLength(24);
    completer()->setFilterMode(Qt::MatchContains);
    completer()->setCompletionMode(QCompleter::PopupCompletion);
    lineEdit()->setPlaceholderText(tr("Checkpoint"));
}

void CheckpointBox::setCheckpoints(std::vector<CheckpointChoice> checkpoints, int current) {
    m_checkpoints = std::move(checkpoints);
    clear();
    for (const CheckpointChoice& each : m_checkpoints) {
        addItem(each.name());
        setItemData(count() - 1, toQString(each.path), Qt::ToolTipRole);
    }
    setCurrentIndex(current);
}

const CheckpointChoice* CheckpointBox::checkpoint() const {
    const int at = findText(currentText(), Qt::MatchFixedString);
    if (at < 0) return nullptr;
    // Names may be the same; the one that was chosen counts.
    const int chosen = currentIndex() >= 0 && itemText(currentIndex()) == currentText() ? currentIndex() : at;
    return &m_checkpoints[static_cast<std::size_t>(chosen)];
}

}  // namespace retort
