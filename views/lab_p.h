// What lab.cpp and lab_runs.cpp share.
#pragma once

#include <QHash>
#include <QString>
#include <mutex>

#include "views/lab.h"

namespace retort {

struct Lab::Impl {
    std::mutex mutex;     ///< guards the two below, which the writer's thread fills
    StoreChange pending;
    bool told = false;

    QHash<QString, RowId> launched;  ///< run directory → run, for Backend::ended()
};

}  // namespace retort
