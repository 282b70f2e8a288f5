// The user's own keys for commands, kept in the session's file; whoever has chosen none has the default ones.
#pragma once

#include <QAction>
#include <QKeySequence>
#include <vector>

namespace retort {

class Session;

class KeyBindings {
  public:
    explicit KeyBindings(Session& session) : m_session(session) {}

    /// Gives each command the keys that were chosen for it.
    void apply(const std::vector<QAction*>& commands) const;
    /// An empty sequence: no keys.
    void set(QAction* command, const QKeySequence& keys);
    void reset(QAction* command);

    /// Commands that would answer to these keys in a place where `command` does, too.
    static std::vector<QAction*> conflicts(const QAction* command, const QKeySequence& keys,
                                           const std::vector<QAction*>& commands);
    /// Keys that belong to the platform or to every text field: nothing, or why not.
    static QString refusal(const QKeySequence& keys);

  private:
    Session& m_session;
};

}  // namespace retort
