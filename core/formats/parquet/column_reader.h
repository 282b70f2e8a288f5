// The pages of one column chunk as values. Private to the reader.
#pragma once

#include "core/formats/parquet/parquet_file.h"
#include "core/formats/parquet/parquet_metadata.h"

namespace retort::parquet {

/// Of a flat column: `bytes` is the whole chunk. Throws Error without the column's name.
ParquetValues readColumn(std::string_view bytes, const Chunk& chunk, bool optional, std::int64_t rows);

}  // namespace retort::parquet
