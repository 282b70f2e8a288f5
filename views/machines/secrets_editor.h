// The names of a machine's secrets, and new values for them; what is kept stays in the system's keychain and
// is never shown.
#pragma once

#include <QThreadPool>
#include <QWidget>
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "training/backends/remote/secrets.h"

class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;

namespace retort {

class Lab;

class SecretsEditor : public QWidget {
    Q_OBJECT
  public:
    /// `machine`: empty for one that is new.
    SecretsEditor(Lab& lab, const std::string& machine, QWidget* parent);
    ~SecretsEditor() override;

    /// Puts what was changed into the keychain and the store, under this name; done() follows.
    void save(const std::string& machine);
    QLineEdit* name() const { return m_name; }
    QLineEdit* value() const { return m_value; }
    QPushButton* setButton() const { return m_set; }
    QPushButton* removeButton() const { return m_remove; }
    QListWidget* list() const { return m_list; }
    QLabel* note() const { return m_note; }

  Q_SIGNALS:
    /// `problem` is empty when all is kept.
    void done(const QString& problem);

  private:
    void ask();
    void setOne();
    void removeOne();
    void showNames();
    void showState();

    Lab& m_lab;
    std::vector<std::string> m_before, m_names;  ///< in the store; as they shall be
    Secrets m_changed;                           ///< until they are saved
    std::optional<QString> m_trouble;            ///< why there is no keychain; nothing: it was asked just now
    std::shared_ptr<std::atomic<bool>> m_isOver = std::make_shared<std::atomic<bool>>(false);
    QListWidget* m_list;
    QLineEdit *m_name, *m_value;
    QPushButton *m_set, *m_remove;
    QLabel* m_note;
    QThreadPool m_thread;  // last: joined before anything above is gone
};

}  // namespace retort
