// Builds retort-cli on machines from its source, and shows how far the current one's build is.
#pragma once

#include <QHash>
#include <QThreadPool>
#include <QWidget>
#include <atomic>
#include <memory>

#include "core/machines/machine.h"
#include "training/backends/remote/build_texts.h"

class QLabel;
class QPlainTextEdit;
class QProgressBar;
class QPushButton;

namespace retort {

class BuildPanel : public QWidget {
    Q_OBJECT
  public:
    explicit BuildPanel(QWidget* parent);
    /// Nobody looks any more; the builds go on there.
    ~BuildPanel() override;

    /// Whose build is shown; those of others go on. `isWanted`: what is there does not do, so building is
    /// offered.
    void setMachine(const Machine& machine, bool isWanted);
    void start();
    /// Ends the current machine's build, there too.
    void stop();
    bool isBusy() const;
    QPushButton* button() const { return m_button; }
    QLabel* state() const { return m_state; }
    QPlainTextEdit* words() const { return m_words; }

  Q_SIGNALS:
    void built(const QString& machine);

  private:
    struct Build {
        bool isBusy = false;
        BuildProgress progress;
        QString state;    ///< in a line
        QString problem;  ///< what CMake or the compiler said, or why there is no build
        std::shared_ptr<std::atomic<bool>> leave, end;
    };
    void say(const QString& machine, const QString& text);
    void show(const QString& machine, const BuildProgress& progress);
    void finish(const QString& machine, const QString& problem);
    void showState();

    Machine m_machine;
    bool m_isWanted = false;
    QHash<QString, Build> m_builds;  ///< by the machine's name
    QPushButton* m_button;
    QProgressBar* m_bar;
    QLabel* m_state;
    QPlainTextEdit* m_words;
    QThreadPool m_threads;  // last: joined before anything above is gone
};

}  // namespace retort
