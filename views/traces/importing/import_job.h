// Takes files of traces into the store, off the GUI thread, with progress and an end at any time.
#pragma once

#include <QObject>
#include <QString>
#include <QTimer>
#include <memory>
#include <vector>

#include "core/store/rows.h"
#include "core/trace_formats/import_run.h"

namespace retort {

class Lab;

class ImportJob : public QObject {
    Q_OBJECT
  public:
    ImportJob(Lab& lab, QObject* parent);
    ~ImportJob() override;

    /// `settings` without what is known and where runs lie. One at a time.
    void start(TraceRunSettings settings);
    /// Nothing is kept of what was read; ended() follows.
    void cancel();
    bool isRunning() const { return m_shared != nullptr; }

  Q_SIGNALS:
    /// Ten times a second: of the file that is read now.
    void progressed(const QString& file, double share, qint64 traces);
    /// `run` is 0 when nothing was new, and when `error` says why there is none (empty after cancel()).
    void ended(retort::RowId run, const std::vector<retort::ImportedFile>& files, const QString& error);

  private:
    struct Shared;
    struct Outcome {
        RowId run = 0;
        std::vector<ImportedFile> files;
        QString error;
    };
    static Outcome work(Lab& lab, TraceRunSettings settings, const std::shared_ptr<Shared>& shared);
    void tell();

    Lab& m_lab;
    std::shared_ptr<Shared> m_shared;  ///< with the thread that works; null: idle
    QTimer m_timer;
};

}  // namespace retort
