// Has checkpoints answer, one after the other, in a thread of its own.
#pragma once

#include <QObject>
#include <thread>

#include "views/compare/answer_service.h"

namespace retort {

/// What came of one checkpoint.
struct AnswerOutcome {
    std::vector<GeneratedAnswer> answers;
    QString error;       ///< why there are none
    double seconds = 0;  ///< with reading the model
};

class AnswerSession : public QObject {
    Q_OBJECT
  public:
    explicit AnswerSession(QObject* parent = nullptr);
    /// Waits until what runs has seen that it is to stop.
    ~AnswerSession() override;

    void setService(AnswerService service);
    bool hasService() const { return bool(m_service); }

    /// Instead of what runs. Places in the signals are those in `requests`.
    void start(std::vector<AnswerRequest> requests);
    /// Nothing is told of it any more.
    void cancel();
    bool isBusy() const { return m_busy; }

  Q_SIGNALS:
    void began(int place);
    void answered(int place, const retort::AnswerOutcome& outcome);
    void ended();

  private:
    AnswerService m_service;
    quint64 m_job = 0;
    bool m_busy = false;
    std::jthread m_thread;  // last: joined before what it uses is gone
};

}  // namespace retort
