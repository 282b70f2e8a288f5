// The run table's sparkline: the curve that says best how a run goes.
#pragma once

#include <QList>
#include <QPointF>

#include "core/store/store.h"

namespace retort {

/// Reward where there is one, else loss, else what is called nearly so, scaled into the unit square; empty
/// when there are not two points.
QList<QPointF> readTrend(StoreReader& reader, RowId run);

}  // namespace retort
