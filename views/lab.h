// What the views share: the store (writer, readers on a pool), the backends, and the runs in flight. The only place
// where the window meets core and backends; every page gets a Lab& and nothing else.
#pragma once

#include <QObject>
#include <QPointer>
#include <QString>
#include <QThreadPool>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/store/store.h"
#include "training/backends/backend.h"

namespace retort {

class Lab : public QObject {
    Q_OBJECT
  public:
    /// Opens (or makes) the store; throws Error. Picks up runs that are still going.
    explicit Lab(const std::filesystem::path& storeFile, QObject* parent = nullptr);
    ~Lab() override;

    /// Runs `query` on a pool thread with that thread's reader and hands the result to `done` in the GUI thread,
    /// unless `context` is gone by then. An Error goes to failed().
    template <class Query, class Done>
    void read(QObject* context, Query query, Done done) {
        readErased(context, [query = std::move(query), done = std::move(done)](StoreReader& reader) mutable {
            auto result = std::make_shared<decltype(query(reader))>(query(reader));
            return std::function<void()>([result, done = std::move(done)]() mutable { done(std::move(*result)); });
        });
    }

    StoreWriter& writer() { return *m_writer; }
    std::filesystem::path storeFile() const;
    std::filesystem::path runsFolder() const;

    const std::vector<std::unique_ptr<Backend>>& backends() const { return m_backends; }
    Backend* backend(const QString& id) const;

    /// Makes the run directory, registers the run and launches it. Returns the run's id. Throws Error.
    RowId launch(const std::string& configYaml, const QString& backendId);
    void resume(const RunRow& run, const QString& backendId);
    void requestStop(const RunRow& run);
    void requestPause(const RunRow& run, bool paused);
    void requestCheckpoint(const RunRow& run);
    void kill(const RunRow& run);

  Q_SIGNALS:
    void runsChanged();  ///< rows were added, removed or archived
    void runChanged(retort::RowId run);
    void seriesChanged(retort::RowId run);
    void tracesChanged(retort::RowId run);
    void evaluationsChanged(retort::RowId run);
    /// Something that the user should read; shown in place by the window.
    void failed(const QString& message);

  private:
    using Deliver = std::function<void()>;
    void readErased(QObject* context, std::function<Deliver(StoreReader&)> job);

    std::unique_ptr<StoreWriter> m_writer;
    std::vector<std::unique_ptr<Backend>> m_backends;
    QThreadPool m_pool;
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace retort
