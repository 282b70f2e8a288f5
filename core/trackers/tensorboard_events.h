// TensorBoard's event files: TFRecords of tensorflow.Event (tensorflow/core/util/event.proto,
// framework/summary.proto, framework/tensor.proto; the framing: core/lib/io/record_writer.cc).
//
// Scalars are simple_value, or tensors of one element. A record whose data do not fit their checksum is
// passed over; where a length does not, the file is searched for the next record. A file that ends within a
// record is still written. Values are 32-bit in most files; they are told as they are.
#pragma once

#include <unordered_map>

#include "core/trackers/growing_file.h"
#include "core/trackers/protobuf_wire.h"

namespace retort {

class TensorBoardReader final : public TrackerReader {
  public:
    TensorBoardReader(const std::filesystem::path& file, const TrackerOptions& options);

    bool read(TrackerSink& sink, std::size_t maxBytes) override;
    TrackerCursor cursor() const override { return {m_file.at(), 0}; }
    FileHead head() const override { return m_file.head(); }
    std::string notTaken() const override;

  private:
    enum class Step { Told, NotYet, Lost };
    Step record(TrackerSink& sink);
    Step findNext(TrackerSink& sink, std::size_t maxBytes);
    void event(std::string_view data, std::uint64_t behind, TrackerSink& sink);
    void summary(std::string_view data);
    void value(std::string_view data);
    void text(std::string_view tag, std::string_view tensor);

    GrowingFile m_file;
    std::vector<TrackedValue> m_values;  // of the event that is read; names point into it
    std::int64_t m_histograms = 0, m_media = 0, m_texts = 0;
    std::uint64_t m_searched = 0;  // up to where no record was found behind a damaged one
};

}  // namespace retort
