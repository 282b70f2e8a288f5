#include "views/models/run_state.h"

#include <QCoreApplication>

#include "views/lab_adopted.h"
#include "views/widgets/theme.h"

namespace retort {

bool endedUnsaid(const RunRow& run) {
    return run.state == "lost" && isAdopted(run);
}

QString runStateText(const RunRow& run) {
    return endedUnsaid(run) ? QCoreApplication::translate("retort::State", "ended") : stateText(run.state);
}

double runDate(const RunRow& run) {
    return isAdopted(run) && run.started ? *run.started : run.created;
}

QColor runStateColor(const RunRow& run) {
    return endedUnsaid(run) ? tones().muted : stateColor(run.state);
}

}  // namespace retort
